"""``verify`` and ``checkpoint``: whether the record is whole."""

from pathlib import Path
from typing import Annotated

import typer

import app.records  # noqa: F401  the guards of every feature
from app.audit.checkpoint import NoCheckpoint, open_signer, read_checkpoints
from app.audit.queries.chain import head_of
from app.audit.verify import Fault, Held, first_difference, first_fault
from app.cli.work import Refused, opened, progress, read_text
from app.files.verify import file_faults
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.guards import look_at_guards
from app.platform.settings import Settings
from app.platform.storage import FileStore


def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A file of lines that samstyr checkpoint printed. May be given several times."),
    ] = None,
    public_key: Annotated[
        str,
        typer.Option(
            help="The key the lines were signed with, as you kept it; else that of the data folder."
        ),
    ] = "",
    files: Annotated[bool, typer.Option("--files", help="Read every stored file too.")] = False,
) -> None:
    """Check that the record is whole. Exit code 2 names the first entry that is wrong."""
    settings = Settings()
    with opened(settings) as (database, store):
        kept = _kept(settings, checkpoint or [], public_key)
        with database.snapshot() as db:  # people go on working meanwhile
            progress("the record")
            fault = first_fault(db) or first_difference(db, kept)
            last = head_of(db)
            if fault is not None:
                raise Refused(_in_words(fault))
        _check_guards(database)
        if files:
            progress("the files")
            _check_files(database, store)
    said = [f"The record is whole: {last[0] if last else 0} entries."]
    if kept:
        said.append(f"It agrees with {len(kept)} {'checkpoint' if len(kept) == 1 else 'checkpoints'}.")
    else:
        said.append("Without a checkpoint, a record that was cut off or made anew looks whole too.")
    if files:
        said.append("Every file is as it was stored.")
    typer.echo(" ".join(said))


def checkpoint(
    public_key: Annotated[
        bool, typer.Option("--public-key", help="Print the public key instead, to keep with the lines.")
    ] = False,
) -> None:
    """Print one signed line: the place and hash of the last entry, and the time. Keep it outside this machine."""
    settings = Settings()
    with opened(settings) as (database, _store):
        try:
            signer = open_signer(settings.data_dir)
        except NoCheckpoint as error:
            raise Refused(str(error)) from None
        if public_key:
            typer.echo(signer.public_text)
            return
        with database.snapshot() as db:
            # Only a record that is whole may be vouched for.
            if fault := first_fault(db):
                raise Refused(_in_words(fault))
            seq, last_hash = head_of(db) or (0, "")
        typer.echo(signer.sign(seq, last_hash, utc_now()))


def _kept(settings: Settings, paths: list[Path], public_key: str) -> list[Held]:
    kept = []
    for path in paths:
        text = read_text(path)
        try:
            kept += read_checkpoints(text, public_key or open_signer(settings.data_dir).public_text)
        except NoCheckpoint as error:
            raise Refused(f"{path}: {error}") from None
    return kept


def _in_words(fault: Fault) -> str:
    return f"The record is not whole. Entry {fault.seq} {fault.what}."


def _check_guards(database: Database) -> None:
    with database.reading() as db:
        found = look_at_guards(db.connection())
    if found.missing or found.altered:
        names = ", ".join((*found.missing, *found.altered))
        raise Refused(
            f"The record is whole, but the database no longer refuses to change it: {names} missing or altered. "
            "Find out who did that, then run samstyr migrate, which puts them back."
        )


def _check_files(database: Database, store: FileStore) -> None:
    with database.reading() as db:
        faults = list(file_faults(db, store))
    if faults:
        more = f", and {len(faults) - 1} more are wrong" if len(faults) > 1 else ""
        raise Refused(f"The file {faults[0].sha256} {faults[0].what}{more}. Put it back from a backup.")
