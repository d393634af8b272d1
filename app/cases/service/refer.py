"""Bringing a case to another forum, or to the same one again."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Treatment
from app.cases.queries.find import case_forums, get_case
from app.cases.rules import TreatmentKind, TreatmentState
from app.cases.service.drafts import TreatmentDraft, add_treatment
from app.cases.service.opening import finish
from app.forums.queries import forum_by_id
from app.kernel.errors import NotAllowed


def refer_case(
    db: Session, actor: Actor, case_id: UUID, *, to_forum_id: UUID, title: str, kind: TreatmentKind
) -> Treatment:
    """Ask a forum to treat the case: a new treatment, which the forum's own secretariat starts.

    :raise NotFound: when the actor may not read the case, or not see the forum.
    :raise NotAllowed: when the actor may edit the case in none of the forums that it stands in.
    :raise RuleBroken: ``treatment.no_title``, ``text.too_long``.
    """
    case = get_case(db, actor, case_id)
    if not any(actor.may(Permission.CASE_EDIT, forum_id) for forum_id in case_forums(db, actor, case.id)):
        raise NotAllowed(Permission.CASE_EDIT.value)
    forum = forum_by_id(db, actor, to_forum_id)
    draft = TreatmentDraft(title=title, kind=kind, language=forum.language, state=TreatmentState.REQUESTED)
    treatment = add_treatment(db, case, forum, draft)
    finish(db, actor, "case.referred", treatment, changes={"forum": (None, forum.name)})
    return treatment
