"""``backup``, ``restore`` and ``sweep``."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.backup.restore import put_back, refuse_unless_empty
from app.backup.rules import HIGHEST_TOLD, Manifest, parse_highest, series_to_ask
from app.backup.take import take_backup
from app.backup.verify import check_backup, find_backup
from app.cli.work import Refused, opened, progress
from app.files.sweeping import sweep_store
from app.platform.clock import today
from app.platform.settings import Settings
from app.platform.storage import Busy

_PLANNED_AHEAD = timedelta(days=92)


def backup(
    folder: Annotated[Path, typer.Argument(help="Where the backup gets a dated folder of its own.")],
) -> None:
    """Copy the whole installation while it serves: the database, then the files. Checked by samstyr restore."""
    settings = Settings()
    with opened(settings) as (database, store):
        place, manifest = take_backup(
            database, store, settings.data_dir, folder, postgres_bin=settings.postgres_bin, progress=progress
        )
    rows = sum(manifest.counts.values())
    typer.echo(
        f"{place}: {rows} rows, {len(manifest.files)} files, entries of the record up to {manifest.record_seq}."
    )
    if manifest.damaged:
        raise Refused(
            f"The backup is kept, but {len(manifest.damaged)} stored files are missing or not what they were, such as "
            f"{manifest.damaged[0]}. Put them back from an earlier backup: files/{manifest.damaged[0][:2]}/…"
        )


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup, or the folder of several: the newest.")],
    highest: Annotated[
        list[str] | None,
        typer.Option(
            "--highest",
            metavar="SERIES=NUMBER",
            help="The highest number that people have been told, such as skate:2026=21. May be repeated.",
        ),
    ] = None,
    numbers_as_stored: Annotated[
        bool,
        typer.Option(
            "--numbers-as-stored", help="Ask for no other numbers: none was given after the backup was taken."
        ),
    ] = False,
) -> None:
    """Put a backup back into an empty data folder, and an empty database. Everything is checked first."""
    settings = Settings()
    place, manifest = find_backup(folder)
    refuse_unless_empty(settings, manifest)
    told = parse_highest(highest or [], manifest)
    progress("checking the backup")
    check_backup(place, manifest)
    typer.echo(f"{place} was taken {manifest.moment:%Y-%m-%d %H:%M} UTC; what was done later is not in it.")
    if not numbers_as_stored:
        told |= _ask(manifest, told)
    restored = put_back(place, manifest, settings, told, progress=progress)
    for series, (before, after) in restored.raised.items():
        typer.echo(f"{series} goes on after {after}; the backup had {before}.")
    if restored.was_migrated:
        typer.echo("The database was of an older version and has been brought to this one.")
    if manifest.damaged:
        typer.echo(
            f"{len(manifest.damaged)} files were missing or damaged when the backup was taken.", err=True
        )
    rows = sum(manifest.counts.values())
    typer.echo(
        f"Restored: {rows} rows, {len(manifest.files)} files; everybody signs in anew. Run: samstyr serve"
    )


def _ask(manifest: Manifest, told: dict[str, int]) -> dict[str, int]:
    """Ask for the highest number of each series from which some may have been given since the backup."""
    answers = {}
    # Meetings of the coming months are planned already, and their cases numbered in the year of the meeting.
    for series in series_to_ask(manifest, (today() + _PLANNED_AHEAD).year):
        if series.name in told:
            continue
        where = f"{series.forum} {series.prefix}".strip() + (
            f" has announced for {series.period}" if series.period else " has announced"
        )
        while True:
            answer = typer.prompt(f"The highest number that {where}", default=series.last, type=int)
            if series.last <= answer <= HIGHEST_TOLD:
                break
            if answer > HIGHEST_TOLD:
                typer.echo(f"No case has a number above {HIGHEST_TOLD}. Say the number alone.", err=True)
                continue
            typer.echo(
                f"{series.last} has been given already. Say {series.last} or a higher number.", err=True
            )
        answers[series.name] = answer
    return answers


def sweep() -> None:
    """Remove temporary files that nobody writes any more, and stored files that nothing has named for days."""
    settings = Settings()
    with opened(settings) as (database, store):
        try:
            swept = sweep_store(database, store, orphan_days=settings.orphan_days)
        except Busy:
            raise Refused("A backup is being taken. Sweep when it is done.") from None
    typer.echo(f"Removed {swept.temporary} temporary files and {swept.orphans} files that nothing names.")
