"""A database whose every change can be taken back, and a fingerprint of all that it holds."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, event, inspect, select
from sqlalchemy.orm import sessionmaker

from app.platform.db import _READ_ONLY, Base, Database

_NO_WRITE = ("SELECT", "PRAGMA", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
NOT_CONTENT: dict[str, frozenset[str]] = {
    "login_attempt": frozenset({"*"}),  # a refused try to sign in is written down, as it must be
    "user_session": frozenset({"last_seen_at"}),  # so is the hour when somebody was last seen
}
RECORD = {name: frozenset({"*"}) for name in ("audit_event", "audit_text", "audit_head")}
"""Left out where a refusal shows what is exempt to somebody who may read it: that reading is written down."""


class OneConnection(Database):
    """Everything runs on one connection inside one transaction that is never committed.

    The application's own transactions become savepoints of it: what they commit is seen by the next, and is gone after
    ``take_back``. ``has_written`` says whether anything was kept since then, so that most requests need no fingerprint.
    """

    def __init__(self, database: Database) -> None:
        self.is_sqlite = database.is_sqlite
        self.engine = database.engine
        self.begin_again()

    def begin_again(self) -> None:
        """Open the connection, at first and after ``dispose``."""
        self.connection: Connection = self.engine.connect()
        self._outer = self.connection.begin()
        kept: dict[str, Any] = {"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
        self._write = sessionmaker(self.connection, **kept)
        self._read = sessionmaker(self.connection, info={_READ_ONLY: True}, **kept)
        self._written: list[bool] = [False]
        event.listen(self.connection, "before_cursor_execute", self._note)
        event.listen(self.connection, "savepoint", self._open)
        event.listen(self.connection, "release_savepoint", self._keep)
        event.listen(self.connection, "rollback_savepoint", self._drop)

    @property
    def has_written(self) -> bool:
        """Whether a statement other than a question was sent and not rolled back."""
        return any(self._written)

    def take_back(self) -> None:
        """Undo everything since the beginning."""
        if self.has_written:
            self._outer.rollback()
            self._outer = self.connection.begin()
        self._written = [False]

    def dispose(self) -> None:
        """Give the connection back; nothing is left of what was done on it."""
        self._outer.rollback()
        self.connection.close()

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(_NO_WRITE):
            self._written[-1] = True

    def _open(self, *_values: Any) -> None:
        self._written.append(False)

    def _keep(self, *_values: Any) -> None:
        written = self._written.pop()
        self._written[-1] = self._written[-1] or written

    def _drop(self, *_values: Any) -> None:
        self._written.pop()


def fingerprint(connection: Connection, *, without: dict[str, frozenset[str]] | None = None) -> str:
    """A hash over every row of every table there is, known to the models or not."""
    left_out = NOT_CONTENT if without is None else without
    digest = hashlib.sha256()
    for name in sorted(inspect(connection).get_table_names()):
        if "*" in left_out.get(name, ()):
            continue
        rows = sorted(_rows(connection, name, left_out.get(name, frozenset())))
        digest.update(repr((name, rows)).encode())
    return digest.hexdigest()


def _rows(connection: Connection, name: str, without: frozenset[str]) -> list[str]:
    known: Table | None = Base.metadata.tables.get(name)
    if known is None:
        return [repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]  # noqa: S608
    columns = [column for column in known.columns if column.name not in without]
    return [repr(tuple(row)) for row in connection.execute(select(*columns))]


def stored_files(folder: Path) -> list[str]:
    """The names of everything in a data folder's store, and what lies about beside it."""
    return sorted(
        str(path.relative_to(folder))
        for place in ("files", "tmp")
        for path in (folder / place).rglob("*")
        if path.is_file()
    )
