"""Doing to a database what its guards refuse."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.orm import Session

from app.audit.models import ENTRIES, TEXTS
from app.audit.rules import START
from app.exemptions.models import LegalBasis
from app.platform.db import Base, Database
from app.platform.guards import drop_guards, put_back_guards

_BASES = Base.metadata.tables[LegalBasis.__tablename__]
Brought = Sequence[dict[str, Any]]


def brought_by_migrations(database: Database) -> Brought:
    """The rows that the migrations themselves write."""
    with database.reading() as db:
        return [row._asdict() for row in db.execute(_BASES.select())]


@contextmanager
def without_guards(db: Session) -> Iterator[None]:
    """Do what somebody can who owns the database; the guards are back afterwards, in the same transaction."""
    drop_guards(db.connection())
    yield
    db.flush()
    put_back_guards(db.connection())


def forget_acts(db: Session, *which: ColumnElement[bool]) -> None:
    """Take entries out of the record, without guards. ``which`` speaks of the columns of ``ENTRIES``."""
    gone = select(ENTRIES.c.seq).where(*which)
    db.execute(delete(TEXTS).where(TEXTS.c.seq.in_(gone)))
    db.execute(delete(ENTRIES).where(*which))


def empty(database: Database, brought: Brought) -> None:
    """Take every row out of a PostgreSQL database, and leave it as the migrations do."""
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with database.writing() as db:
        db.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger of ours runs
        db.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        db.execute(text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :start)"), {"start": START})
        db.execute(_BASES.insert(), brought)
