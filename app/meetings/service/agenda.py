"""What stands on an agenda, and in which order."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Treatment
from app.cases.queries.find import get_treatment
from app.cases.rules import TREATMENT, TreatmentState
from app.cases.service.numbers import give_number
from app.cases.service.opening import open_treatment
from app.cases.service.states import agenda_step, facts_of, take_step
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken, refuse_if
from app.kernel.ordering import Direction, move, number
from app.meetings.agenda_rules import MAY_MOVE, MAY_STAND, may_be_put_on
from app.meetings.models import AgendaItem, Meeting
from app.meetings.queries.find import item_of, items_of, lock_meetings, meeting_of
from app.meetings.rules import is_held
from app.meetings.service.opening import finish, open_meeting
from app.platform.clock import today


def put_on_agenda(
    db: Session, actor: Actor, meeting_id: UUID, treatment_id: UUID, *, draw: bool = True
) -> AgendaItem:
    """Put a treatment last on the agenda, and draw its number of the meeting's year when it has none.

    ``draw`` False is for papers of the past, whose number nobody gives now.

    A ready or postponed one is scheduled at once; one that is still written is scheduled when it is made ready. What
    stands on the agenda already stays where it is.

    :raise NotFound: when the meeting or the treatment is missing or not readable.
    :raise NotAllowed: without ``meeting:edit`` in the forum.
    :raise Conflict: when somebody has moved the treatment to another agenda in the same moment.
    :raise RuleBroken: ``agenda.other_forum``, ``agenda.wrong_state``, ``agenda.on_another_agenda``,
        ``agenda.meeting_cancelled``, ``treatment.forum_not_active``.
    """
    # It may be taken from another agenda, whose items are numbered anew. Meetings are locked before treatments.
    stood_on = meeting_of(db, treatment_id)
    locked = lock_meetings(db, {meeting_id, stood_on.id} if stood_on else {meeting_id})
    meeting = open_meeting(db, actor, meeting_id)
    if not is_held(meeting.state):
        raise RuleBroken("agenda.meeting_cancelled")
    treatment = get_treatment(db, actor, treatment_id)
    if treatment.forum_id != meeting.forum_id:
        raise RuleBroken("agenda.other_forum")
    stands = item_of(db, treatment.id)
    if stands is not None and stands.meeting_id not in locked:
        raise Conflict("meeting", stored_version=meeting.version)
    if stands is not None and stands.meeting_id == meeting.id and treatment.state not in MAY_MOVE:
        return stands
    if treatment.state not in MAY_STAND:
        raise RuleBroken("agenda.wrong_state")
    if stands is not None and not may_be_put_on(
        treatment.state, db.get_one(Meeting, stands.meeting_id).state
    ):
        raise RuleBroken("agenda.on_another_agenda")
    if treatment.state in MAY_MOVE:
        refuse_if(_schedule_objections(db, actor, treatment, meeting.day))
    if draw:
        give_number(db, actor, treatment, year=meeting.day.year)
    if stands is not None:
        _take_off(db, stands)
    position = len(items_of(db, meeting.id)) + 1
    item = AgendaItem(meeting_id=meeting.id, treatment_id=treatment.id, position=position)
    db.add(item)
    db.flush()
    _schedule(db, actor, meeting, treatment)
    finish(db, actor, "meeting.item_added", meeting, changes={"case": (None, treatment.title)})
    return item


def take_off_agenda(db: Session, actor: Actor, meeting_id: UUID, treatment_id: UUID) -> None:
    """Take a treatment off the agenda. It keeps its number, and a scheduled one is only ready again.

    :raise NotFound: when it does not stand there, or is not readable.
    :raise RuleBroken: ``agenda.treated`` when the forum has treated it at this meeting.
    """
    meeting = open_meeting(db, actor, meeting_id)
    treatment = get_treatment(db, actor, treatment_id)
    item = _item(db, meeting, treatment)
    if treatment.state is TreatmentState.TREATED:
        raise RuleBroken("agenda.treated")
    if treatment.state is TreatmentState.SCHEDULED:
        agenda_step(db, actor, treatment, step="unschedule", day=meeting.day)
    _take_off(db, item)
    finish(db, actor, "meeting.item_removed", meeting, changes={"case": (treatment.title, None)})


def move_item(
    db: Session, actor: Actor, meeting_id: UUID, treatment_id: UUID, *, direction: Direction
) -> None:
    """Let the item change places with its neighbour; the first does not go up nor the last down.

    :raise NotFound: when it does not stand there, or is not readable.
    """
    meeting = open_meeting(db, actor, meeting_id)
    item = _item(db, meeting, get_treatment(db, actor, treatment_id))
    moved = move(items_of(db, meeting.id), item, direction)
    if moved is not None:
        finish(db, actor, "meeting.item_moved", meeting, changes={"position": moved})


def mark_ready(db: Session, actor: Actor, treatment_id: UUID, *, version: int) -> Treatment:
    """Make a treatment ready, and schedule it when it stands on an agenda.

    :raise Conflict: when somebody else changed the treatment first.
    :raise RuleBroken: the reasons of the steps ``make_ready`` and ``schedule``.
    """
    treatment = open_treatment(db, actor, treatment_id, version=version)
    refuse_if(ready_objections(db, actor, treatment))
    take_step(db, actor, treatment.id, version=version, step="make_ready")
    meeting = meeting_of(db, treatment.id)
    if meeting is not None and meeting.is_held:
        agenda_step(db, actor, treatment, step="schedule", day=meeting.day)
    return treatment


def ready_objections(db: Session, actor: Actor, treatment: Treatment) -> tuple[Reason, ...]:
    """Everything that stands against ``mark_ready``; empty when it may be done."""
    meeting = meeting_of(db, treatment.id)
    if meeting is not None and not meeting.is_held:
        meeting = None
    facts = facts_of(db, actor, treatment, meeting.day if meeting is not None else today())
    objections = TREATMENT.objections("make_ready", treatment.state, facts)
    if meeting is None or objections:
        return objections
    return TREATMENT.objections("schedule", TreatmentState.READY, facts)


def _schedule_objections(db: Session, actor: Actor, treatment: Treatment, day: date) -> tuple[Reason, ...]:
    return TREATMENT.objections("schedule", TreatmentState.READY, facts_of(db, actor, treatment, day))


def _schedule(db: Session, actor: Actor, meeting: Meeting, treatment: Treatment) -> None:
    if treatment.state is TreatmentState.POSTPONED:
        agenda_step(db, actor, treatment, step="take_up_again", day=meeting.day)
    if treatment.state is TreatmentState.READY:
        agenda_step(db, actor, treatment, step="schedule", day=meeting.day)


def _item(db: Session, meeting: Meeting, treatment: Treatment) -> AgendaItem:
    item = item_of(db, treatment.id)
    if item is None or item.meeting_id != meeting.id:
        raise NotFound
    return item


def _take_off(db: Session, item: AgendaItem) -> None:
    items = items_of(db, item.meeting_id)
    items.remove(item)
    number(items)
    db.delete(item)
    db.flush()
