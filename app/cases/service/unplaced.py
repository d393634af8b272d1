"""Lines of an imported paper that were not understood."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import changed
from app.cases.models import Treatment
from app.cases.service.opening import finish, open_content


def clear_unplaced(db: Session, actor: Actor, treatment_id: UUID, *, version: int) -> Treatment:
    """Let go of the lines, because somebody has placed them. They stay readable in the history of the case.

    :raise Conflict: when somebody else changed the treatment first.
    :raise RuleBroken: ``treatment.closed``.
    """
    treatment, presentation = open_content(db, actor, treatment_id, version=version)
    changes = changed(presentation, unplaced="")
    if changes:
        finish(db, actor, "case.edited", treatment, changes=changes)
    return treatment
