"""Writing down that somebody read what is exempt from public access."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Treatment
from app.cases.service.opening import finish


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
    finish(db, actor, "case.exempt_read", treatment, name=name or None, changes={"way": (None, way)})
