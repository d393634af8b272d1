"""Who sits where, when, and what follows from it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access.roles import FORUM_ROLES, Role
from app.audit.models import AuditEvent
from app.directory.rules import Days, Side
from app.forums.queries import members_on, roles_of
from app.forums.rules import Term, membership_reasons
from app.forums.service.seats import (
    add_membership,
    add_seat,
    end_membership,
    end_seat,
    update_membership,
    update_seat,
)
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from tests.factories.forums import actor_with, make_forum, make_membership, make_seat, outsider
from tests.factories.people import make_organisation, make_person
from tests.support.queries import counted_statements

BEGAN = date(2024, 1, 1)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_roles_hold_on_their_days_only(database: Database) -> None:
    with database.writing() as db:
        skate, au = make_forum(db, "skate"), make_forum(db, "au")
        kari, ola = make_person(db, "Kari"), make_person(db, "Ola")
        make_membership(db, skate, kari.id, Role.MEMBER, valid_from=BEGAN, valid_to=TODAY)
        make_membership(db, skate, kari.id, Role.SECRETARY, valid_from=TODAY)
        make_membership(db, au, kari.id, Role.OBSERVER, valid_from=TODAY + DAY)
        make_membership(db, au, ola.id, Role.LEADER, valid_from=BEGAN)
    member, secretary = frozenset({Role.MEMBER}), frozenset({Role.SECRETARY})
    with database.reading() as db, counted_statements(database) as statements:
        assert roles_of(db, kari.id, BEGAN - DAY) == {}
        assert roles_of(db, kari.id, BEGAN) == {skate.id: member}
        assert roles_of(db, kari.id, TODAY) == {skate.id: member | secretary}
        assert roles_of(db, kari.id, TODAY + DAY) == {skate.id: secretary, au.id: frozenset({Role.OBSERVER})}
    assert len(statements) == 4


def test_who_sat_where_on_any_day(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        secretary = actor_with(forum, Role.SECRETARY)
        digdir = make_organisation(db, "Digitaliseringsdirektoratet", "Digdir")
        seat = add_seat(db, secretary, forum.id, organisation_id=digdir.id, appointed_by="DFD")
        municipal = add_seat(db, secretary, forum.id, side=Side.MUNICIPAL, appointed_by="KS")
        people = {name: make_person(db, name) for name in ("Anne", "Bo", "Cato", "Dag")}
        first = add_membership(
            db,
            secretary,
            forum.id,
            person_id=people["Anne"].id,
            role=Role.LEADER,
            seat_id=seat.id,
            valid_from=BEGAN,
            valid_to=None,
        )
        end_membership(db, secretary, first.id, version=1, last_day=TODAY - DAY)
        for name, role, seat_id in (
            ("Bo", Role.LEADER, seat.id),
            ("Cato", Role.DEPUTY, seat.id),
            ("Dag", Role.SECRETARY, None),
        ):
            add_membership(
                db,
                secretary,
                forum.id,
                person_id=people[name].id,
                role=role,
                seat_id=seat_id,
                valid_from=TODAY,
                valid_to=None,
            )
    with database.reading() as db, counted_statements(database) as statements:
        before = members_on(db, forum.id, TODAY - DAY)
        after = members_on(db, forum.id, TODAY)
    assert len(statements) == 6
    assert [(line.abbreviation, line.side, line.appointed_by) for line in before] == [
        ("Digdir", Side.STATE, "DFD"),
        ("", Side.MUNICIPAL, "KS"),
    ]
    assert [[person.name for person in line.people] for line in before] == [["Anne"], []]
    assert [line.seat_id for line in after] == [seat.id, municipal.id, None]
    assert [[(person.name, person.role) for person in line.people] for line in after] == [
        [("Bo", Role.LEADER), ("Cato", Role.DEPUTY)],
        [],
        [("Dag", Role.SECRETARY)],
    ]


ANNE, BO = uuid4(), uuid4()
SEAT, OTHER_SEAT = uuid4(), uuid4()


def term(person=ANNE, role=Role.MEMBER, seat=SEAT, begins=BEGAN, ends=None) -> Term:
    return Term(person, role, seat, begins, ends)


@pytest.mark.parametrize(
    ("wanted", "others", "code"),
    [
        (term(), [], None),
        (term(role=Role.ADMINISTRATOR), [], "membership.not_a_forum_role"),
        (term(ends=BEGAN - DAY), [], "membership.dates_out_of_order"),
        (term(ends=BEGAN), [], None),
        (term(role=Role.LEADER), [term(BO, Role.LEADER, OTHER_SEAT)], "membership.leader_already"),
        (
            term(role=Role.LEADER),
            [term(BO, Role.LEADER, OTHER_SEAT, ends=BEGAN)],
            "membership.leader_already",
        ),
        (term(role=Role.LEADER), [term(BO, Role.LEADER, OTHER_SEAT, date(2020, 1, 1), BEGAN - DAY)], None),
        (term(), [term(BO)], "membership.seat_taken"),
        (term(), [term(BO, Role.LEADER)], "membership.seat_taken"),
        (term(), [term(BO, seat=OTHER_SEAT)], None),
        (term(), [term(BO, Role.DEPUTY), term(BO, Role.SECOND)], None),
        (term(role=Role.DEPUTY), [term(BO), term(BO, Role.DEPUTY)], None),
        (term(), [term(seat=OTHER_SEAT)], "membership.twice"),
        (term(role=Role.SECRETARY), [term(role=Role.MINUTE_TAKER)], None),
    ],
)
def test_who_may_sit_beside_whom(wanted: Term, others: list[Term], code: str | None) -> None:
    reasons = membership_reasons(wanted, others, Days(None, None))
    assert [reason.code for reason in reasons] == ([code] if code else [])


@pytest.mark.parametrize("role", FORUM_ROLES)
def test_who_needs_a_seat(role: Role) -> None:
    needs_none = {Role.SECRETARY, Role.MINUTE_TAKER, Role.OBSERVER}
    reasons = membership_reasons(term(role=role, seat=None), [], None)
    assert [reason.code for reason in reasons] == ([] if role in needs_none else ["membership.seat_needed"])


def test_nobody_sits_in_a_seat_outside_its_days(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        secretary = actor_with(forum, Role.SECRETARY)
        kari = make_person(db)
        seat = make_seat(db, forum, valid_from=BEGAN, valid_to=TODAY)
        fields = {"person_id": kari.id, "role": Role.MEMBER, "seat_id": seat.id}
        for begins, ends in ((BEGAN - DAY, TODAY), (BEGAN, None)):
            with pytest.raises(RuleBroken, match=r"membership\.outside_seat"):
                add_membership(db, secretary, forum.id, valid_from=begins, valid_to=ends, **fields)
        membership = add_membership(db, secretary, forum.id, valid_from=BEGAN, valid_to=TODAY, **fields)
        with pytest.raises(RuleBroken, match=r"seat\.still_held"):
            end_seat(db, secretary, seat.id, version=1, last_day=TODAY - DAY)
        end_membership(db, secretary, membership.id, version=1, last_day=TODAY - DAY)
        assert end_seat(db, secretary, seat.id, version=1, last_day=TODAY - DAY).version == 2
        with pytest.raises(RuleBroken, match=r"seat\.dates_out_of_order"):
            end_seat(db, secretary, seat.id, version=2, last_day=BEGAN - DAY)


def test_a_membership_is_changed_and_told(database: Database) -> None:
    with database.writing() as db:
        forum, elsewhere = make_forum(db, "skate"), make_forum(db, "au")
        secretary = actor_with(forum, Role.SECRETARY)
        kari = make_person(db)
        membership = make_membership(db, forum, kari.id, Role.OBSERVER, valid_from=BEGAN)
        fields = {"valid_from": BEGAN, "valid_to": TODAY}
        foreign = make_seat(db, elsewhere)
        with pytest.raises(RuleBroken, match=r"membership\.seat_unknown"):
            update_membership(
                db, secretary, membership.id, version=1, role=Role.MEMBER, seat_id=foreign.id, **fields
            )
        update_membership(
            db, secretary, membership.id, version=1, role=Role.MINUTE_TAKER, seat_id=None, **fields
        )
        assert roles_of(db, kari.id, TODAY) == {forum.id: frozenset({Role.MINUTE_TAKER})}
        with pytest.raises(Conflict):
            end_membership(db, secretary, membership.id, version=1, last_day=TODAY)
        with pytest.raises(RuleBroken, match=r"membership\.dates_out_of_order"):
            end_membership(db, secretary, membership.id, version=2, last_day=BEGAN - DAY)
        event = db.scalars(select(AuditEvent)).one()
        assert (event.action, event.subject_name, event.forum_id) == (
            "membership.changed",
            "Kari Nordmann",
            forum.id,
        )
        assert event.changes == {"role": ["observer", "minute_taker"], "valid_to": [None, "2026-03-02"]}


def test_seats_are_changed_within_reason(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        secretary = actor_with(forum, Role.SECRETARY)
        with pytest.raises(RuleBroken, match=r"seat\.side_needed"):
            add_seat(db, secretary, forum.id)
        with pytest.raises(RuleBroken, match=r"seat\.organisation_unknown"):
            add_seat(db, secretary, forum.id, organisation_id=uuid4())
        with pytest.raises(RuleBroken, match=r"seat\.dates_out_of_order"):
            add_seat(db, secretary, forum.id, side=Side.STATE, valid_from=TODAY, valid_to=BEGAN)
        first, second = (add_seat(db, secretary, forum.id, side=Side.STATE) for _ in range(2))
        assert (first.position, second.position) == (1, 2)
        fields = {"organisation_id": None, "appointed_by": "KS", "valid_from": None, "valid_to": None}
        update_seat(db, secretary, first.id, version=1, side=Side.MUNICIPAL, position=9, **fields)
        assert [line.side for line in members_on(db, forum.id, TODAY)] == [Side.STATE, Side.MUNICIPAL]
        with pytest.raises(Conflict):
            update_seat(db, secretary, first.id, version=1, side=Side.STATE, position=1, **fields)


def test_others_than_the_secretary_are_refused(database: Database) -> None:
    with database.writing() as db:
        forum, other = make_forum(db, "skate"), make_forum(db, "au")
        kari = make_person(db)
        seat = make_seat(db, forum)
        membership = make_membership(db, forum, kari.id, Role.MEMBER, seat_id=seat.id)
        new = {
            "person_id": kari.id,
            "role": Role.OBSERVER,
            "seat_id": None,
            "valid_from": BEGAN,
            "valid_to": None,
        }
        strangers = [(outsider(), NotFound), (actor_with(other, Role.SECRETARY), NotFound)]
        insiders = [
            (actor_with(forum, role), NotAllowed) for role in FORUM_ROLES if role is not Role.SECRETARY
        ]
        for actor, refusal in strangers + insiders:
            with pytest.raises(refusal):
                add_membership(db, actor, forum.id, **new)
            with pytest.raises(refusal):
                end_membership(db, actor, membership.id, version=1, last_day=TODAY)
            with pytest.raises(refusal):
                add_seat(db, actor, forum.id, side=Side.STATE)
            with pytest.raises(refusal):
                end_seat(db, actor, seat.id, version=1, last_day=TODAY)
        secretary = actor_with(forum, Role.SECRETARY)
        with pytest.raises(NotFound):
            end_seat(db, secretary, uuid4(), version=1, last_day=TODAY)
        with pytest.raises(RuleBroken, match=r"membership\.person_unknown"):
            add_membership(db, secretary, forum.id, **(new | {"person_id": uuid4()}))
