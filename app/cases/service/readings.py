"""Writing down that somebody read what is exempt from public access."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.cases.models import Treatment


class Reading(StrEnum):
    """How it was read."""

    PAGE = "page"
    EDITOR = "editor"
    FILE = "file"  # the paper, taken out as a file
    ATTACHMENT = "attachment"
    HISTORY = "history"  # which holds the texts as they were


def note_exempt_reading(
    db: Session, actor: Actor, treatment_id: UUID, way: Reading, *, name: str = ""
) -> None:
    """Add ``case.exempt_read`` to the history of the case. The caller has found out that the actor may read it."""
    treatment = db.get_one(Treatment, treatment_id)
    record(
        db,
        actor,
        "case.exempt_read",
        treatment,
        name=name or treatment.title,
        forum_id=treatment.forum_id,
        case_id=treatment.case_id,
        changes={"way": (None, way)},
    )
    db.flush()
