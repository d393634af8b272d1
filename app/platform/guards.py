"""Guards: triggers that refuse what no command of ours ever does, in both databases.

A fault in a program, or somebody at a database prompt, must not be able to rewrite what stands. Each feature names its
guards beside its tables; they are made at the end of every migration and looked for at every start. Migrations run
without them: SQLite loses the triggers of a table that it rebuilds, and refuses to rename one that others speak of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, inspect

from app.platform.db import Database
from app.platform.logs import log

Event = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]
PREFIX: Final = "guard_"
_ROW_BEFORE: Final = 1 | 2  # the bits of pg_trigger.tgtype
_EVENT_BITS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing that is refused.

    ``says`` is the error. ``columns`` holds an update to these columns: it is refused only when one of them changes.
    ``when`` is a further condition on OLD and NEW, in SQL that both databases read. SQLite has no TRUNCATE to refuse.
    """

    name: str
    table: str
    event: Event
    says: str
    columns: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How the guards stand in a database, by name."""

    missing: tuple[str, ...]
    altered: tuple[str, ...]


_guards: dict[str, Guard] = {}


def register(*guards: Guard) -> None:
    """Add guards to the one list. Names must be new."""
    for guard in guards:
        if guard.name in _guards:
            raise ValueError(f"there is a guard {guard.name} already")
        _guards[guard.name] = guard


def guard_names(*, is_sqlite: bool) -> tuple[str, ...]:
    """Every guard that a database of the kind must have."""
    return tuple(name for name, guard in _guards.items() if not (is_sqlite and guard.event == "TRUNCATE"))


def look_at_guards(connection: Connection) -> Found:
    """Compare the triggers of the database with the list."""
    is_sqlite = connection.dialect.name == "sqlite"
    present = _sqlite_state(connection) if is_sqlite else _postgres_state(connection)
    wanted = {name: _guards[name] for name in guard_names(is_sqlite=is_sqlite)}
    missing = tuple(name for name in wanted if name not in present)
    altered = tuple(
        name
        for name, guard in wanted.items()
        if name in present
        and present[name] != (_sqlite_ddl(guard) if is_sqlite else _postgres_expected(guard))
    )
    return Found(missing, altered)


def missing_triggers(connection: Connection) -> list[str]:
    """The names of the guards that are not there, or not as they should be."""
    found = look_at_guards(connection)
    return [*found.missing, *found.altered]


def put_back_guards(connection: Connection) -> Found:
    """Make the guards that are missing and make anew those that were altered. Tells which they were.

    A table that has no migration yet, because somebody is about to write it, is passed by.
    """
    tables = set(inspect(connection).get_table_names())
    found = look_at_guards(connection)
    missing = tuple(name for name in found.missing if _guards[name].table in tables)
    _drop(connection, found.altered)
    _create(connection, (*missing, *found.altered))
    return Found(missing, found.altered)


def mend_guards(database: Database) -> tuple[str, ...]:
    """Make the guards that are missing, as at every start. An altered one is left for people to look at, and named."""
    with database.reading() as db:
        found = look_at_guards(db.connection())
    if found.missing:
        log.warning("guards_were_missing", guards=list(found.missing))
        with database.writing() as db:
            _create(db.connection(), look_at_guards(db.connection()).missing)
    return found.altered


def drop_guards(connection: Connection) -> None:
    """Take every guard away, also those of another version, so that tables may be rebuilt."""
    is_sqlite = connection.dialect.name == "sqlite"
    _drop(connection, _sqlite_state(connection) if is_sqlite else _postgres_tables(connection))


def _create(connection: Connection, names: Iterable[str]) -> None:
    for name in names:
        guard = _guards[name]
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_sqlite_ddl(guard))
            continue
        each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $guard${_postgres_body(guard)}$guard$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH {each} EXECUTE FUNCTION {name}()"
        )


def _drop(connection: Connection, names: Iterable[str]) -> None:
    if connection.dialect.name == "sqlite":
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    tables = _postgres_tables(connection)
    for name in names:
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {tables[name]}")
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")


def _condition(guard: Guard, *, is_sqlite: bool) -> str:
    """When to refuse; empty for always."""
    if is_sqlite:
        changed = [f"OLD.{column} IS NOT NEW.{column}" for column in guard.columns]
    else:
        # As text: PostgreSQL cannot compare two JSON values.
        changed = [f"OLD.{column}::text IS DISTINCT FROM NEW.{column}::text" for column in guard.columns]
    wanted = [f"({' OR '.join(changed)})"] if changed else []
    if guard.when:
        wanted.append(f"({guard.when})")
    return " AND ".join(wanted)


def _sqlite_ddl(guard: Guard) -> str:
    condition = _condition(guard, is_sqlite=True)
    when = f" WHEN {condition}" if condition else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{when} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.says}'); END"
    )


def _postgres_body(guard: Guard) -> str:
    refuse = f"RAISE EXCEPTION '{guard.says}' USING ERRCODE = 'integrity_constraint_violation';"
    condition = _condition(guard, is_sqlite=False)
    if not condition:
        return f"BEGIN {refuse} END"
    going_on = "OLD" if guard.event == "DELETE" else "NEW"
    return f"BEGIN IF {condition} THEN {refuse} END IF; RETURN {going_on}; END"


def _postgres_expected(guard: Guard) -> tuple[str, str, int, str, bool]:
    kind = (2 if guard.event == "TRUNCATE" else _ROW_BEFORE) | _EVENT_BITS[guard.event]
    return (guard.table, _postgres_body(guard), kind, "O", True)


def _sqlite_state(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: sql for name, sql in rows if name.startswith(PREFIX)}


def _postgres_state(connection: Connection) -> dict[str, tuple[str, str, int, str, bool]]:
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, c.relname, p.prosrc, t.tgtype::int, t.tgenabled::text, "
        "t.tgqual IS NULL AND t.tgattr::text = '' "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    return {
        name: (table, body, kind, on, plain)
        for name, table, body, kind, on, plain in rows
        if name.startswith(PREFIX)
    }


def _postgres_tables(connection: Connection) -> dict[str, str]:
    return {name: state[0] for name, state in _postgres_state(connection).items()}
