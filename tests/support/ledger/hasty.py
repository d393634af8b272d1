"""A Samstyr with a fault: it answers before it commits. For showing that the ledger test would see it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.main import served as properly_served
from app.platform.db import Database

_LATE = 0.5  # seconds


@contextmanager
def _writing(self: Database) -> Iterator[Session]:
    session = self._write()
    try:
        yield session
    except BaseException:
        session.close()
        raise
    session.flush()
    threading.Timer(_LATE, lambda: (session.commit(), session.close())).start()


def served() -> FastAPI:
    """The application with its fault."""
    Database.writing = _writing  # type: ignore[method-assign]  that is the fault
    return properly_served()
