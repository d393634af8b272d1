"""What every command works with: settings, the database and the file store."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from app.access.actor import Actor
from app.backup.restore import is_interrupted
from app.platform.db import Database
from app.platform.schema import at_head
from app.platform.settings import Settings
from app.platform.storage import FileStore

OPERATOR = Actor.system("operator")
MAX_TEXT_FILE = 5 * 1024 * 1024  # bytes


class Refused(Exception):
    """The command will not do it; the message says why and what to do."""


@contextmanager
def opened(
    settings: Settings | None = None, *, migrated: bool = True
) -> Iterator[tuple[Database, FileStore]]:
    """The database and the file store of this installation, closed afterwards.

    :raise Refused: when the schema is not the one this version was written for, or a backup is half put back.
    """
    settings = settings or Settings()
    if is_interrupted(settings):
        raise Refused(
            "A backup is being put back here, or it was stopped. Run samstyr restore again, to its end."
        )
    database = Database(settings.resolved_database_url)
    if migrated:
        _require_there(database)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        if migrated:
            require_migrated(database)
        yield database, FileStore(settings.data_dir)
    finally:
        database.dispose()


def _require_there(database: Database) -> None:
    """Make no database by looking for one: a mistyped folder would seem to be an installation, and restore refuse it.

    :raise Refused: with the two commands that make one.
    """
    place = database.engine.url.database or ""
    if database.is_sqlite and not Path(place).exists():
        raise Refused(
            f"There is no database {place}. Is SAMSTYR_DATA_DIR right? For a new installation run: samstyr migrate. For "
            "one from a backup: samstyr restore"
        )


def require_migrated(database: Database) -> None:
    """Go on only with the newest schema.

    :raise Refused: with the command that brings it there.
    """
    with database.reading() as db:  # a command that only reads must not wait for those who write
        if not at_head(db.connection()):
            raise Refused("The database has not been brought to this version. Run: samstyr migrate")


def progress(step: str) -> None:
    """Say on a terminal what a long command is at. A script that reads our output is spared it."""
    if sys.stderr.isatty():
        typer.echo(f"  {step} …", err=True)


def read_text(path: Path) -> str:
    """A text file as text: UTF-8, or the Windows code page that older systems wrote.

    :raise Refused: when it is missing, too large or no text.
    """
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    if path.stat().st_size > MAX_TEXT_FILE:
        raise Refused(f"{path} is larger than {MAX_TEXT_FILE // 1024 // 1024} MB. Is it a text file?")
    data = path.read_bytes()
    if b"\0" in data:
        raise Refused(f"{path} is not a text file. Save the paper as plain text first.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
