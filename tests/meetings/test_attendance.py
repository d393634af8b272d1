"""Who was at a meeting: the list, its order, and lines that are exempt from public access."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.access.matrix import MATRIX
from app.access.permissions import Permission
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.exemptions.models import Exemption
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.meetings.attendance_rules import AttendanceRole
from app.meetings.queries.attendance import attendance_of
from app.meetings.service.attendance import (
    AttendanceDraft,
    add_attendance,
    edit_attendance,
    move_attendance,
    remove_attendance,
)
from app.meetings.service.exempt import end_attendance_exemption, exempt_attendance
from app.platform.db import Database
from tests.factories.cases import DAY, SYSTEM, make_meeting
from tests.factories.exemptions import codes, draft
from tests.factories.forums import actor_with, make_forum

READERS = (Role.LEADER, Role.MEMBER, Role.DEPUTY, Role.SECOND, Role.SECRETARY, Role.MINUTE_TAKER)


def somebody(forum, role):
    """Somebody with a role; without an account, which decisions would name."""
    return replace(actor_with(forum, role), user_id=None)


class Listed:
    """A meeting with three lines, the middle one of which may be exempt."""

    def __init__(self, db, *, is_exempt=False):
        self.forum = make_forum(db)
        self.meeting = make_meeting(db, self.forum)
        names = ("Kari", "Hemmelig", "Ola")
        self.lines = [add_attendance(db, SYSTEM, self.meeting.id, AttendanceDraft(name)) for name in names]
        if is_exempt:
            self.exemption = exempt_attendance(db, SYSTEM, self.meeting.id, self.lines[1].id, draft(db))

    def seen_by(self, db, actor):
        return attendance_of(db, actor, self.meeting.id, self.forum.id)

    def names(self, db, actor=SYSTEM):
        return [line.name for line in self.seen_by(db, actor).lines]


def test_the_list_keeps_its_order_and_what_happened_to_it(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db)
        meeting, (kari, hidden, ola) = listed.meeting.id, listed.lines
        move_attendance(db, SYSTEM, meeting, ola.id, direction="up")
        move_attendance(db, SYSTEM, meeting, kari.id, direction="up")  # the first stays
        assert listed.names(db) == ["Kari", "Ola", "Hemmelig"]
        wanted = AttendanceDraft(" Liv \n Marie ", "BR", AttendanceRole.DEPUTY, "Leif", is_absent=True)
        edit_attendance(db, SYSTEM, meeting, ola.id, wanted, version=1)
        remove_attendance(db, SYSTEM, meeting, kari.id, version=1)
        seen = listed.seen_by(db, SYSTEM)
        assert [(line.name, line.standing_in_for, line.is_absent) for line in seen.lines] == [
            ("Liv Marie", "Leif", True),
            ("Hemmelig", "", False),
        ]
        assert (seen.present, seen.absent) == (1, 1)
        assert [line.position for line in (ola, hidden)] == [1, 2]
    with database.reading() as db:
        events = db.scalars(select(AuditEvent).where(AuditEvent.action.like("meeting.attendance%")))
        told = [(event.action.partition("_")[2], event.forum_id, event.changes) for event in events]
    assert [each[0] for each in told] == ["added"] * 3 + ["moved", "edited", "removed"]
    assert {each[1] for each in told} == {listed.forum.id}
    assert told[4][2] == {
        "day": [None, DAY.isoformat()],
        "name": ["Ola", "Liv Marie"],
        "organisation": ["", "BR"],
        "role": ["member", "deputy"],
        "standing_in_for": ["", "Leif"],
        "is_absent": [False, True],
    }


def test_a_line_needs_a_name_and_nobody_writes_over_another(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db)
        meeting, line = listed.meeting.id, listed.lines[0]
        with pytest.raises(RuleBroken) as broken:
            add_attendance(db, SYSTEM, meeting, AttendanceDraft("  ", "o" * 501, standing_in_for="s" * 501))
        assert codes(broken) == ["attendance.no_name", "text.too_long", "text.too_long"]
        edit_attendance(db, SYSTEM, meeting, line.id, AttendanceDraft("Kari N."), version=1)
        with pytest.raises(Conflict):
            edit_attendance(db, SYSTEM, meeting, line.id, AttendanceDraft("Kari M."), version=1)
        with pytest.raises(Conflict):
            remove_attendance(db, SYSTEM, meeting, line.id, version=1)
        assert listed.names(db)[0] == "Kari N."


def test_those_who_keep_the_meeting_keep_the_list(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db)
        elsewhere = make_meeting(db, make_forum(db, "annet", "Et annet forum"))
        for role in (Role.SECRETARY, Role.MINUTE_TAKER):
            add_attendance(db, actor_with(listed.forum, role), listed.meeting.id, AttendanceDraft(role.value))
        for role in (Role.LEADER, Role.MEMBER, Role.OBSERVER):
            with pytest.raises(NotAllowed):
                add_attendance(
                    db, actor_with(listed.forum, role), listed.meeting.id, AttendanceDraft("Ingen")
                )
        for act in (
            lambda: edit_attendance(
                db, SYSTEM, elsewhere.id, listed.lines[0].id, AttendanceDraft("Ingen"), version=1
            ),
            lambda: remove_attendance(db, SYSTEM, elsewhere.id, listed.lines[0].id, version=1),
            lambda: move_attendance(db, SYSTEM, elsewhere.id, listed.lines[0].id, direction="up"),
            lambda: exempt_attendance(db, SYSTEM, elsewhere.id, listed.lines[0].id, draft(db)),
        ):
            with pytest.raises(NotFound):
                act()
        assert listed.names(db) == ["Kari", "Hemmelig", "Ola", "secretary", "minute_taker"]


def test_an_exempt_line_is_there_only_for_those_who_may_read_it(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db, is_exempt=True)
        for role in READERS:
            seen = listed.seen_by(db, actor_with(listed.forum, role))
            assert [line.name for line in seen.lines] == ["Kari", "Hemmelig", "Ola"], role
            assert seen.grounds == ()
            assert seen.lines[1].exemption.ground == "offl. §\u00a023 første ledd"
        observer = listed.seen_by(db, actor_with(listed.forum, Role.OBSERVER))
        assert [line.name for line in observer.lines] == ["Kari", "Ola"]
        assert (observer.present, observer.grounds) == (2, ("offl. §\u00a023 første ledd",))
        outsider = listed.seen_by(db, actor_with(make_forum(db, "annet", "Et annet forum"), Role.SECRETARY))
        assert (outsider.lines, outsider.grounds) == ((), ())


def test_who_sat_by_deputy_for_an_exempt_name_is_not_said(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db, is_exempt=True)
        for name in ("hemmelig", "Hemmelig (leder)", "Kari"):
            deputy = AttendanceDraft("Dagny", role=AttendanceRole.DEPUTY, standing_in_for=name)
            add_attendance(db, SYSTEM, listed.meeting.id, deputy)
        for role, told in (
            (Role.MEMBER, ["hemmelig", "Hemmelig (leder)", "Kari"]),
            (Role.OBSERVER, ["", "", "Kari"]),
        ):
            lines = listed.seen_by(db, actor_with(listed.forum, role)).lines
            assert [line.standing_in_for for line in lines if line.name == "Dagny"] == told


def test_who_reads_the_history_of_the_forum_may_read_the_exempt_names_in_it() -> None:
    for role, permissions in MATRIX.items():
        if Permission.FORUM_HISTORY in permissions:
            assert Permission.CASE_READ_EXEMPT in permissions, role


def test_a_decision_is_made_changed_and_ended_by_the_same_rules_as_of_cases(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db)
        meeting, line = listed.meeting.id, listed.lines[1]
        leader = somebody(listed.forum, Role.LEADER)
        with pytest.raises(NotAllowed):
            exempt_attendance(db, somebody(listed.forum, Role.MINUTE_TAKER), meeting, line.id, draft(db))
        with pytest.raises(RuleBroken) as broken:
            exempt_attendance(db, leader, meeting, line.id, draft(db, considered_wider_access=False))
        assert codes(broken) == ["exemption.wider_access"]
        first = exempt_attendance(db, leader, meeting, line.id, draft(db))
        with pytest.raises(Conflict):
            exempt_attendance(db, leader, meeting, line.id, draft(db, "offl-13-1"))
        second = exempt_attendance(db, leader, meeting, line.id, draft(db, "offl-13-1"), replaces=first.id)
        assert first.ended_at is not None
        with pytest.raises(Conflict):
            end_attendance_exemption(db, leader, meeting, line.id, exemption_id=first.id)
        end_attendance_exemption(db, leader, meeting, line.id, exemption_id=second.id)
        assert line.exemption_id is None
        assert db.query(Exemption).count() == 2
    with database.reading() as db:
        acts = db.scalars(select(AuditEvent.action).where(AuditEvent.action.like("%exempt%"))).all()
    assert [act.rpartition("_")[2] for act in acts] == ["exempted", "changed", "ended"]


def test_removing_an_exempt_line_is_for_those_who_may_end_the_exemption(database: Database) -> None:
    with database.writing() as db:
        listed = Listed(db, is_exempt=True)
        line = listed.lines[1]
        minute_taker = somebody(listed.forum, Role.MINUTE_TAKER)
        edit_attendance(
            db, minute_taker, listed.meeting.id, line.id, AttendanceDraft("Hemmelig N."), version=2
        )
        assert line.exemption_id == listed.exemption.id
        with pytest.raises(NotAllowed):
            remove_attendance(db, minute_taker, listed.meeting.id, line.id, version=3)
        secretary = somebody(listed.forum, Role.SECRETARY)
        remove_attendance(db, secretary, listed.meeting.id, line.id, version=3)
        assert listed.exemption.ended_at is not None
        assert listed.names(db) == ["Kari", "Ola"]
