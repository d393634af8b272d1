"""What stands on an agenda, its numbers and its order."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest

from app.access.roles import Role
from app.cases.queries.show import show_case
from app.cases.rules import TreatmentKind, TreatmentState
from app.cases.service.numbers import set_number
from app.cases.service.presenters import PresenterDraft
from app.cases.service.refer import refer_case
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.forums.models import Forum
from app.kernel.errors import NotAllowed, NotFound, RuleBroken
from app.meetings.queries.find import meeting_of
from app.meetings.queries.show import may_be_listed, show_meeting
from app.meetings.service.agenda import mark_ready, move_item, put_on_agenda, take_off_agenda
from app.platform.db import Database
from tests.factories.cases import DAY, SYSTEM, make_case, make_complete, make_meeting
from tests.factories.forums import actor_with, make_forum
from tests.support.queries import counted_statements

S = TreatmentState


def agenda(database: Database, meeting_id) -> list[tuple[int, str, str, S]]:
    with database.reading() as db:
        return [
            (item.position, item.case.number, item.case.title, item.case.state)
            for item in show_meeting(db, SYSTEM, meeting_id).items
        ]


def test_a_number_is_drawn_from_the_meetings_year_and_kept(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting, next_year = make_meeting(db, forum), make_meeting(db, forum, date(2023, 1, 12))
        first, second, typed = (make_case(db, forum, title) for title in ("Første", "Andre", "Skrevet"))
        set_number(db, SYSTEM, typed.id, sequence=6, year=2022)
        for treatment in (first, second, typed, first):
            put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
    assert agenda(database, meeting.id) == [
        (1, "7/2022", "Første", S.DRAFTING),
        (2, "8/2022", "Andre", S.DRAFTING),
        (3, "6/2022", "Skrevet", S.DRAFTING),
    ]
    with database.writing() as db:
        take_off_agenda(db, SYSTEM, meeting.id, first.id)
        put_on_agenda(db, SYSTEM, next_year.id, first.id)
        put_on_agenda(db, SYSTEM, next_year.id, make_case(db, forum, "Ny").id)
        assert [line.title for line in may_be_listed(db, SYSTEM, forum.id)] == []
    assert agenda(database, next_year.id) == [
        (1, "7/2022", "Første", S.DRAFTING),
        (2, "1/2023", "Ny", S.DRAFTING),
    ]
    assert [item[:2] for item in agenda(database, meeting.id)] == [(1, "8/2022"), (2, "6/2022")]


def test_what_is_ready_is_scheduled_and_what_is_written_is_so_later(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        ready, drafting, loose = (make_complete(db, forum, title) for title in ("A", "B", "C"))
        assert mark_ready(db, SYSTEM, ready.id, version=ready.version).state is S.READY
        put_on_agenda(db, SYSTEM, meeting.id, ready.id)
        put_on_agenda(db, SYSTEM, meeting.id, drafting.id)
        assert (ready.state, drafting.state) == (S.SCHEDULED, S.DRAFTING)
        assert mark_ready(db, SYSTEM, drafting.id, version=drafting.version).state is S.SCHEDULED
        assert mark_ready(db, SYSTEM, loose.id, version=loose.version).state is S.READY
        found = meeting_of(db, drafting.id)
        assert found is not None
        assert found.day == DAY
        take_off_agenda(db, SYSTEM, meeting.id, drafting.id)
        assert (drafting.state, drafting.sequence) == (S.READY, 2)
        assert meeting_of(db, drafting.id) is None
        empty = make_case(db, forum)
        put_on_agenda(db, SYSTEM, meeting.id, empty.id)
    with pytest.raises(RuleBroken, match=r"treatment\.no_proposal"), database.writing() as db:
        mark_ready(db, SYSTEM, empty.id, version=empty.version)


def test_a_postponed_case_moves_to_the_next_agenda(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting, later = make_meeting(db, forum), make_meeting(db, forum, date(2022, 6, 2))
        treatment = make_complete(db, forum)
        put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
        mark_ready(db, SYSTEM, treatment.id, version=treatment.version)
    with pytest.raises(RuleBroken, match=r"agenda\.wrong_state"), database.writing() as db:
        put_on_agenda(db, SYSTEM, later.id, treatment.id)
    with database.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=treatment.version, step="postpone")
    assert agenda(database, meeting.id) == [(1, "1/2022", "Felles kalender", S.POSTPONED)]
    with database.writing() as db:
        assert [line.treatment_id for line in may_be_listed(db, SYSTEM, forum.id)] == [treatment.id]
        put_on_agenda(db, SYSTEM, later.id, treatment.id)
    assert agenda(database, meeting.id) == []
    assert agenda(database, later.id) == [(1, "1/2022", "Felles kalender", S.SCHEDULED)]


def test_nobody_arranges_an_agenda_while_a_case_is_taken_from_it_to_another(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting, later = make_meeting(db, forum), make_meeting(db, forum, date(2022, 6, 2))
        put_off, stays = make_complete(db, forum, "Utsatt"), make_case(db, forum, "Blir")
        for treatment in (put_off, stays):
            put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
        mark_ready(db, SYSTEM, put_off.id, version=put_off.version)
        take_step(db, SYSTEM, put_off.id, version=put_off.version, step="postpone")

    def arrange() -> None:
        with database.writing() as db:
            move_item(db, SYSTEM, meeting.id, stays.id, direction="up")

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as db:
            put_on_agenda(db, SYSTEM, later.id, put_off.id)
            arranged = pool.submit(arrange)
            wait([arranged], timeout=0.5)  # until it waits for us, or has gone wrong
        arranged.result()
    assert [item[2] for item in agenda(database, meeting.id)] == ["Blir"]
    assert [item[2] for item in agenda(database, later.id)] == ["Utsatt"]


def test_a_draft_stands_on_one_agenda_at_a_time(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        one, two = make_meeting(db, forum), make_meeting(db, forum, date(2022, 6, 2))
        treatment = make_case(db, forum)
        put_on_agenda(db, SYSTEM, one.id, treatment.id)
    with pytest.raises(RuleBroken, match=r"agenda\.on_another_agenda"), database.writing() as db:
        put_on_agenda(db, SYSTEM, two.id, treatment.id)
    with pytest.raises(NotFound), database.writing() as db:
        take_off_agenda(db, SYSTEM, two.id, treatment.id)


def test_a_case_of_another_forum_does_not_come_on(database: Database) -> None:
    with database.writing() as db:
        forum, other = make_forum(db), make_forum(db, "annet")
        meeting = make_meeting(db, forum)
        treatment = make_case(db, other)
    with pytest.raises(RuleBroken, match=r"agenda\.other_forum"), database.writing() as db:
        put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
    with pytest.raises(NotFound), database.writing() as db:
        put_on_agenda(db, actor_with(forum, Role.SECRETARY), meeting.id, treatment.id)


def test_what_has_been_treated_stays_on_its_agenda(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        treatment = make_complete(db, forum)
        put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
        mark_ready(db, SYSTEM, treatment.id, version=treatment.version)
        take_step(db, SYSTEM, treatment.id, version=treatment.version, step="treat")
    with pytest.raises(RuleBroken, match=r"agenda\.treated"), database.writing() as db:
        take_off_agenda(db, SYSTEM, meeting.id, treatment.id)
    assert agenda(database, meeting.id)[0][3] is S.TREATED


def test_a_requested_case_may_be_planned_before_its_work_begins(database: Database) -> None:
    with database.writing() as db:
        forum, au = make_forum(db), make_forum(db, "au")
        meeting = make_meeting(db, au)
        case = make_case(db, forum)
        referred = refer_case(
            db, SYSTEM, case.case_id, to_forum_id=au.id, title="Råd", kind=TreatmentKind.DISCUSS
        )
        put_on_agenda(db, SYSTEM, meeting.id, referred.id)
    assert agenda(database, meeting.id) == [(1, "1/2022", "Råd", S.REQUESTED)]


def test_items_change_places(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        a, b, c = (make_case(db, forum, title) for title in "ABC")
        for treatment in (a, b, c):
            put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
        move_item(db, SYSTEM, meeting.id, c.id, direction="up")
        move_item(db, SYSTEM, meeting.id, a.id, direction="up")
        move_item(db, SYSTEM, meeting.id, b.id, direction="down")
    assert [item[2] for item in agenda(database, meeting.id)] == ["A", "C", "B"]


def test_a_private_draft_on_the_agenda_is_not_there_for_members(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        hidden, shown = make_case(db, forum, "Skjult"), make_case(db, forum, "Delt")
        for treatment in (hidden, shown):
            put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
        share(db, SYSTEM, shown.id)
        page = show_meeting(db, actor_with(forum, Role.MEMBER), meeting.id)
    assert [(item.position, item.case.title, item.presenters) for item in page.items] == [
        (1, "Delt", "Kari Oppdiktet")
    ]
    assert (page.steps, page.may_edit) == ((), False)
    with pytest.raises(NotAllowed), database.writing() as db:
        put_on_agenda(db, actor_with(forum, Role.MEMBER), meeting.id, shown.id)


def test_a_minute_taker_arranges_the_agenda(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
        treatment = make_complete(db, forum)
        mark_ready(db, SYSTEM, treatment.id, version=treatment.version)
        put_on_agenda(db, actor_with(forum, Role.MINUTE_TAKER), meeting.id, treatment.id)
        assert show_case(db, SYSTEM, treatment.case_id).treatment.state is S.SCHEDULED


def test_a_long_agenda_costs_no_more_queries_than_a_short_one(database: Database) -> None:
    def fill(forum: Forum, count: int) -> None:
        with database.writing() as db:
            for number in range(count):
                presenters = (PresenterDraft("Kari"), PresenterDraft(f"Ola {number}"))
                treatment = make_case(db, forum, f"Sak {number}", presenters=presenters)
                put_on_agenda(db, SYSTEM, meeting.id, treatment.id)

    def cost() -> int:
        with counted_statements(database) as statements, database.reading() as db:
            shown = show_meeting(db, SYSTEM, meeting.id)
            assert shown.items[-1].presenters.startswith("Kari, Ola")
        return len(statements)

    with database.writing() as db:
        forum = make_forum(db)
        meeting = make_meeting(db, forum)
    fill(forum, 10)
    few = cost()
    fill(forum, 90)
    assert cost() == few <= 6


def test_a_refusal_changes_nothing_even_when_the_transaction_goes_on(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        meeting, later = make_meeting(db, forum), make_meeting(db, forum, date(2022, 6, 2))
        listed, loose, postponed = (make_complete(db, forum, title) for title in "ABC")
        mark_ready(db, SYSTEM, loose.id, version=loose.version)
        put_on_agenda(db, SYSTEM, meeting.id, listed.id)
        put_on_agenda(db, SYSTEM, meeting.id, postponed.id)
        mark_ready(db, SYSTEM, postponed.id, version=postponed.version)
        take_step(db, SYSTEM, postponed.id, version=postponed.version, step="postpone")
        forum.active_to = date(2021, 12, 31)
        before = (listed.version, loose.version, postponed.version)
    with database.writing() as db:
        for refused in (
            lambda: mark_ready(db, SYSTEM, listed.id, version=before[0]),
            lambda: put_on_agenda(db, SYSTEM, meeting.id, loose.id),
            lambda: put_on_agenda(db, SYSTEM, later.id, postponed.id),
        ):
            with pytest.raises(RuleBroken, match=r"treatment\.forum_not_active"):
                refused()
    assert [(item[1], item[3]) for item in agenda(database, meeting.id)] == [
        ("1/2022", S.DRAFTING),
        ("2/2022", S.POSTPONED),
    ]
    assert agenda(database, later.id) == []
    with database.reading() as db:
        shown = [show_case(db, SYSTEM, each.case_id).treatment for each in (listed, loose, postponed)]
    assert tuple(each.version for each in shown) == before
    assert shown[1].number == ""
