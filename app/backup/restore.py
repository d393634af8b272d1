"""Putting a backup back on an empty machine.

Everything is checked before anything is touched, and the numbers are asked for before that. The database gets its place
last: until then a folder ``restoring`` in the data folder keeps everybody else from using what is half there.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.backup import programs
from app.backup.copying import copied, synced
from app.backup.models import Restoration
from app.backup.queries import forum_of_key, table_names
from app.backup.rules import DUMPS, BackupRefused, Manifest, series_named
from app.backup.verify import faults_as_copied, faults_of_content
from app.forums.service.numbers import register_number
from app.identity.service.sessions import end_every_session
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.schema import current_revision, knows_revision, migrate
from app.platform.settings import Settings
from app.platform.storage import sync_folder

MARK = "restoring"
OPERATOR = Actor.system("operator")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done beyond copying."""

    was_migrated: bool
    raised: dict[str, tuple[int, int]]  # series: old and new last number


def is_interrupted(settings: Settings) -> bool:
    """Whether a backup is being put back here, or somebody was stopped while doing it."""
    if not (settings.data_dir / MARK).exists():
        return False
    database = Database(settings.resolved_database_url)
    return not (database.is_sqlite and _place(database).exists())  # that file gets its place last


def refuse_unless_empty(settings: Settings, manifest: Manifest) -> None:
    """A backup is put where nothing is.

    :raise BackupRefused: naming what is there, or when the backup is of another kind of database or a newer version.
    """
    if not knows_revision(manifest.revision):
        raise BackupRefused("The backup was made by a newer Samstyr. Restore it with that version.")
    database = Database(settings.resolved_database_url)
    try:
        kind = "sqlite" if database.is_sqlite else "postgresql"
        if kind != manifest.database:
            raise BackupRefused(
                f"The backup holds a {manifest.database} database; SAMSTYR_DATABASE_URL names another kind."
            )
        places = [settings.data_dir / name for name in ("files", *manifest.keys)]
        there = [place for place in places if place.exists()]
        if there and not is_interrupted(settings):
            raise BackupRefused(f"There is something in {there[0]} already. Restore into an empty folder.")
        if database.is_sqlite:
            if _place(database).exists():
                raise BackupRefused(
                    f"There is a database already: {_place(database)}. Restore into an empty folder."
                )
        else:
            with database.engine.connect() as connection:
                tables = table_names(connection)
            if tables:
                raise BackupRefused(
                    f"The database {database.engine.url.database} has {len(tables)} tables already, such as {tables[0]}. "
                    "Restore into an empty one."
                )
    finally:
        database.dispose()


def put_back(
    folder: Path,
    manifest: Manifest,
    settings: Settings,
    highest: Mapping[str, int],
    *,
    progress: Callable[[str], None],
) -> Restored:
    """Put a checked backup into an empty installation.

    :param highest: for a series by name, the highest number that people have been told; none up to it is given again.
    :raise BackupRefused: when what was put back is not what was copied; nothing is left then, except in a PostgreSQL
        database, which must be made anew.
    """
    mark = settings.data_dir / MARK
    if mark.exists():  # somebody was stopped, and what lies here is what they had put back
        shutil.rmtree(mark)
        shutil.rmtree(settings.data_dir / "files", ignore_errors=True)
        for name in manifest.keys:
            (settings.data_dir / name).unlink(missing_ok=True)
    mark.mkdir(parents=True)
    try:
        progress("the files")
        _copy_files(folder, manifest, mark / "files")
        _copy_keys(folder, manifest, mark / "keys")
        progress("the database")
        dump = folder / DUMPS[manifest.database]
        if manifest.database == "sqlite":
            return _put_back_sqlite(dump, manifest, settings, highest)
        return _put_back_postgres(dump, manifest, settings, highest)
    except BaseException:
        if not (mark / "used").exists():
            shutil.rmtree(mark, ignore_errors=True)
        raise


def _put_back_sqlite(
    dump: Path, manifest: Manifest, settings: Settings, highest: Mapping[str, int]
) -> Restored:
    place = _place(Database(settings.resolved_database_url))
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f"{place.name}-restoring")
    _remove_all(waiting)
    try:
        if copied(dump, waiting) != manifest.dump:
            raise BackupRefused(f"{dump} changed while it was copied.")
        database = Database(f"sqlite:///{waiting}")
        try:
            restored = _settle(database, manifest, highest)
        finally:
            database.dispose()  # the last connection writes the log into the file
        synced(waiting)
        _place_files(settings, manifest)
        waiting.rename(place)
        sync_folder(place.parent)
        (settings.data_dir / MARK).rmdir()
        return restored
    finally:
        _remove_all(waiting)


def _put_back_postgres(
    dump: Path, manifest: Manifest, settings: Settings, highest: Mapping[str, int]
) -> Restored:
    database = Database(settings.resolved_database_url)
    used = (
        settings.data_dir / MARK / "used"
    )  # from here on, a failure leaves a database that nobody may serve
    try:
        used.touch()
        try:
            programs.load(database, dump, folder=settings.postgres_bin)
        except BackupRefused:
            used.unlink()  # the whole or nothing: it is empty still
            raise
        try:
            restored = _settle(database, manifest, highest)
        except BackupRefused as refused:
            name = database.engine.url.database
            raise BackupRefused(
                f"{refused} Drop the database {name} and make it anew before you try again."
            ) from refused
    finally:
        database.dispose()
    _place_files(settings, manifest)
    used.unlink()
    (settings.data_dir / MARK).rmdir()
    return restored


def _place_files(settings: Settings, manifest: Manifest) -> None:
    mark = settings.data_dir / MARK
    (mark / "files").rename(settings.data_dir / "files")
    for name in manifest.keys:
        place = settings.data_dir / name
        place.parent.mkdir(mode=0o700, exist_ok=True)
        (mark / "keys" / name).rename(place)
        sync_folder(place.parent)
    shutil.rmtree(mark / "keys", ignore_errors=True)
    sync_folder(settings.data_dir)


def _remove_all(waiting: Path) -> None:
    for left in waiting.parent.glob(f"{waiting.name}*"):
        left.unlink()


def _place(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def _copy_files(folder: Path, manifest: Manifest, target: Path) -> None:
    target.mkdir()
    for sha256 in sorted(manifest.files):
        place = target / sha256[:2] / sha256
        place.parent.mkdir(exist_ok=True)
        found = copied(folder / "files" / sha256[:2] / sha256, place)
        if found != sha256 and sha256 not in manifest.damaged:
            raise BackupRefused(f"The file {sha256} changed while it was copied.")
        place.chmod(0o440)
    for each in target.iterdir():
        sync_folder(each)
    sync_folder(target)


def _copy_keys(folder: Path, manifest: Manifest, target: Path) -> None:
    for name, sha256 in manifest.keys.items():
        place = target / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if copied(folder / "keys" / name, place) != sha256:
            raise BackupRefused(f"The key {name} changed while it was copied.")
        place.chmod(0o600)


def _settle(database: Database, manifest: Manifest, highest: Mapping[str, int]) -> Restored:
    """Check the database that was put back, bring it to this version, raise the numbers, and write down that it was done."""
    with database.reading() as db:
        _refuse_faults(faults_as_copied(db, manifest))
        before = current_revision(db.connection())
    migrate(database)
    with database.reading() as db:
        _refuse_faults(faults_of_content(db, manifest))
    with database.writing() as db:
        raised = _raise_numbers(db, manifest, highest)
        ended = end_every_session(db)
        done = Restoration(backup_taken_at=manifest.moment, restored_at=utc_now())
        db.add(done)
        db.flush()
        changes = {name: change for name, change in raised.items() if change[0] != change[1]}
        record(
            db,
            OPERATOR,
            "installation.restored",
            done,
            name=f"{manifest.moment:%Y-%m-%d %H:%M}Z",
            changes={**changes, "sessions_ended": (0, ended)},
        )
    with database.reading() as db:
        after = current_revision(db.connection())
    return Restored(before != after, raised)


def _refuse_faults(faults: list[str]) -> None:
    if faults:
        raise BackupRefused(f"What was put back is not what was copied: {'; '.join(faults[:5])}.")


def _raise_numbers(db: Session, manifest: Manifest, highest: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    stood = {each.name: each.last for each in manifest.series}
    raised = {}
    for name, number in highest.items():
        if number <= stood.get(name, 0):
            continue
        series = series_named(name)
        forum = forum_of_key(db, series.forum)
        if forum is None:
            raise BackupRefused(f"The backup has no forum {series.forum}.")
        year = int(series.period) if series.period else None
        register_number(db, forum, year=year, sequence=number, prefix=series.prefix)
        raised[name] = (stood.get(name, 0), number)
    return raised
