"""The file behind a line of the list of attachments."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Attachment, Presentation, Treatment
from app.cases.policy import attachment_for, paper_for, readable, whole
from app.exemptions.models import Exemption
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
    treatment_id: UUID
    is_exempt: bool  # withheld from the public


def attachment_file(db: Session, actor: Actor, attachment_id: UUID) -> AttachmentFile:
    """The file of an attachment.

    :raise NotFound: when the attachment is missing, has no file, or belongs to what the actor may not read.
    """
    row = db.execute(
        select(
            Blob.sha256,
            Blob.size,
            Blob.scan_state,
            Attachment.file_name,
            Treatment.id,
            and_(
                whole(actor),
                or_(Attachment.exemption_id.is_not(None), Presentation.exemption_id.is_not(None)),
            ).label("is_exempt"),
        )
        .select_from(Attachment)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .join(Presentation, Presentation.id == Attachment.presentation_id)
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .where(Attachment.id == attachment_id, readable(actor), attachment_for(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return AttachmentFile(
        row.sha256,
        row.size,
        row.file_name,
        media_type_of(row.file_name),
        row.scan_state,
        row.id,
        bool(row.is_exempt),
    )


def redacted_file(db: Session, actor: Actor, exemption_id: UUID) -> AttachmentFile:
    """The file that stands for an exempt paper or attachment in public.

    :raise NotFound: when the exemption is missing, has ended, has no such file, or belongs to what the actor may not read.
    """
    of_attachment = (
        select(Attachment.presentation_id).where(Attachment.exemption_id == exemption_id).scalar_subquery()
    )
    row = db.execute(
        select(Blob.sha256, Blob.size, Blob.scan_state, Exemption.redacted_name, Treatment.id)
        .select_from(Exemption)
        .join(Blob, Blob.sha256 == Exemption.redacted_sha256)
        .join(
            Presentation,
            or_(
                Presentation.exemption_id == exemption_id,
                Presentation.id == of_attachment,
            ),
        )
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .where(
            Exemption.id == exemption_id,
            readable(actor),
            # Behind a paper that is withheld there are no attachments to see.
            or_(Presentation.exemption_id == exemption_id, paper_for(actor)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return AttachmentFile(
        row.sha256,
        row.size,
        row.redacted_name,
        media_type_of(row.redacted_name),
        row.scan_state,
        row.id,
        False,
    )


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


def redacted_with(db: Session, sha256: str) -> list[tuple[Exemption, Treatment]]:
    """Every exemption in force whose redacted file has these bytes, with its treatment."""
    of_attachments = (
        select(Attachment.presentation_id)
        .where(Attachment.exemption_id == Exemption.id)
        .correlate(Exemption)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Exemption, Treatment)
        .select_from(Exemption)
        .join(Presentation, or_(Presentation.exemption_id == Exemption.id, Presentation.id == of_attachments))
        .join(Treatment, Treatment.id == Presentation.treatment_id)
        .where(Exemption.redacted_sha256 == sha256)
        .order_by(Exemption.id)
    )
    return [(exemption, treatment) for exemption, treatment in rows]
