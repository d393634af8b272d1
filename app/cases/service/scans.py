"""Files that waited for the virus scanner: released when they are clean, blocked when they are not."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.cases.models import Attachment, Treatment
from app.cases.queries.files import attachments_with, redacted_with
from app.exemptions.models import Exemption
from app.files.rules import ScanState
from app.files.scanning import ScannerAway, scan
from app.files.service import SCAN_JOB, mark_scanned
from app.jobs.handlers import Payload, Surroundings, TryLater, handles

_SCANNER = Actor.system("scanner")


def _ask(around: Surroundings, payload: Payload) -> str:
    """The name of what was found; empty when the file is clean.

    Without a scanner, what waits goes on waiting: it was promised that somebody looks first.
    """
    if not around.settings.scanner:
        raise TryLater("no scanner is set")
    try:
        return scan(around.settings.scanner, around.store.path(payload["sha256"]))
    except ScannerAway as away:
        raise TryLater(str(away)) from away


@handles(SCAN_JOB, prepare=_ask)
def finish_scan(db: Session, _around: Surroundings, payload: Payload, found: str) -> None:
    """Write down what the scanner said; a find is told in the history of every case that has the file."""
    state = ScanState.INFECTED if found else ScanState.CLEAN
    if not mark_scanned(db, payload["sha256"], state) or not found:
        return
    for line, treatment in attachments_with(db, payload["sha256"]):
        _tell(db, line, treatment, line.title, line.file_name, found)
    for exemption, treatment in redacted_with(db, payload["sha256"]):
        _tell(db, exemption, treatment, exemption.redacted_name, exemption.redacted_name, found)


def _tell(
    db: Session, subject: Attachment | Exemption, treatment: Treatment, title: str, file_name: str, found: str
) -> None:
    record(
        db,
        _SCANNER,
        "case.file_infected",
        subject,
        name=title,
        forum_id=treatment.forum_id,
        case_id=treatment.case_id,
        changes={"file_name": ("", file_name), "found": (None, found)},
    )
