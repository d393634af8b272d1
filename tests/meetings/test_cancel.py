"""Calling a meeting off, and planning it again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.models import Treatment
from app.cases.rules import TreatmentState
from app.kernel.errors import Conflict, NotAllowed, RuleBroken
from app.meetings.queries.find import meeting_on, model_meeting
from app.meetings.queries.lists import upcoming
from app.meetings.queries.show import may_be_listed, show_meeting
from app.meetings.rules import MeetingState
from app.meetings.service.agenda import mark_ready, put_on_agenda, take_off_agenda
from app.meetings.service.cancel import cancel_meeting, restore_meeting
from app.meetings.service.meetings import take_step
from app.papers.presentation import content_of
from app.platform.clock import today
from app.platform.db import Database
from tests.factories.cases import SYSTEM, make_complete, make_meeting
from tests.factories.forums import actor_with, make_forum


@pytest.fixture
def planned(database: Database):
    """A called meeting with a scheduled case and one that is still being written."""
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        ready, written = (make_complete(db, forum, title) for title in ("Klar", "Under arbeid"))
        for treatment in (ready, written):
            put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
        mark_ready(db, SYSTEM, ready.id, version=ready.version)
        take_step(db, SYSTEM, meeting.id, version=1, step="call")
    return forum, meeting, ready, written


def states(database: Database, *treatments: Treatment) -> list[TreatmentState]:
    with database.reading() as db:
        return [db.get_one(Treatment, each.id).state for each in treatments]


def test_its_cases_are_free_for_another_agenda(database: Database, planned) -> None:
    forum, meeting, ready, written = planned
    with database.writing() as db:
        cancel_meeting(db, SYSTEM, meeting.id, version=2, reason="For få saker")
        page = show_meeting(db, SYSTEM, meeting.id)
        assert (page.state, page.cancelled_because) == (MeetingState.CANCELLED, "For få saker")
        assert [item.case.title for item in page.items] == ["Klar", "Under arbeid"]
        assert content_of(db, SYSTEM, ready.id).meeting_date is None
    assert states(database, ready, written) == [TreatmentState.READY, TreatmentState.DRAFTING]
    with database.writing() as db:
        mark_ready(db, SYSTEM, written.id, version=db.get_one(Treatment, written.id).version)
        later = make_meeting(db, forum)
        put_on_agenda(db, SYSTEM, later.id, ready.id)
    assert states(database, ready, written) == [TreatmentState.SCHEDULED, TreatmentState.READY]


def test_a_case_still_being_written_is_free_too(database: Database, planned) -> None:
    forum, meeting, ready, written = planned
    with database.writing() as db:
        later = make_meeting(db, forum)
        with pytest.raises(RuleBroken, match=r"agenda\.on_another_agenda"):
            put_on_agenda(db, SYSTEM, later.id, written.id)
        assert may_be_listed(db, SYSTEM, forum.id) == ()
        cancel_meeting(db, SYSTEM, meeting.id, version=2, reason="For få saker")
        waiting = {line.treatment_id for line in may_be_listed(db, SYSTEM, forum.id)}
        assert waiting == {ready.id, written.id}
        put_on_agenda(db, SYSTEM, later.id, written.id)
        assert [item.case.title for item in show_meeting(db, SYSTEM, later.id).items] == ["Under arbeid"]
        assert [item.case.title for item in show_meeting(db, SYSTEM, meeting.id).items] == ["Klar"]


def test_nothing_is_counted_from_it(database: Database, planned) -> None:
    """Neither for papers of its day, nor for what lies ahead, nor as what a new meeting looks like."""
    forum, meeting, _ready, _written = planned
    with database.writing() as db:
        ahead = make_meeting(db, forum, today() + timedelta(days=9))
        assert meeting_on(db, forum.id, meeting.day) == meeting.id
        assert [line.id for line in upcoming(db, SYSTEM)] == [ahead.id]
        for each in (meeting, ahead):
            cancel_meeting(db, SYSTEM, each.id, version=each.version, reason="Streik")
        assert meeting_on(db, forum.id, meeting.day) is None
        assert upcoming(db, SYSTEM) == ()
        assert model_meeting(db, SYSTEM, forum.id) is None
        assert model_meeting(db, SYSTEM, forum.id, like=meeting.id).id == meeting.id


def test_it_is_planned_again_with_the_cases_that_still_stand_there(database: Database, planned) -> None:
    _forum, meeting, ready, written = planned
    with database.writing() as db:
        cancel_meeting(db, SYSTEM, meeting.id, version=2, reason="Streik")
        take_off_agenda(db, SYSTEM, meeting.id, written.id)
        restore_meeting(db, SYSTEM, meeting.id, version=3)
        page = show_meeting(db, SYSTEM, meeting.id)
        told = db.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.action.in_(("meeting.cancelled", "meeting.restored")))
            .order_by(AuditEvent.seq)
        ).all()
    assert (page.state, page.cancelled_because) == (MeetingState.PLANNED, "")
    assert states(database, ready) == [TreatmentState.SCHEDULED]
    assert told == ["meeting.cancelled", "meeting.restored"]


def test_what_is_refused_changes_nothing(database: Database, planned) -> None:
    forum, meeting, ready, written = planned
    with pytest.raises(RuleBroken, match=r"meeting\.no_cancel_reason"), database.writing() as db:
        cancel_meeting(db, SYSTEM, meeting.id, version=2, reason="  ")
    with pytest.raises(Conflict), database.writing() as db:
        cancel_meeting(db, SYSTEM, meeting.id, version=1, reason="Streik")
    with pytest.raises(NotAllowed), database.writing() as db:
        cancel_meeting(db, actor_with(forum, Role.LEADER), meeting.id, version=2, reason="Streik")
    with pytest.raises(RuleBroken, match=r"workflow\.wrong_state"), database.writing() as db:
        restore_meeting(db, SYSTEM, meeting.id, version=2)
    assert states(database, ready, written) == [TreatmentState.SCHEDULED, TreatmentState.DRAFTING]
    with database.writing() as db:
        cancel_meeting(db, SYSTEM, meeting.id, version=2, reason="Streik")
    for step in ("call", "recall", "cancel", "restore"):
        with pytest.raises(RuleBroken), database.writing() as db:
            take_step(db, SYSTEM, meeting.id, version=3, step=step)
    with pytest.raises(RuleBroken, match=r"agenda\.meeting_cancelled"), database.writing() as db:
        put_on_agenda(db, SYSTEM, meeting.id, make_complete(db, forum, "Ny").id)
