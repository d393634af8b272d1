"""Whether a backup is what its manifest says, and whether what was put back is."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.verify import first_fault
from app.backup.copying import sha256_of
from app.backup.queries import counts, file_names, record_head
from app.backup.rules import DUMPS, FOLDER, MANIFEST, BackupRefused, Manifest, differing_counts, read


def find_backup(folder: Path) -> tuple[Path, Manifest]:
    """The backup in a folder: the folder itself, or the newest of those that it holds.

    :raise BackupRefused: when there is none.
    """
    if not (folder / MANIFEST).is_file():
        held = [
            each for each in folder.glob("*") if FOLDER.fullmatch(each.name) and (each / MANIFEST).is_file()
        ]
        if not held:
            raise BackupRefused(f"There is no whole backup in {folder}.")
        folder = max(held, key=lambda each: each.name)
    try:
        return folder, read((folder / MANIFEST).read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise BackupRefused(f"{folder / MANIFEST} is not whole. Take another backup.") from None


def check_backup(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a backup with its manifest.

    :raise BackupRefused: naming the first that differs.
    """
    dump = folder / DUMPS[manifest.database]
    if not dump.is_file() or sha256_of(dump) != manifest.dump:
        raise BackupRefused(f"The copy of the database, {dump}, is missing or not the one that was made.")
    for name, sha256 in manifest.keys.items():
        path = folder / "keys" / name
        if not path.is_file() or sha256_of(path) != sha256:
            raise BackupRefused(f"The key {path} is missing or not the one that was copied.")
    for sha256 in manifest.files.keys() - set(manifest.damaged):
        path = folder / "files" / sha256[:2] / sha256
        if not path.is_file() or sha256_of(path) != sha256:
            raise BackupRefused(f"The file {path} is missing or not the one that was copied.")


def faults_as_copied(db: Session, manifest: Manifest) -> list[str]:
    """What is wrong with a database that was put back, before anything is done to it. It may be of an older version."""
    faults = differing_counts(manifest.counts, counts(db))
    if db.get_bind().dialect.name == "sqlite":
        told = db.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one()
        faults += [] if told == "ok" else [f"SQLite finds it damaged: {told}"]
    return faults


def faults_of_content(db: Session, manifest: Manifest) -> list[str]:
    """What does not hang together in a database that was put back and is of this version."""
    seq, head = record_head(db)
    faults = [] if seq == manifest.record_seq else ["the record does not end where it ended"]
    if manifest.record_hash and head != manifest.record_hash:
        faults.append("the record is not the one that was copied")
    if wrong := first_fault(db):
        faults.append(f"entry {wrong.seq} of the record {wrong.what}")
    known = manifest.files.keys() | set(manifest.damaged)
    return [*faults, *(f"the file {sha256} is missing" for sha256 in sorted(file_names(db).keys() - known))]
