"""Emptying a database whose guards refuse just that."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from app.audit.rules import START
from app.exemptions.models import LegalBasis
from app.platform.db import Base, Database

_BASES = Base.metadata.tables[LegalBasis.__tablename__]
Brought = Sequence[dict[str, Any]]


def brought_by_migrations(database: Database) -> Brought:
    """The rows that the migrations themselves write."""
    with database.reading() as db:
        return [row._asdict() for row in db.execute(_BASES.select())]


def empty(database: Database, brought: Brought) -> None:
    """Take every row out of a PostgreSQL database, and leave it as the migrations do."""
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with database.writing() as db:
        db.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger of ours runs
        db.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        db.execute(text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :start)"), {"start": START})
        db.execute(_BASES.insert(), brought)
