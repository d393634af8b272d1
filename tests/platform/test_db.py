"""Promises of the database module that a user's work depends on."""

import os
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from app.directory.models import Person
from app.platform.db import Base, Database
from app.platform.schema import at_head


def test_what_is_written_is_there_for_the_next_reader(database: Database) -> None:
    with database.writing() as db:
        db.add(Person(name="Kari\x00 Nordmann\ud800", sort_key="kari"))
    with database.reading() as db:
        assert db.scalars(select(Person.name)).all() == ["Kari Nordmann"]


def _write_and_fail(database: Database) -> None:
    with database.writing() as db:
        db.add(Person(name="Kari", sort_key="kari"))
        db.flush()
        raise ZeroDivisionError


def test_a_failed_block_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(database)
    with database.reading() as db:
        assert db.scalars(select(Person.name)).all() == []


def test_a_reading_session_refuses_to_write(database: Database) -> None:
    with database.reading() as db:
        db.add(Person(id=uuid4(), name="Kari", sort_key="kari"))
        with pytest.raises(RuntimeError):
            db.flush()


def test_the_migrations_and_the_models_say_the_same(database: Database) -> None:
    with database.engine.connect() as connection:
        assert at_head(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_connection_from_before_a_fork_is_refused(database: Database) -> None:
    with database.reading() as db:
        db.execute(select(Person.id))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the child
        try:
            with database.reading() as db:
                db.execute(select(Person.id))
            os.write(writer, b"used")
        except RuntimeError:
            os.write(writer, b"refused")
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    assert os.read(reader, 10) == b"refused"
    os.close(reader)
