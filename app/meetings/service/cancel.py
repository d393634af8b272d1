"""Calling a meeting off, and taking that back."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import changed
from app.cases.models import Treatment
from app.cases.rules import TreatmentState
from app.cases.service.states import agenda_step
from app.kernel.errors import refuse_if
from app.kernel.text import clean_line
from app.meetings.models import Meeting
from app.meetings.queries.find import treatments_on
from app.meetings.rules import MEETING, MeetingState, cancel_problems
from app.meetings.service.opening import finish, open_meeting


def cancel_meeting(db: Session, actor: Actor, meeting_id: UUID, *, version: int, reason: str) -> Meeting:
    """Call the meeting off. Its agenda stays to be read; its cases are ready again, and free for another agenda.

    :raise Conflict: when somebody else changed the meeting first.
    :raise RuleBroken: ``meeting.no_cancel_reason``, ``text.too_long``, ``workflow.wrong_state``.
    """
    meeting = open_meeting(db, actor, meeting_id, version=version)
    reason = clean_line(reason)
    refuse_if(cancel_problems(reason))
    state = MEETING.next_state("cancel", meeting.state, 0)
    for treatment in _cases_in(db, meeting, TreatmentState.SCHEDULED):
        agenda_step(db, actor, treatment, step="unschedule", day=meeting.day)
    return _changed(db, actor, "meeting.cancelled", meeting, state, reason)


def restore_meeting(db: Session, actor: Actor, meeting_id: UUID, *, version: int) -> Meeting:
    """Plan a cancelled meeting again, with the cases that still stand on its agenda.

    :raise Conflict: when somebody else changed the meeting first.
    :raise RuleBroken: ``workflow.wrong_state``, and why a case cannot be on the agenda of that day.
    """
    meeting = open_meeting(db, actor, meeting_id, version=version)
    state = MEETING.next_state("restore", meeting.state, 0)
    for treatment in _cases_in(db, meeting, TreatmentState.READY):
        agenda_step(db, actor, treatment, step="schedule", day=meeting.day)
    return _changed(db, actor, "meeting.restored", meeting, state, "")


def _cases_in(db: Session, meeting: Meeting, state: TreatmentState) -> list[Treatment]:
    return [treatment for treatment in treatments_on(db, meeting.id) if treatment.state is state]


def _changed(
    db: Session, actor: Actor, action: str, meeting: Meeting, state: MeetingState, reason: str
) -> Meeting:
    changes = changed(meeting, state=state, cancelled_because=reason)
    meeting.version += 1
    finish(db, actor, action, meeting, changes=changes)
    return meeting
