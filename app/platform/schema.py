"""The schema of the database: bringing it up to the newest migration, and asking whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.platform.db import Database
from app.platform.resources import resource_dir


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
            yield connection
            return
        connection.exec_driver_sql("COMMIT")  # a pragma is ignored inside a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.commit()
        try:
            yield connection
        finally:
            connection.invalidate()


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision, or down to ``base``, each step in a transaction of its own."""
    config = alembic_config()
    with rebuilding(database) as connection:
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def at_head(connection: Connection) -> bool:
    """Whether the schema is the one that this code was written for."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
