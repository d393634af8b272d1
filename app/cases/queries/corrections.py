"""The corrections of a paper that has been treated."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Correction, Treatment
from app.cases.queries.exemptions import holds_exemptions


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
        whole = select(Treatment.id).where(Treatment.id == treatment_id, ~holds_exemptions())
        wanted = wanted.where(whole.exists())
    rows = db.execute(wanted.order_by(row.number))
    return tuple(CorrectionView(*each) for each in rows)


def next_correction_number(db: Session, treatment_id: UUID) -> int:
    """The number after the last one, of a treatment that the caller has locked."""
    last = select(func.max(Correction.number)).where(Correction.treatment_id == treatment_id)
    return (db.scalar(last) or 0) + 1
