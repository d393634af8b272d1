"""Every migration on a full database, down and up again: what the older schema can hold is all there, NULLs and all.

The steps come from the history of revisions, so a new migration is walked without a word here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from app.demo.load import load_demo
from app.platform.db import Database
from app.platform.schema import alembic_config, at_head, rebuilding
from app.platform.storage import FileStore
from tests.conftest import new_postgres_database

_TRIGGERS = {
    True: "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    False: "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


@dataclass(frozen=True)
class Held:
    """What stands in a database: the rows of each table by column, and everything that is built around them."""

    rows: dict[str, list[dict[str, Any]]]
    built: dict[str, Any]

    def columns(self, table: str) -> set[str]:
        """The names of a table's columns."""
        return set(self.built[f"columns of {table}"])


def _held(connection: Connection, *, is_sqlite: bool) -> Held:
    look = inspect(connection)
    rows, built = {}, {}
    for table in look.get_table_names():
        if table == "alembic_version":
            continue
        built[f"columns of {table}"] = {each["name"]: each["nullable"] for each in look.get_columns(table)}
        built[f"indexes of {table}"] = sorted(
            (str(each["name"]), tuple(map(str, each["column_names"])), each["unique"])
            for each in look.get_indexes(table)
        )
        built[f"unique in {table}"] = sorted(map(repr, look.get_unique_constraints(table)))
        built[f"checks of {table}"] = sorted(map(repr, look.get_check_constraints(table)))
        built[f"references of {table}"] = sorted(map(repr, look.get_foreign_keys(table)))
        found = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()  # noqa: S608
        rows[table] = [dict(row) for row in found]
    built["triggers"] = sorted(map(tuple, connection.exec_driver_sql(_TRIGGERS[is_sqlite])))
    return Held(rows, built)


def _sorted(rows: list[dict[str, Any]], columns: set[str]) -> list[str]:
    return sorted(repr([row[column] for column in sorted(columns)]) for row in rows)


_WRITTEN_OTHERWISE = {
    "c41f7e0a92d3": {("meeting", "state"): {"cancelled": "planned"}},
}
"""What an older schema, by its revision, has no word for, and the word that it is written with there."""


def _as_written(held: Held, revision: str) -> Held:
    rows = dict(held.rows)
    for (table, column), words in _WRITTEN_OTHERWISE.get(revision, {}).items():
        rows[table] = [row | {column: words.get(row[column], row[column])} for row in rows[table]]
    return Held(rows, held.built)


def _lost(before: Held, after: Held) -> list[str]:
    """The tables in which rows, or values that both schemas hold, are not the same."""
    lost = []
    for table in sorted(before.rows.keys() & after.rows.keys()):
        shared = before.columns(table) & after.columns(table)
        if _sorted(before.rows[table], shared) != _sorted(after.rows[table], shared):
            lost.append(f"{table}: {len(before.rows[table])} rows before, {len(after.rows[table])} after")
    return lost


class Walk:
    """A database with its schema at any revision."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def to(self, revision: str, *, up: bool) -> Held:
        """Go there, and look."""
        config = alembic_config()
        with rebuilding(self._database) as connection:
            config.attributes["connection"] = connection
            (command.upgrade if up else command.downgrade)(config, revision)
        return self.here()

    def here(self) -> Held:
        """What stands there now."""
        with self._database.engine.connect() as connection:
            return _held(connection, is_sqlite=self._database.is_sqlite)


@pytest.fixture(params=["sqlite", "postgres"])
def full(
    request: pytest.FixtureRequest, tmp_path: Path, worker_name: str, sqlite_original: Path
) -> Iterator[Database]:
    """The demo, loaded on a database of its own."""
    if request.param == "sqlite":
        database = request.getfixturevalue("sqlite_empty")
        load_demo(database, FileStore(tmp_path), progress=lambda _step: None)
        yield database
    else:
        with new_postgres_database(f"walk_{worker_name}") as database:
            load_demo(database, FileStore(tmp_path), progress=lambda _step: None)
            yield database


def test_every_step_down_and_up_again_keeps_what_the_older_schema_can_hold(full: Database) -> None:
    history = [each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    walk = Walk(full)
    newest = walk.here()
    before, faults = newest, []
    for older in history[1:]:  # down, from the newest
        after = walk.to(older, up=False)
        faults += [f"down to {older}: {each}" for each in _lost(_as_written(before, older), after)]
        before = after
    for newer in reversed(
        history[:-1]
    ):  # up again; each step twice, because what it adds must go away without a trace
        after = walk.to(newer, up=True)
        faults += [f"up to {newer}: {each}" for each in _lost(before, after)]
        again = walk.to("-1", up=False)
        faults += [f"up to {newer} and back: {each}" for each in _lost(before, again)]
        faults += [f"up to {newer} and back: {each} differ" for each in _differing(before, again)]
        before = walk.to(newer, up=True)
    # What only the newer schemas can hold went away on the way down; all that is built must be there again.
    faults += [f"at the end: {each} differ" for each in _differing(newest, before)]
    rows = sum(map(len, newest.rows.values()))
    triggers = len(newest.built["triggers"])
    print(f"migrations: {len(history)} walked with {rows} rows and {triggers} triggers, faults {len(faults)}")
    assert faults == [], "\n".join(faults)
    assert rows > 500
    with full.engine.connect() as connection:
        assert at_head(connection)


def _differing(one: Held, other: Held) -> list[str]:
    return sorted(
        what for what in one.built.keys() | other.built.keys() if one.built.get(what) != other.built.get(what)
    )


def test_a_step_that_loses_rows_is_seen(full: Database) -> None:
    """The twin: one row less, and one value turned into nothing."""
    before = Walk(full).here()
    with full.writing() as db:
        db.connection().exec_driver_sql("UPDATE forum SET default_place = '' WHERE key = 'skate'")
        db.connection().exec_driver_sql("DELETE FROM mandate")
    lost = _lost(before, Walk(full).here())
    assert [each.partition(":")[0] for each in lost] == ["forum", "mandate"]
