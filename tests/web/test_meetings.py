"""The pages of meetings: the list, one meeting, its agenda and its call."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.rules import TreatmentState
from app.cases.service.presenters import PresenterDraft
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.forums.models import Forum
from app.meetings.models import Meeting
from app.meetings.queries.show import show_meeting
from app.meetings.rules import MeetingKind, MeetingState
from app.meetings.service.agenda import mark_ready, put_on_agenda
from tests.factories.cases import make_complete, make_meeting
from tests.factories.forums import make_forum
from tests.support.browsers import browser_as
from tests.support.queries import counted_statements

SYSTEM = Actor.system()
DAY = date(2019, 6, 13)
FORM = {"kind": "ordinary", "day": "2019-06-13", "starts": "09:00", "ends": "11:30", "place": "Rom 2015"}


@pytest.fixture
def skate(web) -> Forum:
    with web.database.writing() as db:
        return make_forum(db, "skate", "Skate", default_place="Oslo")


@pytest.fixture
def meeting(web, skate) -> Meeting:
    with web.database.writing() as db:
        return make_meeting(db, skate, DAY, starts=time(9), ends=time(11, 30), place="Rom 2015")


@pytest.fixture
def secretary(web, skate):
    return browser_as(web, Role.SECRETARY, skate)


@pytest.fixture
def member(web, skate):
    return browser_as(web, Role.MEMBER, skate)


def shown(web, meeting: Meeting):
    with web.database.reading() as db:
        return show_meeting(db, SYSTEM, meeting.id)


def add_case(web, skate: Forum, title: str, *, on: Meeting | None = None, shared: bool = True):
    with web.database.writing() as db:
        treatment = make_complete(db, skate, title, presenters=(PresenterDraft("Lise Karlstad"),))
        if shared:
            share(db, SYSTEM, treatment.id)
        if on is not None:
            put_on_agenda(db, SYSTEM, on.id, treatment.id)
        return treatment


# The list


def test_the_list_parts_what_comes_from_what_has_been(web, skate, member, monkeypatch) -> None:
    with web.database.writing() as db:
        for days in (8, -7, 1):
            make_meeting(db, skate, date(2025, 6, 13) + timedelta(days=days), place=f"om {days} dager")
    monkeypatch.setattr("app.web.meetings.routes.today", lambda: date(2025, 6, 13))
    page = member.get("/forums/skate/meetings").text
    coming, _, past = page.partition('id="past"')
    assert coming.index("om 1 dager") < coming.index("om 8 dager")
    assert "om -7 dager" in past
    assert "New meeting" not in page


def test_an_empty_list_leads_to_the_first_meeting(skate, secretary, member) -> None:
    assert "Plan the first meeting" in secretary.get("/forums/skate/meetings").text
    page = member.get("/forums/skate/meetings").text
    assert "No meetings yet" in page
    assert "Plan the first meeting" not in page


def test_a_long_list_has_pages(web, skate, member) -> None:
    with web.database.writing() as db:
        for number in range(52):
            make_meeting(db, skate, DAY + timedelta(days=number))
    with web.database.writing() as db:
        make_meeting(db, skate, date(2018, 1, 1))
    page = member.get("/forums/skate/meetings").text
    assert "/forums/skate/meetings?year=2019&amp;page=2" in page
    assert member.get("/forums/skate/meetings?year=2019&page=2").text.count('class="entry"') == 2


# Planning and changing


def test_a_meeting_is_planned(web, secretary) -> None:
    page = secretary.get("/forums/skate/meetings/new").text
    assert 'value="Oslo"' in page
    answer = secretary.post("/forums/skate/meetings", data=FORM)
    assert answer.status_code == 303
    page = secretary.get(answer.headers["location"]).text
    for text in ("13.6.2019", "09.00–11.30", "Rom 2015", "Planned", "Nothing on the agenda yet"):
        assert text in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("day", "", "Fill in “Date”"),
        ("day", "31.2.2019", "write the date as"),
        ("starts", "ni", "write the time as"),
        ("starts", "2147483648", "write the time as"),
        ("ends", "08:00", "must end after it starts"),
        ("kind", "fest", "choose one from the list."),
    ],
)
def test_a_refused_meeting_comes_back_with_what_was_typed(
    secretary, field: str, value: str, message: str
) -> None:
    answer = secretary.post("/forums/skate/meetings", data={**FORM, "place": "Et sted", field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert "Et sted" in answer.text


def test_a_meeting_is_changed(web, meeting, secretary) -> None:
    address = f"/meetings/{meeting.id}/edit"
    assert 'value="09:00"' in secretary.get(address).text
    form = {**FORM, "place": "Digitalt", "ends": "", "version": meeting.version}
    assert secretary.post(address, data=form).status_code == 303
    assert (shown(web, meeting).place, shown(web, meeting).ends) == ("Digitalt", None)


def test_a_stale_change_shows_both_and_saves_nothing(web, meeting, secretary) -> None:
    address = f"/meetings/{meeting.id}/edit"
    form = {**FORM, "version": meeting.version}
    assert secretary.post(address, data={**form, "place": "Den andres sted"}).status_code == 303
    answer = secretary.post(address, data={**form, "place": "Mitt sted"})
    assert answer.status_code == 409
    assert "Den andres sted" in answer.text
    assert "Mitt sted" in answer.text
    assert shown(web, meeting).place == "Den andres sted"


def test_members_read_and_outsiders_do_not(web, skate, meeting, member) -> None:
    assert member.get(f"/meetings/{meeting.id}").status_code == 200
    assert member.get(f"/meetings/{meeting.id}/edit").status_code == 403
    assert member.get(f"/meetings/{meeting.id}/steps/call").status_code == 403
    assert member.get("/forums/skate/meetings/new").status_code == 403
    assert member.post("/forums/skate/meetings", data=FORM).status_code == 403
    assert (
        member.post(f"/meetings/{meeting.id}/agenda", data={"treatment_id": str(uuid4())}).status_code == 403
    )
    outsider = browser_as(web, None)
    assert outsider.get(f"/meetings/{meeting.id}").status_code == 404
    assert outsider.get(f"/meetings/{uuid4()}").status_code == 404
    assert outsider.post(f"/meetings/{meeting.id}/steps/call", data={"version": 1}).status_code == 404


def test_a_minute_taker_arranges_the_agenda(web, skate, meeting) -> None:
    taker = browser_as(web, Role.MINUTE_TAKER, skate)
    treatment = add_case(web, skate, "Felles kalender")
    answer = taker.get(f"/meetings/{meeting.id}")
    assert "Felles kalender" in answer.text
    assert "New case" not in answer.text
    # Putting on draws a number, which the minute-taker may, though not write cases.
    answer = taker.post(f"/meetings/{meeting.id}/agenda", data={"treatment_id": str(treatment.id)})
    assert answer.status_code == 303


# The agenda


def test_a_case_is_put_on_and_shown_with_its_number(web, skate, meeting, secretary, member) -> None:
    treatment = add_case(web, skate, "Felles kalender")
    page = secretary.get(f"/meetings/{meeting.id}").text
    assert f'<option value="{treatment.id}">Felles kalender' in page
    answer = secretary.post(f"/meetings/{meeting.id}/agenda", data={"treatment_id": str(treatment.id)})
    assert answer.headers["location"] == f"/meetings/{meeting.id}#agenda"
    page = member.get(f"/meetings/{meeting.id}").text
    for text in ("1/2019", "Felles kalender", "Lise Karlstad", f"/cases/{treatment.case_id}"):
        assert text in page
    assert "Take off" not in page


def test_a_private_draft_on_the_agenda_is_not_there_for_members(
    web, skate, meeting, secretary, member
) -> None:
    add_case(web, skate, "Et utkast", on=meeting, shared=False)
    assert "Et utkast" in secretary.get(f"/meetings/{meeting.id}").text
    assert "Private draft" in secretary.get(f"/meetings/{meeting.id}").text
    assert "Et utkast" not in member.get(f"/meetings/{meeting.id}").text


def test_cases_change_places_and_are_taken_off(web, skate, meeting, secretary) -> None:
    first = add_case(web, skate, "Den første", on=meeting)
    add_case(web, skate, "Den andre", on=meeting)
    agenda = f"/meetings/{meeting.id}/agenda/{first.id}"
    assert secretary.post(f"{agenda}/move", data={"direction": "down"}).status_code == 303
    assert [item.case.title for item in shown(web, meeting).items] == ["Den andre", "Den første"]
    assert secretary.post(f"{agenda}/move", data={"direction": "sideways"}).status_code == 422
    assert secretary.post(f"{agenda}/take-off").status_code == 303
    assert [item.case.title for item in shown(web, meeting).items] == ["Den andre"]
    assert secretary.post(f"{agenda}/take-off").status_code == 404
    assert "Den første" in secretary.get(f"/meetings/{meeting.id}").text.partition("Cases that wait")[2]


def test_what_cannot_be_put_on_is_refused_with_the_reason(web, skate, meeting, secretary) -> None:
    address = f"/meetings/{meeting.id}/agenda"
    nothing = secretary.post(address, data={"treatment_id": ""})
    assert nothing.status_code == 422
    assert "Choose a case from the list." in nothing.text
    withdrawn = add_case(web, skate, "Trukket")
    with web.database.writing() as db:
        now = take_step(db, SYSTEM, withdrawn.id, version=withdrawn.version, step="withdraw")
        assert now.state is TreatmentState.WITHDRAWN
    answer = secretary.post(address, data={"treatment_id": str(withdrawn.id)})
    assert answer.status_code == 422
    assert "cannot be put on an agenda as it stands" in answer.text
    assert secretary.post(address, data={"treatment_id": str(uuid4())}).status_code == 404


def test_a_treated_case_stays_on_the_agenda(web, skate, meeting, secretary) -> None:
    treatment = add_case(web, skate, "Ferdig", on=meeting)
    with web.database.writing() as db:
        ready = mark_ready(db, SYSTEM, treatment.id, version=treatment.version)
        take_step(db, SYSTEM, treatment.id, version=ready.version, step="treat")
    answer = secretary.post(f"/meetings/{meeting.id}/agenda/{treatment.id}/take-off")
    assert answer.status_code == 422
    assert "stays on the agenda" in answer.text
    assert "Take off" not in answer.text


# The call


def test_an_empty_meeting_is_not_called(web, meeting, secretary) -> None:
    page = secretary.get(f"/meetings/{meeting.id}/steps/call").text
    assert "There is nothing on the agenda" in page
    assert 'action="/meetings' not in page
    answer = secretary.post(f"/meetings/{meeting.id}/steps/call", data={"version": meeting.version})
    assert answer.status_code == 422
    assert "There is nothing on the agenda" in answer.text
    assert shown(web, meeting).state is MeetingState.PLANNED


def test_a_meeting_is_called_and_the_call_withdrawn_after_questions(web, skate, meeting, secretary) -> None:
    add_case(web, skate, "Felles kalender", on=meeting)
    question = secretary.get(f"/meetings/{meeting.id}/steps/call").text
    assert "1 case stands on the agenda" in question
    version = shown(web, meeting).version
    called = secretary.post(f"/meetings/{meeting.id}/steps/call", data={"version": version})
    assert called.status_code == 303
    assert shown(web, meeting).state is MeetingState.CALLED
    assert "The meeting is called." in secretary.get(called.headers["location"]).text
    again = secretary.post(f"/meetings/{meeting.id}/steps/call", data={"version": version})
    assert again.status_code == 409
    assert "Somebody else changed this" in again.text
    assert secretary.get(f"/meetings/{meeting.id}/steps/call").status_code == 404
    assert "only planned again" in secretary.get(f"/meetings/{meeting.id}/steps/recall").text
    version = shown(web, meeting).version
    assert (
        secretary.post(f"/meetings/{meeting.id}/steps/recall", data={"version": version}).status_code == 303
    )
    assert shown(web, meeting).state is MeetingState.PLANNED


def test_there_are_no_other_steps(meeting, secretary) -> None:
    assert secretary.get(f"/meetings/{meeting.id}/steps/close").status_code == 404
    assert secretary.post(f"/meetings/{meeting.id}/steps/close", data={"version": 1}).status_code == 422


def test_what_was_done_stands_in_the_history_of_the_forum(web, skate, meeting, secretary) -> None:
    add_case(web, skate, "Felles kalender", on=meeting)
    form = {**FORM, "kind": "seminar", "place": "Digitalt", "version": shown(web, meeting).version}
    secretary.post(f"/meetings/{meeting.id}/edit", data=form)
    page = secretary.get("/forums/skate/history").text
    assert "Changed the meeting of 13.6.2019" in page
    assert "Seminar day" in page
    assert "Put a case on an agenda: " in page


def test_the_page_takes_as_many_queries_whatever_there_is(web, skate, meeting, secretary) -> None:
    def statements() -> int:
        with counted_statements(web.database) as seen:
            assert secretary.get(f"/meetings/{meeting.id}").status_code == 200
        return len(seen)

    add_case(web, skate, "På agendaen", on=meeting)
    add_case(web, skate, "Venter")
    few = statements()
    for number in range(4):
        add_case(web, skate, f"På {number}", on=meeting)
        add_case(web, skate, f"Venter {number}")
    assert statements() == few


def test_every_kind_of_meeting_has_a_word(web, skate, secretary) -> None:
    page = secretary.get("/forums/skate/meetings/new").text
    for kind in MeetingKind:
        assert f'<option value="{kind}"' in page
