"""The rows of stored files."""

from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.files.models import Blob
from app.files.receiving import Arrival, receive
from app.files.rules import ScanState, media_type_of
from app.jobs.service import enqueue
from app.kernel.errors import Reason, RuleBroken
from app.platform.clock import utc_now
from app.platform.storage import FileStore

SCAN_JOB = "files.scan"


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file, the clean name that it came under, and the names of what was taken out of it."""

    blob: Blob
    file_name: str
    removed: tuple[str, ...] = ()


def keep(db: Session, arrival: Arrival) -> Upload:
    """Give a received file its row. This is no act on any record, so the caller's command is what stands in the audit.

    A file that waits for the scanner gets a job that asks again. The same bytes from before there was a scanner wait with
    it: nobody has looked at them.

    :raise RuleBroken: ``file.infected`` when a virus was found in the same bytes before.
    """
    blob = db.get(Blob, arrival.sha256) or _new_blob(db, arrival)
    if _says_more(arrival.scan_state, blob.scan_state):
        db.refresh(blob, with_for_update=True)  # what a job found in the meantime is not written over
        if _says_more(arrival.scan_state, blob.scan_state):
            blob.scan_state = arrival.scan_state
    if blob.scan_state is ScanState.INFECTED:
        raise RuleBroken(Reason("file.infected", "file", {"signature": ""}))
    if blob.scan_state is ScanState.PENDING:
        _ask_again(db, blob)
    return Upload(blob, arrival.file_name, arrival.removed)


def suspect(db: Session, sha256: str) -> None:
    """Hold back a stored file in whose bytes a virus was found as they came in anew, and have the scanner say so itself."""
    blob = db.get(Blob, sha256, with_for_update=True, populate_existing=True)
    if blob is not None and blob.scan_state is not ScanState.INFECTED:
        blob.scan_state = ScanState.PENDING
        _ask_again(db, blob)
        db.flush()


def store_upload(
    db: Session, actor: Actor, store: FileStore, *, stream: BinaryIO, file_name: str, limit: int
) -> Upload:
    """``receive`` and ``keep`` in one go, for who keeps nobody waiting, as the loading of the demo.

    :raise NotAllowed: as ``receive`` does.
    :raise RuleBroken: as both do.
    """
    return keep(db, receive(actor, store, stream=stream, file_name=file_name, limit=limit))


def mark_scanned(db: Session, sha256: str, state: ScanState) -> bool:
    """Write down what the scanner said of a stored file. Says whether that is new.

    A virus counts whatever was said before, and whether or not the file waited.
    """
    blob = db.get(Blob, sha256, with_for_update=True)
    if blob is None or blob.scan_state in {state, ScanState.INFECTED}:
        return False
    blob.scan_state = state
    db.flush()
    return True


def require_outgoing(state: ScanState) -> None:
    """Let pass only a file that may be given to anybody.

    :raise RuleBroken: ``file.awaits_scan`` or ``file.blocked``.
    """
    if state is ScanState.PENDING:
        raise RuleBroken(Reason("file.awaits_scan", "file"))
    if not state.may_go_out:
        raise RuleBroken(Reason("file.blocked", "file"))


def _says_more(new: ScanState, stored: ScanState) -> bool:
    if new is ScanState.CLEAN:
        return stored in {ScanState.PENDING, ScanState.SKIPPED}
    return new is ScanState.PENDING and stored is ScanState.SKIPPED


def _ask_again(db: Session, blob: Blob) -> None:
    enqueue(db, SCAN_JOB, {"sha256": blob.sha256}, key=blob.sha256)


def _new_blob(db: Session, arrival: Arrival) -> Blob:
    blob = Blob(
        sha256=arrival.sha256,
        size=arrival.size,
        media_type=media_type_of(arrival.file_name),
        scan_state=arrival.scan_state,
        created_at=utc_now(),
    )
    try:
        with db.begin_nested():
            db.add(blob)
    except IntegrityError:  # somebody stored the same bytes in the same moment
        known = db.get(Blob, arrival.sha256)
        if known is None:
            raise
        return known
    return blob
