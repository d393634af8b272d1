"""``verify``, ``checkpoint`` and ``audit erase``: whether the record is whole, and what is taken out of it."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

import app.records  # noqa: F401  the guards of every feature
from app.audit.checkpoint import NoCheckpoint, open_signer, read_checkpoints
from app.audit.queries.chain import head_of
from app.audit.service.erase import Erased, erase_entry, erase_person
from app.audit.verify import Fault, Held, first_difference, first_fault
from app.cli.work import OPERATOR, Refused, opened, progress, read_text
from app.files.verify import file_faults
from app.forums.queries import memberships_of
from app.identity.queries import traces_of
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.guards import look_at_guards
from app.platform.settings import Settings
from app.platform.storage import FileStore

audit_cli = typer.Typer(no_args_is_help=True)


@audit_cli.callback()
def _group() -> None:
    """The record of who did what."""


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


@audit_cli.command("erase")
def erase(
    reason: Annotated[str, typer.Option(help="Why; written into the record, so name nobody in it.")],
    user: Annotated[str, typer.Option(help="Erase what the record says of this person, by e-mail.")] = "",
    event: Annotated[int, typer.Option(min=0, help="Erase the text of one entry, by its number.")] = 0,
    mentions: Annotated[
        bool,
        typer.Option("--mentions", help="With --user: also the text of other entries that name the person."),
    ] = False,
) -> None:
    """Erase names and texts from the record. The entries stay, and so does the proof that nobody changed them."""
    if bool(user) == bool(event):
        raise Refused("Give either --user or --event.")
    with opened() as (database, _store):
        with database.writing() as db:
            if user:
                erased = _erase_user(db, user, mentions=mentions, reason=reason)
            else:
                erased = erase_entry(db, OPERATOR, event, reason=reason)
        # Databases keep what was erased in free space until they are swept.
        database.sweep("audit_text")
    typer.echo(f"Erased: the name in {_entries(erased.names)}, the text of {_entries(erased.texts)}.")
    if erased.kept:
        typer.echo(
            f"Kept: {_entries(erased.kept)} whose text names the person: {', '.join(map(str, erased.kept))}. "
            "Erase them one by one with --event, or all with --mentions."
        )
    typer.echo("Backups that were taken earlier still hold the text.")


def _erase_user(db: Session, email: str, *, mentions: bool, reason: str) -> Erased:
    traces = traces_of(db, email)
    if traces is None:
        raise Refused(f"Nobody signs in as {email}.")
    subject_ids = set(traces.record_ids)
    if traces.person_id is not None:
        subject_ids |= {traces.person_id, *memberships_of(db, traces.person_id)}
    return erase_person(
        db,
        OPERATOR,
        user_id=traces.user_id,
        subject_ids=subject_ids,
        words=(traces.name, traces.email),
        mentions=mentions,
        reason=reason,
    )


def _entries(seqs: tuple[int, ...]) -> str:
    return "1 entry" if len(seqs) == 1 else f"{len(seqs)} entries"


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
