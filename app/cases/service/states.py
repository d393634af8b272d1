"""Steps of a treatment through its workflow."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.cases.models import Treatment
from app.cases.queries.find import has_proposal
from app.cases.rules import AGENDA_STEPS, TREATMENT, TreatmentFacts
from app.cases.service.opening import finish, open_treatment
from app.forums.queries import forum_by_id
from app.kernel.dates import is_within
from app.kernel.errors import RuleBroken
from app.platform.clock import today, utc_now

_ACTIONS: Final[Mapping[str, str]] = {
    "start": "started",
    "make_ready": "made_ready",
    "reopen": "reopened",
    "schedule": "scheduled",
    "unschedule": "unscheduled",
    "treat": "treated",
    "postpone": "postponed",
    "take_up_again": "taken_up_again",
    "return": "returned",
    "withdraw": "withdrawn",
}


def take_step(db: Session, actor: Actor, treatment_id: UUID, *, version: int, step: str) -> Treatment:
    """Take a step that is taken by hand, such as ``start``, ``reopen``, ``return`` or ``withdraw``.

    A treatment that stands on an agenda is made ready by ``meetings.service.mark_ready``, which also schedules it.

    :raise Conflict: when somebody else changed the treatment first.
    :raise RuleBroken: ``treatment.by_agenda`` for a step that only an agenda takes, ``workflow.unknown_step``,
        ``workflow.wrong_state``, or the reasons of the guards.
    """
    treatment = open_treatment(db, actor, treatment_id, version=version)
    if step in AGENDA_STEPS:
        raise RuleBroken("treatment.by_agenda")
    return _advance(db, actor, treatment, step=step, day=today())


def agenda_step(db: Session, actor: Actor, treatment: Treatment, *, step: str, day: date) -> Treatment:
    """Take a step that follows from the agenda of a meeting on the day. For who may change meetings of the forum.

    :raise NotAllowed: without ``meeting:edit`` in the forum.
    :raise RuleBroken: as ``take_step``.
    """
    require(actor, Permission.MEETING_EDIT, treatment.forum_id)
    return _advance(db, actor, treatment, step=step, day=day)


def facts_of(db: Session, actor: Actor, treatment: Treatment, day: date) -> TreatmentFacts:
    """What the guards look at, for a meeting on the day."""
    forum = forum_by_id(db, actor, treatment.forum_id)
    return TreatmentFacts(
        kind=treatment.kind,
        has_proposal=has_proposal(db, treatment.id),
        has_presenter=bool(treatment.presenters),
        forum_is_active=is_within(day, forum.active_from, forum.active_to),
    )


def _advance(db: Session, actor: Actor, treatment: Treatment, *, step: str, day: date) -> Treatment:
    before = treatment.state
    treatment.state = TREATMENT.next_state(step, before, facts_of(db, actor, treatment, day))
    treatment.version += 1
    treatment.updated_at = utc_now()
    finish(db, actor, f"case.{_ACTIONS[step]}", treatment, changes={"state": (before, treatment.state)})
    return treatment
