"""The file behind a line of the list of attachments."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Attachment, Presentation, Treatment
from app.cases.policy import readable
from app.files.models import Blob
from app.files.rules import ScanState, media_type_of
from app.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """What is needed to send the file: its place in the store, and its name and type as we have them."""

    sha256: str
    size: int
    file_name: str
    media_type: str
    scan_state: ScanState


def attachment_file(db: Session, actor: Actor, attachment_id: UUID) -> AttachmentFile:
    """The file of an attachment.

    :raise NotFound: when the attachment is missing, has no file, or belongs to what the actor may not read.
    """
    row = db.execute(
        select(Blob.sha256, Blob.size, Blob.scan_state, Attachment.file_name)
        .select_from(Attachment)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .join(Presentation, Presentation.id == Attachment.presentation_id)
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .where(Attachment.id == attachment_id, readable(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return AttachmentFile(row.sha256, row.size, row.file_name, media_type_of(row.file_name), row.scan_state)


def attachments_with(db: Session, sha256: str) -> list[tuple[Attachment, Treatment]]:
    """Every line whose file has these bytes, with its treatment."""
    rows = db.execute(
        select(Attachment, Treatment)
        .join(Presentation, Presentation.id == Attachment.presentation_id)
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .where(Attachment.sha256 == sha256)
        .order_by(Attachment.id)
    )
    return [(line, treatment) for line, treatment in rows]
