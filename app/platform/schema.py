"""The schema of the database: bringing it up to the newest migration, and asking whether it is there."""

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


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema to a revision, each step in a transaction of its own.

    SQLite rebuilds a table by copying it and dropping the old one. With foreign keys on, the drop deletes the rows of
    other tables that point at it, without a word. So they are off while migrating, and checked before each commit.
    """
    config = alembic_config()
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")  # a pragma is ignored inside a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.commit()
        try:
            config.attributes["connection"] = connection
            if revision == "head" or not revision.startswith(("-", "base")):
                command.upgrade(config, revision)
            else:
                command.downgrade(config, revision)
        finally:
            if database.is_sqlite:
                connection.invalidate()  # this connection has its foreign keys off; never use it again


def at_head(connection: Connection) -> bool:
    """Whether the schema is the one that this code was written for."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
