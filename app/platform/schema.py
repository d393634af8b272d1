"""The schema of the database: bringing it up to the newest migration, and asking whether it is there."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.platform.db import Database
from app.platform.resources import resource_dir

_MIGRATING = 0x5A3571  # any number that nothing else in the database locks


def alembic_config() -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(resource_dir("migrations")))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def rebuilding(database: Database) -> Iterator[Connection]:
    """A connection on which tables may be rebuilt.

    SQLite rebuilds a table by copying it and dropping the old one. With foreign keys on, the drop deletes the rows of
    other tables that point at it, without a word. So they are off on this connection, which is thrown away afterwards;
    the migrations check every reference before each commit.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            # A limit for pages is none for a migration, which may have to rewrite a large table.
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            connection.commit()
            try:
                yield connection
            finally:
                connection.invalidate()
            return
        connection.exec_driver_sql("COMMIT")  # a pragma is ignored inside a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.commit()
        try:
            yield connection
        finally:
            connection.invalidate()


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Wait until no other process migrates this database. Two that read the same revision would both take the next step."""
    if database.is_sqlite:
        # Beside the database: to open and close the file itself would drop the locks that SQLite holds on it.
        with Path(f"{database.engine.url.database}-migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SET lock_timeout = 0")
        connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_MIGRATING})")
        try:
            yield
        finally:
            connection.invalidate()  # the lock ends with the connection


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision, or down to ``base`` or by ``-1``, each step in a transaction of its own.

    Processes that do it at the same time wait for one another.
    """
    config = alembic_config()
    with _alone(database), rebuilding(database) as connection:
        config.attributes["connection"] = connection
        if revision == "base" or revision.startswith("-"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def at_head(connection: Connection) -> bool:
    """Whether the schema is the one that this code was written for."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def current_revision(connection: Connection) -> str:
    """The migration that the database is at; empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def knows_revision(revision: str) -> bool:
    """Whether this version of the code can bring a database from there to its own."""
    return any(
        each.revision == revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    )
