"""How every command on a treatment begins and ends."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, object_session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import Changes, record
from app.cases.models import Presentation, Treatment
from app.cases.queries.find import get_treatment, presentation_of
from app.cases.rules import CLOSED
from app.cases.service.published import numbers_in_texts
from app.kernel.errors import Conflict, RuleBroken, refuse_if
from app.platform.clock import utc_now


def open_treatment(
    db: Session,
    actor: Actor,
    treatment_id: UUID,
    permission: Permission = Permission.CASE_EDIT,
    *,
    version: int | None = None,
) -> Treatment:
    """The treatment, locked, for an actor who has the permission in its forum.

    :raise NotFound: when the actor may not read it.
    :raise NotAllowed: when the actor may read it but not do this.
    :raise Conflict: when it is not at the version that the actor saw.
    """
    treatment = get_treatment(db, actor, treatment_id)
    require(actor, permission, treatment.forum_id)
    if version is not None and version != treatment.version:
        raise Conflict("treatment", stored_version=treatment.version)
    return treatment


def open_content(
    db: Session, actor: Actor, treatment_id: UUID, *, version: int | None = None
) -> tuple[Treatment, Presentation]:
    """The treatment and its presentation, locked in this order, for a change of what is printed.

    :raise RuleBroken: ``treatment.closed`` when the case has been treated or withdrawn here; else as ``open_treatment``.
    """
    treatment = open_treatment(db, actor, treatment_id, version=version)
    if treatment.state in CLOSED:
        raise RuleBroken("treatment.closed")
    return treatment, presentation_of(db, treatment.id)


def touch(treatment: Treatment, presentation: Presentation) -> None:
    """Mark that what is printed has changed. What has been released is looked through as when it was.

    :raise RuleBroken: ``national_id.…`` when the change would put a national identity number before the public.
    """
    treatment.updated_at = utc_now()
    presentation.revision += 1
    db = object_session(treatment)
    if treatment.released_at is not None and db is not None:
        refuse_if(numbers_in_texts(db, treatment.id))


def finish(
    db: Session,
    actor: Actor,
    action: str,
    treatment: Treatment,
    *,
    subject: Any = None,
    name: str | None = None,
    changes: Changes | None = None,
) -> None:
    """Record the act in the history of the case: on the treatment and under its title, unless something else is told."""
    record(
        db,
        actor,
        action,
        treatment if subject is None else subject,
        name=treatment.title if name is None else name,
        forum_id=treatment.forum_id,
        case_id=treatment.case_id,
        changes=changes,
    )
    db.flush()
