"""``audit erase``: taking names and texts out of the record, and out of what is kept beside it for a while."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.audit.service.erase import Erased, erase_entry, erase_person
from app.cases.queries.earlier import earlier_naming
from app.cases.service.earlier import KEEP as KEEP_EARLIER
from app.cases.service.earlier import empty_earlier
from app.cli.work import OPERATOR, Refused, opened
from app.forums.queries import memberships_of
from app.identity.queries import Traces, traces_of
from app.writing.queries import drafts_naming
from app.writing.rules import KEEP_DRAFTS

LAST_ENTRY = 2**63 - 1  # what a database can count to

cli = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside the record for a while and names the person: how much, and until when at the latest."""

    earlier: int
    earlier_until: datetime | None
    drafts: int
    drafts_until: datetime | None


@cli.callback()
def _group() -> None:
    """The record of who did what."""


@cli.command("erase")
def erase(
    reason: Annotated[str, typer.Option(help="Why; written into the record, so name nobody in it.")],
    user: Annotated[str, typer.Option(help="Erase what the record says of this person, by e-mail.")] = "",
    event: Annotated[
        int, typer.Option(min=0, max=LAST_ENTRY, help="Erase the text of one entry, by its number.")
    ] = 0,
    mentions: Annotated[
        bool,
        typer.Option(
            "--mentions",
            help="With --user: also the text of other entries, and earlier versions of texts, that name the person.",
        ),
    ] = False,
) -> None:
    """Erase names and texts from the record. The entries stay, and so does the proof that nobody changed them."""
    if bool(user) == bool(event):
        raise Refused("Give either --user or --event.")
    beside = None
    with opened() as (database, _store):
        with database.writing() as db:
            if user:
                traces = traces_of(db, user)
                if traces is None:
                    raise Refused(f"Nobody signs in as {user}.")
                erased = _erase_user(db, traces, mentions=mentions, reason=reason)
                beside = _beside(db, (traces.name, traces.email), empty=mentions)
            else:
                erased = erase_entry(db, OPERATOR, event, reason=reason)
        # Databases keep what was erased in free space until they are swept.
        has_emptied = beside is not None and mentions and beside.earlier
        database.sweep("audit_text", *(["earlier_text"] if has_emptied else []))
    typer.echo(f"Erased: the name in {_entries(erased.names)}, the text of {_entries(erased.texts)}.")
    if erased.kept:
        typer.echo(
            f"Kept: {_entries(erased.kept)} whose text names the person: {', '.join(map(str, erased.kept))}. "
            "Erase them one by one with --event, or all with --mentions."
        )
    if beside is not None:
        _tell(beside, emptied=mentions)
    typer.echo("Backups that were taken earlier still hold the text.")


def _erase_user(db: Session, traces: Traces, *, mentions: bool, reason: str) -> Erased:
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


def _beside(db: Session, words: Collection[str], *, empty: bool) -> Beside:
    """Look into earlier versions of texts and into drafts. The former may be emptied; a draft is somebody's unsaved work."""
    earlier = earlier_naming(db, words)
    drafts = drafts_naming(db, words)
    if empty:
        empty_earlier(db, earlier)
    return Beside(
        len(earlier),
        max(earlier.values()) + KEEP_EARLIER if earlier else None,
        len(drafts),
        max(drafts) + KEEP_DRAFTS if drafts else None,
    )


def _tell(beside: Beside, *, emptied: bool) -> None:
    if beside.earlier and emptied:
        typer.echo(f"Erased: {_earlier(beside.earlier)} of texts naming the person.")
    elif beside.earlier:
        typer.echo(
            f"Kept: {_earlier(beside.earlier)} of texts naming the person; the last of them goes by itself "
            f"on {beside.earlier_until:%Y-%m-%d}. --mentions erases them now."
        )
    if beside.drafts:
        typer.echo(
            f"Kept: {_drafts(beside.drafts)} naming the person: somebody's unsaved work, which goes when it "
            f"is saved, or by itself, the last on {beside.drafts_until:%Y-%m-%d} unless its writer goes on with it."
        )


def _entries(seqs: tuple[int, ...]) -> str:
    return "1 entry" if len(seqs) == 1 else f"{len(seqs)} entries"


def _earlier(count: int) -> str:
    return "1 earlier version" if count == 1 else f"{count} earlier versions"


def _drafts(count: int) -> str:
    return "1 draft" if count == 1 else f"{count} drafts"
