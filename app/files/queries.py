"""What is known of stored files."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.models import Blob
from app.files.rules import ScanState


def scan_state_of(db: Session, sha256: str) -> ScanState:
    """What the scanner said of a stored file; a file without a row was there before there was a scanner."""
    return db.scalars(select(Blob.scan_state).where(Blob.sha256 == sha256)).one_or_none() or ScanState.SKIPPED
