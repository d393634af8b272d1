"""Letting the database fail at a chosen moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.platform.db import Database

_STEERING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Broken(Exception):
    """A fault of ours, as unforeseen as they are."""


def gone() -> OperationalError:
    """What is raised when the database has gone away."""
    return OperationalError("the statement", {}, Exception("the connection was lost"))


@contextmanager
def breaking(database: Database, at: int, fault: Exception, *, for_good: bool) -> Iterator[list[str]]:
    """Let the statement with this number fail, and those after it when the database is gone ``for_good``."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(_STEERING):
            return
        sent.append(statement)
        if len(sent) == at or (for_good and len(sent) > at):
            raise fault

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
