"""The command tree and its one way of refusing."""

import errno
import io
import os
import sqlite3
import sys

import typer
from alembic.util import CommandError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError
from typer.exceptions import TyperException

from app.backup.rules import BackupRefused
from app.cli import backups, benchmarks, erasing, forums, jobs, papers, record, serving, users
from app.cli.work import Refused
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.kernel.language import Language
from app.web.shared.reasons import reason_messages

cli = typer.Typer(
    name="samstyr",
    help="Meetings and cases for the bodies that steer digitalisation across the public sector.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command("demo")(serving.demo)
cli.command("serve")(serving.serve)
cli.command("migrate")(serving.migrate)
cli.command("verify")(record.verify)
cli.command("checkpoint")(record.checkpoint)
cli.add_typer(erasing.cli, name="audit", help="The record of who did what.")
cli.add_typer(users.cli, name="user", help="People who sign in.")
cli.add_typer(forums.cli, name="forum", help="Forums.")
cli.add_typer(papers.import_cli, name="import", help="Read finished papers in.")
cli.add_typer(papers.export_cli, name="export", help="Write papers out.")
cli.add_typer(papers.template_cli, name="template", help="Word templates.")
cli.command("backup")(backups.backup)
cli.command("restore")(backups.restore)
cli.command("sweep")(backups.sweep)
cli.command("worker")(jobs.worker)
cli.command("jobs")(jobs.jobs)
cli.command("bench")(benchmarks.bench)


def main() -> None:
    """Run a command and turn every refusal into one line and exit code 2."""
    if sys.stdin is None:  # closed by whoever started us: the same as nothing to read
        sys.stdin = io.StringIO()
    try:
        # What a command returns is its exit code: None for one that did its work, 0 after --help.
        raise SystemExit(cli(standalone_mode=False) or 0)
    except TyperException as misused:
        # Errors in the words typed know more than their bare message: which option, and what it may be.
        explained = getattr(misused, "format_message", None)
        _refuse(explained() if explained else str(misused))
    except typer.Exit as left:
        raise SystemExit(left.exit_code) from None
    except (typer.Abort, KeyboardInterrupt):
        _refuse("Stopped. Nothing was stored.")
    except (
        Refused,
        BackupRefused,
        NotFound,
        NotAllowed,
        RuleBroken,
        Conflict,
        ValidationError,
        SettingsError,
        CommandError,
    ) as error:
        _refuse(_in_words(error))
    except DBAPIError as error:
        _refuse(_of_database(error.orig))
    except sqlite3.Error as error:  # from what is done below SQLAlchemy, such as copying the file
        _refuse(_of_database(error))
    except BrokenPipeError:
        # Whoever read our output has stopped reading. Nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        room = " Make room, and run it again." if error.errno == errno.ENOSPC else ""
        _refuse(f"{error.strerror or error}: {error.filename or 'a file'}.{room}")


def _of_database(error: BaseException | None) -> str:
    first = next(iter(str(error).splitlines()), "no reason given")
    room = " Make room, and run it again." if "disk is full" in first else ""
    return f"The database refused: {first.rstrip('.')}.{room}"


def _in_words(error: Exception) -> str:
    if isinstance(error, RuleBroken):
        return " ".join(reason_messages(Language.EN, error.reasons))
    if isinstance(error, NotFound):
        return "Nothing was found: there is no such forum, or it has no case with that number."
    if isinstance(error, CommandError):
        return f"The database cannot be brought to this version. Was it made by a newer Samstyr? {error}."
    if isinstance(error, SettingsError):
        return f"The settings cannot be read: {error}. Is one of them to be written as SAMSTYR_OIDC__NAME__ISSUER?"
    if isinstance(error, NotAllowed):
        return f"Not allowed: {error.permission}."
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{_setting(first['loc'])} is not usable: {first['msg'].removeprefix('Value error, ')}."
    return str(error)


def _setting(place: tuple[int | str, ...]) -> str:
    # What concerns several settings has no place, and its message names them.
    return f"The setting SAMSTYR_{'__'.join(map(str, place)).upper()}" if place else "A setting"


def _refuse(message: str) -> None:
    typer.echo(message, err=True)
    raise SystemExit(2)
