"""Every SELECT of stored files."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.models import Blob
from app.files.rules import ScanState

_BATCH = 500


def unnamed(db: Session, names: Sequence[str]) -> list[str]:
    """Those of the SHA-256 names that no row has."""
    known = set(db.scalars(select(Blob.sha256).where(Blob.sha256.in_(names))))
    return [name for name in names if name not in known]


def scan_state_of(db: Session, sha256: str) -> ScanState:
    """What the scanner said of a stored file; a file without a row was there before there was a scanner."""
    return db.scalars(select(Blob.scan_state).where(Blob.sha256 == sha256)).one_or_none() or ScanState.SKIPPED


def stored_files(db: Session) -> Iterator[tuple[str, int]]:
    """Hash and size of every file that a row names, ordered by the hash."""
    wanted = select(Blob.sha256, Blob.size).order_by(Blob.sha256).limit(_BATCH)
    after = ""
    while rows := db.execute(wanted.where(Blob.sha256 > after)).all():
        for row in rows:
            yield row.sha256, row.size
        after = rows[-1].sha256
