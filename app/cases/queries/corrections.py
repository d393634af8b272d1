"""The corrections of a paper that has been treated."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Correction, Presentation, PresentationPart, Treatment


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction as a page shows it; ``html`` was made by our own renderer when it was saved."""

    number: int
    html: str
    body: list[Any]
    reason: str
    author_name: str
    made_at: datetime


def corrections_of(db: Session, treatment_id: UUID, *, is_whole: bool) -> tuple[CorrectionView, ...]:
    """Every correction in order, of a treatment that the caller has found readable.

    A correction may speak of what is exempt. So who does not see the whole sees none where anything is exempt.
    """
    row = Correction
    wanted = select(row.number, row.html, row.body, row.reason, row.author_name, row.made_at)
    wanted = wanted.where(row.treatment_id == treatment_id)
    if not is_whole:
        wanted = wanted.where(~_holds_exemptions(treatment_id))
    rows = db.execute(wanted.order_by(row.number))
    return tuple(CorrectionView(*each) for each in rows)


def _holds_exemptions(treatment_id: UUID) -> ColumnElement[bool]:
    of_paper = Presentation.treatment_id == treatment_id
    return or_(
        select(Treatment.id)
        .where(Treatment.id == treatment_id, Treatment.title_exemption_id.is_not(None))
        .exists(),
        select(Presentation.id).where(of_paper, Presentation.exemption_id.is_not(None)).exists(),
        *(
            select(each.id).join(Presentation).where(of_paper, each.exemption_id.is_not(None)).exists()
            for each in (PresentationPart, Attachment)
        ),
    )


def next_correction_number(db: Session, treatment_id: UUID) -> int:
    """The number after the last one, of a treatment that the caller has locked."""
    last = select(func.max(Correction.number)).where(Correction.treatment_id == treatment_id)
    return (db.scalar(last) or 0) + 1
