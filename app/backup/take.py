"""Taking a backup while the installation serves: the database first, then the files.

Files never change and are stored before the row that names them, so the copy of the store holds every file of the
database's moment, and perhaps some that are newer.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.backup import programs
from app.backup.copying import copied, sha256_of, synced
from app.backup.queries import counts, file_names, forum_periods, record_head, series_lines
from app.backup.rules import DUMPS, FOLDER, FORMAT, MANIFEST, BackupRefused, Manifest, written
from app.platform.clock import utc_now
from app.platform.db import Database, reading_copy
from app.platform.schema import current_revision
from app.platform.storage import Busy, FileStore, sync_folder

_PARTIAL = ".partial"


def take_backup(
    database: Database,
    store: FileStore,
    data_dir: Path,
    into: Path,
    *,
    postgres_bin: str = "",
    progress: Callable[[str], None],
) -> tuple[Path, Manifest]:
    """Make a dated folder in ``into`` that holds the whole installation. It gets its name when it is whole.

    Files that an earlier backup beside it has are linked to instead of copied once more.

    :raise BackupRefused: when it cannot be taken; nothing is left behind.
    """
    try:
        with store.undisturbed():
            into.mkdir(parents=True, exist_ok=True)
            for left in into.glob(
                f"samstyr-*{_PARTIAL}"
            ):  # by one that was stopped; only one is taken at a time
                shutil.rmtree(left)
            name = _free_name(into)
            partial = into / f"{name}{_PARTIAL}"
            partial.mkdir(mode=0o700)  # it holds everything that the installation holds, its keys included
            try:
                manifest = _fill(database, store, data_dir, partial, _earlier(into), postgres_bin, progress)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
            partial.rename(into / name)
            sync_folder(into)
            return into / name, manifest
    except Busy:
        raise BackupRefused(
            "Another backup is being taken, or the files are being swept. Try again."
        ) from None


def _free_name(into: Path) -> str:
    name = f"samstyr-{utc_now():%Y%m%dT%H%M%SZ}"
    taken = [each.name for each in into.glob(f"{name}*")]
    return f"{name}-{len(taken) + 1}" if taken else name


def _earlier(into: Path) -> Path | None:
    whole = [each for each in into.iterdir() if FOLDER.fullmatch(each.name) and (each / MANIFEST).is_file()]
    return max(whole, key=lambda each: each.name, default=None)


def _fill(
    database: Database,
    store: FileStore,
    data_dir: Path,
    folder: Path,
    earlier: Path | None,
    postgres_bin: str,
    progress: Callable[[str], None],
) -> Manifest:
    taken_at = utc_now().isoformat()
    kind = "sqlite" if database.is_sqlite else "postgresql"
    dump = folder / DUMPS[kind]
    progress("the database")
    if database.is_sqlite:
        database.copy_to(dump)
        synced(dump)
        with reading_copy(dump) as db:
            told, named = _told(db), file_names(db)
    else:
        with database.exported_snapshot() as (db, snapshot):
            programs.dump(database, snapshot, dump, folder=postgres_bin)
            told, named = _told(db), file_names(db)
        synced(dump)
    progress("the files")
    files, damaged = _copy_files(store, folder / "files", earlier, named)
    manifest = Manifest(
        format=FORMAT,
        version=version("samstyr"),
        taken_at=taken_at,
        database=kind,
        dump=sha256_of(dump),
        dump_size=dump.stat().st_size,
        files=files,
        damaged=damaged,
        keys=_copy_keys(data_dir, folder / "keys"),
        **told,
    )
    with (folder / MANIFEST).open("x", encoding="utf-8") as file:
        file.write(written(manifest))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return manifest


def _told(db: Session) -> dict[str, Any]:
    seq, head = record_head(db)
    return {
        "revision": current_revision(db.connection()),
        "counts": counts(db),
        "record_seq": seq,
        "record_hash": head,
        "series": series_lines(db),
        "forums": forum_periods(db),
    }


def _copy_files(
    store: FileStore, into: Path, earlier: Path | None, named: dict[str, int]
) -> tuple[dict[str, int], list[str]]:
    """Copy the store. Returns the files, and those that lack or are not what their name says: the store is damaged there."""
    into.mkdir()
    files, damaged = {}, []
    for sha256 in store.names():
        target = into / sha256[:2] / sha256
        target.parent.mkdir(exist_ok=True)
        source = store.path(sha256)
        if not _linked(earlier, sha256, source, target) and copied(source, target) != sha256:
            damaged.append(sha256)
        files[sha256] = target.stat().st_size
    for folder in into.iterdir():
        sync_folder(folder)
    damaged += sorted(named.keys() - files.keys())
    return files, damaged


def _copy_keys(data_dir: Path, into: Path) -> dict[str, str]:
    """Copy the keys, without which nobody's second factor works after a return, and no checkpoint is known."""
    told = {}
    for pattern in ("*.key", "keys/*.key"):
        for source in sorted(data_dir.glob(pattern)):
            name = source.relative_to(data_dir).as_posix()
            target = into / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            told[name] = copied(source, target)
            target.chmod(0o600)
            sync_folder(target.parent)
    return told


def _linked(earlier: Path | None, sha256: str, source: Path, target: Path) -> bool:
    if earlier is None:
        return False
    had = earlier / "files" / sha256[:2] / sha256
    with contextlib.suppress(OSError):  # not there, or a disk that has no links
        if had.stat().st_size == source.stat().st_size:
            os.link(had, target)
            return True
    return False
