"""Planning a meeting and calling it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import FORUM_ROLES, Role
from app.audit.models import AuditEvent
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.meetings.models import Meeting
from app.meetings.policy import may_read, readable
from app.meetings.queries.find import meeting_on
from app.meetings.queries.lists import list_meetings, upcoming
from app.meetings.queries.show import show_meeting
from app.meetings.rules import MeetingKind, MeetingState
from app.meetings.service.agenda import put_on_agenda
from app.meetings.service.meetings import create_meeting, edit_meeting, take_step
from app.platform.clock import today
from app.platform.db import Database
from tests.factories.cases import DAY, SYSTEM, make_case, make_meeting
from tests.factories.forums import actor_with, administrator, make_forum, outsider

FACTS = {"kind": MeetingKind.ORDINARY, "day": DAY, "starts": time(9), "ends": time(11, 30), "place": "Storås"}


def test_a_meeting_is_planned_changed_and_told(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, default_place="Lillevik")
        meeting = create_meeting(db, SYSTEM, forum.id, **FACTS | {"place": ""})
        assert meeting.place == "Lillevik"
        edit_meeting(db, SYSTEM, meeting.id, version=1, **FACTS | {"day": date(2022, 3, 16)})
    with pytest.raises(Conflict), database.writing() as db:
        edit_meeting(db, SYSTEM, meeting.id, version=1, **FACTS)
    with database.reading() as db:
        page = show_meeting(db, SYSTEM, meeting.id)
        [told] = db.scalars(select(AuditEvent.changes).where(AuditEvent.action == "meeting.edited"))
    assert (page.version, page.day, page.starts, page.place) == (2, date(2022, 3, 16), time(9), "Storås")
    assert page.state is MeetingState.PLANNED
    assert told["day"] == ["2022-03-09", "2022-03-16"]


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"ends": time(9)}, "meeting.ends_before_start", "ends"),
        ({"starts": None}, "meeting.ends_before_start", "ends"),
        ({"day": date(1850, 1, 1)}, "meeting.day_out_of_range", "day"),
        ({"day": date(2030, 1, 1)}, "meeting.forum_not_active", "day"),
        ({"place": "x" * 301}, "text.too_long", "place"),
        ({"link": "javascript:alert(1)"}, "meeting.link_invalid", "link"),
        ({"link": "mailto:moete@example.no"}, "meeting.link_invalid", "link"),
        ({"link": "teams.example.no/moete"}, "meeting.link_invalid", "link"),
    ],
)
def test_a_meeting_must_be_possible(
    facts: dict[str, object], code: str, field: str, database: Database
) -> None:
    with database.writing() as db:
        forum = make_forum(db, active_to=date(2029, 12, 31))
    with pytest.raises(RuleBroken) as refused, database.writing() as db:
        create_meeting(db, SYSTEM, forum.id, **FACTS | facts)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [(code, field)]


def test_a_meeting_is_called_when_there_is_something_to_treat(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        offered = {step.name: step.objections for step in show_meeting(db, SYSTEM, meeting.id).steps}
        assert [reason.code for reason in offered["call"]] == ["meeting.empty_agenda"]
    with pytest.raises(RuleBroken, match=r"meeting\.empty_agenda"), database.writing() as db:
        take_step(db, SYSTEM, meeting.id, version=1, step="call")
    with database.writing() as db:
        put_on_agenda(db, SYSTEM, meeting.id, make_case(db, forum).id)
        called = take_step(db, SYSTEM, meeting.id, version=1, step="call")
        assert (called.state, called.version) == (MeetingState.CALLED, 2)
        assert take_step(db, SYSTEM, meeting.id, version=2, step="recall").state is MeetingState.PLANNED
        told = db.scalars(select(AuditEvent.action).where(AuditEvent.action.like("meeting.%called"))).all()
    assert told == ["meeting.called", "meeting.recalled"]


@pytest.mark.parametrize("role", [*FORUM_ROLES, None])
def test_readers_of_the_forum_see_its_meetings(role: Role | None, database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        make_meeting(db, make_forum(db, "annet"))
    actor = actor_with(forum, role) if role else outsider()
    with database.reading() as db:
        listed = set(db.scalars(select(Meeting.id).where(readable(actor))))
        assert listed == {each.id for each in db.scalars(select(Meeting)) if may_read(actor, each)}
        assert listed == ({meeting.id} if role else set())
        if not role:
            with pytest.raises(NotFound):
                show_meeting(db, actor, meeting.id)
    if role not in {Role.SECRETARY, Role.MINUTE_TAKER}:
        with pytest.raises(NotAllowed if role else NotFound), database.writing() as db:
            edit_meeting(db, actor, meeting.id, version=1, **FACTS)


@pytest.fixture
def admin() -> Actor:
    return administrator()


def test_lists_of_meetings(database: Database, admin: Actor) -> None:
    now = today()
    with database.writing() as db:
        forum, other = make_forum(db), make_forum(db, "annet")
        old = make_meeting(db, forum, date(2019, 6, 13))
        seminar = make_meeting(db, forum, date(2019, 5, 8), kind=MeetingKind.SEMINAR)
        later = make_meeting(db, forum, now + timedelta(days=30))
        soon = make_meeting(db, other, now)
        put_on_agenda(db, SYSTEM, later.id, make_case(db, forum).id)
    with database.reading() as db:
        assert [line.id for line in list_meetings(db, admin, forum.id).lines] == [
            later.id,
            old.id,
            seminar.id,
        ]
        assert [line.id for line in list_meetings(db, admin, forum.id, year=2019).lines] == [
            old.id,
            seminar.id,
        ]
        assert [line.id for line in upcoming(db, admin)] == [soon.id, later.id]
        assert [(line.id, line.item_count) for line in upcoming(db, admin, forum_id=forum.id)] == [
            (later.id, 1)
        ]
        member = actor_with(forum, Role.MEMBER)
        assert [(line.id, line.item_count) for line in upcoming(db, member)] == [(later.id, 0)]
        assert meeting_on(db, forum.id, date(2019, 6, 13)) == old.id
        assert meeting_on(db, forum.id, date(2019, 6, 14)) is None


def test_meetings_of_one_day_without_an_hour_stand_last_on_both_databases(database: Database) -> None:
    day = today() + timedelta(days=1)
    with database.writing() as db:
        forum = make_forum(db)
        for starts in (None, time(13), time(9)):
            make_meeting(db, forum, day=day, starts=starts)
    with database.reading() as db:
        assert [line.starts for line in upcoming(db, SYSTEM)] == [time(9), time(13), None]
        newest_first = list_meetings(db, SYSTEM, forum.id).lines
        assert [line.starts for line in newest_first] == [time(13), time(9), None]
