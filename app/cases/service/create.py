"""Making a case."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.cases.models import Case, Treatment
from app.cases.rules import TreatmentKind
from app.cases.service.drafts import TreatmentDraft, add_treatment
from app.cases.service.opening import finish
from app.cases.service.presenters import PresenterDraft
from app.forums.queries import forum_by_id
from app.kernel.language import Language
from app.platform.clock import utc_now


def create_case(
    db: Session,
    actor: Actor,
    *,
    forum_id: UUID,
    title: str,
    kind: TreatmentKind,
    wanted_result: str = "",
    language: Language | None = None,
    presenters: Sequence[PresenterDraft] = (),
    preparer: str = "",
    preparer_organisation_id: UUID | None = None,
    place: str = "",
    dated: date | None = None,
) -> Treatment:
    """Make a case with a private draft of its treatment in the forum, written by the forum's template.

    Without a language the paper is in the forum's; without a place it names where the forum usually meets.

    :raise NotFound: when the actor may not see the forum.
    :raise NotAllowed: without ``case:edit`` in it.
    :raise RuleBroken: ``treatment.no_title``, ``text.too_long``, ``presenter.unknown_person``, ``organisation.unknown``.
    """
    forum = forum_by_id(db, actor, forum_id)
    draft = TreatmentDraft(
        title=title,
        kind=kind,
        language=language or forum.language,
        wanted_result=wanted_result,
        presenters=presenters,
        preparer=preparer,
        preparer_organisation_id=preparer_organisation_id,
        place=place or None,
        dated=dated,
    )
    return create_from(db, actor, forum_id=forum.id, draft=draft)


def create_from(db: Session, actor: Actor, *, forum_id: UUID, draft: TreatmentDraft) -> Treatment:
    """Make a case from a whole draft, such as an imported paper. Promises and refuses as ``create_case``."""
    forum = forum_by_id(db, actor, forum_id)
    require(actor, Permission.CASE_EDIT, forum.id)
    case = Case(working_title=draft.title, created_at=utc_now())
    treatment = add_treatment(db, case, forum, draft)
    finish(db, actor, "case.created", treatment, subject=case)
    return treatment
