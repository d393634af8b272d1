"""Who changed what in a case."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.queries import HistoryLine, history
from app.cases.models import Treatment
from app.cases.queries.exemptions import holds_exemptions
from app.cases.queries.find import get_case


def case_history(
    db: Session, actor: Actor, case_id: UUID, *, before: int | None = None, limit: int = 50
) -> Sequence[HistoryLine]:
    """The newest acts on a case first, in those forums whose case history the actor may read.

    A case may stand in several forums, and the drafts of one are no business of another. ``before`` is the ``seq`` to go
    on from.

    :raise NotFound: when the actor may not read the case.
    """
    get_case(db, actor, case_id)
    forum_ids = actor.forums_with(Permission.CASE_HISTORY)
    return history(db, case_id=case_id, case_forums=forum_ids, before=before, limit=limit)


def exempt_in_history(db: Session, actor: Actor, case_id: UUID) -> Sequence[UUID]:
    """The treatments whose acts ``case_history`` shows the actor and of which something is exempt.

    The caller has found the case readable.
    """
    wanted = select(Treatment.id).where(Treatment.case_id == case_id, holds_exemptions())
    forum_ids = actor.forums_with(Permission.CASE_HISTORY)
    if forum_ids is not None:
        wanted = wanted.where(Treatment.forum_id.in_(forum_ids))
    return db.scalars(wanted.order_by(Treatment.created_at, Treatment.id)).all()
