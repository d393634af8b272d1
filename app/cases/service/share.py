"""Showing a draft to its forum."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import changed
from app.cases.models import Treatment
from app.cases.service.opening import finish, open_treatment
from app.platform.clock import utc_now


def share(db: Session, actor: Actor, treatment_id: UUID) -> Treatment:
    """Let all readers of the forum see the treatment from now on. What others have read cannot be made unread.

    Sharing what is shared already changes nothing.
    """
    treatment = open_treatment(db, actor, treatment_id, Permission.CASE_SHARE)
    if treatment.shared_at is None:
        changes = changed(treatment, shared_at=utc_now())
        treatment.version += 1
        treatment.updated_at = utc_now()
        finish(db, actor, "case.shared", treatment, changes=changes)
    return treatment
