"""The year of a forum: its deadlines, meetings like others, meetings that are called off, and cases that wait."""

import re
from datetime import date, time, timedelta

import pytest

from app.access.roles import Role
from app.cases.models import Treatment
from app.cases.rules import TreatmentState
from app.cases.service.share import share
from app.forums.deadline_rules import DeadlineKind, DeadlineRule
from app.forums.service.deadlines import set_deadlines
from app.kernel.language import Language
from app.meetings.rules import MeetingState
from app.meetings.service.agenda import mark_ready, put_on_agenda
from app.platform.clock import today
from app.platform.i18n import format_long_date
from tests.factories.cases import SYSTEM, make_complete, make_meeting
from tests.factories.forums import make_forum
from tests.support.browsers import browser_as
from tests.support.reader import Reader

DAYS_AHEAD = 40


@pytest.fixture
def skate(web):
    with web.database.writing() as db:
        return make_forum(db, "skate", "Skate", default_place="Oslo")


@pytest.fixture
def meeting(web, skate):
    facts = {"starts": time(9), "ends": time(11, 30), "place": "Rom 2015", "link": "https://example.no/moete"}
    with web.database.writing() as db:
        return make_meeting(db, skate, today() + timedelta(days=DAYS_AHEAD), **facts)


@pytest.fixture
def secretary(web, skate):
    return browser_as(web, Role.SECRETARY, skate)


@pytest.fixture
def member(web, skate):
    return browser_as(web, Role.MEMBER, skate)


def stored(web, record):
    with web.database.reading() as db:
        return db.get_one(type(record), record.id)


def test_deadlines_are_set_and_shown_with_how_near_they_are(web, skate, meeting, secretary, member):
    page = "/forums/skate/settings/deadlines"
    form = {
        "version": "1",
        "papers_released_days": str(DAYS_AHEAD - 4),
        "papers_released_at": "12.00",
        "cases_in_days": str(DAYS_AHEAD - 1),
    }
    assert secretary.post(page, data=form).status_code == 303
    settings = secretary.get("/forums/skate/settings").text
    assert "36 days before the meeting, at 12.00" in settings
    for shown in (member.get(f"/meetings/{meeting.id}").text, member.get("/forums/skate/meetings").text):
        assert "Deadline for sending out the papers" in shown
        assert "In 4 days" in shown
        assert "In 1 day<" in shown
    assert 'href="https://example.no/moete"' in member.get(f"/meetings/{meeting.id}").text
    assert member.get(page).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"cases_in_days": "-1"},
        {"cases_in_days": "x"},
        {"minutes_out_days": "366"},
        {"cases_in_weekday": "8"},
        {"cases_in_weekday": "3"},
        {"papers_released_at": "12.00"},
    ],
)
def test_deadlines_that_cannot_be_kept_are_refused_with_what_was_typed(web, skate, secretary, wrong):
    answer = secretary.post(
        "/forums/skate/settings/deadlines", data={"version": "1", "papers_dated_days": "21"} | wrong
    )
    assert answer.status_code == 422
    assert 'value="21"' in answer.text
    assert stored(web, skate).version == 1


def test_who_saves_deadlines_second_sees_both(web, skate, secretary):
    with web.database.writing() as db:
        rule = DeadlineRule(DeadlineKind.CASES_IN, 28, 0)
        set_deadlines(db, SYSTEM, skate.id, version=1, rules=[rule])
    answer = secretary.post("/forums/skate/settings/deadlines", data={"version": "1", "cases_in_days": "30"})
    assert answer.status_code == 409
    assert "28 days before the meeting, moved to the last Monday before that" in answer.text
    assert 'value="30"' in answer.text


def test_a_new_meeting_begins_as_the_last_one(web, skate, meeting, secretary):
    page = Reader(secretary).open("/forums/skate/meetings/new")
    typed = dict(page.form("Plan the meeting", "").form_values())
    assert (typed["starts"], typed["place"], typed["link"]) == (
        "09:00",
        "Rom 2015",
        "https://example.no/moete",
    )
    assert typed["day"] == ""
    with web.database.writing() as db:
        other = make_meeting(db, make_forum(db, "annet"), meeting.day)
    assert secretary.get(f"/forums/skate/meetings/new?like={other.id}").status_code == 404
    with web.database.writing() as db:
        make_meeting(db, skate, meeting.day + timedelta(days=1), place="Et annet rom")
    for address, place in (("", "Et annet rom"), (f"?like={meeting.id}", "Rom 2015")):
        page = Reader(secretary).open(f"/forums/skate/meetings/new{address}")
        assert dict(page.form("Plan the meeting", "").form_values())["place"] == place


def test_meetings_are_listed_by_year(web, skate, meeting, secretary):
    with web.database.writing() as db:
        make_meeting(db, skate, date(2019, 6, 13))
    assert "13 June 2019" not in secretary.get(f"/forums/skate/meetings?year={meeting.day.year}").text
    old = secretary.get("/forums/skate/meetings?year=2019").text
    assert "13 June 2019" in old
    assert f"year={meeting.day.year}" in old
    for odd in ("0", "99999", "-1"):
        assert secretary.get(f"/forums/skate/meetings?year={odd}").status_code == 200


def test_the_list_opens_with_the_year_of_the_next_meeting(web, skate, secretary):
    next_year = today().year + 1
    with web.database.writing() as db:
        for day in (today() - timedelta(days=1), date(next_year, 1, 1)):
            make_meeting(db, skate, day)
    assert f"1 January {next_year}" in secretary.get("/forums/skate/meetings").text


def test_a_meeting_is_called_off_with_a_reason_and_planned_again(web, skate, meeting, secretary, member):
    refused = secretary.post(f"/meetings/{meeting.id}/cancel", data={"version": "1", "reason": ""})
    assert refused.status_code == 422
    assert (
        secretary.post(
            f"/meetings/{meeting.id}/cancel", data={"version": "7", "reason": "Streik"}
        ).status_code
        == 409
    )
    with web.database.writing() as db:
        set_deadlines(db, SYSTEM, skate.id, version=1, rules=[DeadlineRule(DeadlineKind.CASES_IN, 28)])
    places = (f"/meetings/{meeting.id}", "/forums/skate/meetings")
    assert all("Deadline for proposing cases" in member.get(place).text for place in places)
    page = Reader(secretary).open(f"/meetings/{meeting.id}/cancel")
    page.send("Call off the meeting", reason="Streik i staten")
    assert not any("Deadline for proposing cases" in member.get(place).text for place in places)
    assert stored(web, meeting).state is MeetingState.CANCELLED
    shown = member.get(f"/meetings/{meeting.id}").text
    assert "The meeting is not held" in shown
    assert "Streik i staten" in shown
    assert "Plan it again" not in shown
    assert secretary.get(f"/meetings/{meeting.id}/steps/restore").status_code == 404
    Reader(secretary).open(f"/meetings/{meeting.id}").send("Plan it again")
    assert secretary.get(f"/meetings/{meeting.id}/steps/cancel").status_code == 404
    assert stored(web, meeting).state is MeetingState.PLANNED
    assert (
        member.post(f"/meetings/{meeting.id}/cancel", data={"version": "3", "reason": "x"}).status_code == 403
    )


def test_who_calls_a_meeting_off_second_is_told_of_the_change(web, skate, meeting, secretary):
    data = {"version": "7", "reason": "Streik"}
    told = secretary.post(f"/meetings/{meeting.id}/cancel", data=data).text
    assert "Somebody else changed this since you opened the page" in told
    assert 'value="Streik"' in told


def test_a_case_says_that_its_meeting_is_called_off(web, skate, meeting, secretary):
    with web.database.writing() as db:
        case = make_complete(db, skate, "Klar sak")
        put_on_agenda(db, SYSTEM, meeting.id, case.id)
        other = make_meeting(db, skate, meeting.day, place="Et annet rom")
    place, choices = f"/cases/{case.case_id}", f"/treatments/{case.id}/agenda"
    assert "Cancelled" not in secretary.get(place).text
    Reader(secretary).open(f"/meetings/{meeting.id}/cancel").send("Call off the meeting", reason="Streik")
    assert "Cancelled" in secretary.get(place).text
    offered = secretary.get(choices).text
    assert str(other.id) in offered
    assert str(meeting.id) not in offered


def test_cases_that_wait_are_put_on_a_meeting_from_the_backlog(web, skate, meeting, secretary, member):
    with web.database.writing() as db:
        ready, draft = (make_complete(db, skate, title) for title in ("Klar sak", "Kladd"))
        share(db, SYSTEM, ready.id)
        mark_ready(db, SYSTEM, ready.id, version=db.get_one(Treatment, ready.id).version)
    assert "Klar sak" in member.get("/forums/skate/backlog").text
    assert "Kladd" not in member.get("/forums/skate/backlog").text
    assert "Put on the agenda" not in member.get("/forums/skate/backlog").text
    page = Reader(secretary).open("/forums/skate/backlog")
    assert "Kladd" in secretary.get("/forums/skate/backlog").text
    missing = secretary.post("/forums/skate/backlog", data={"treatment_id": str(ready.id), "meeting_id": ""})
    assert missing.status_code == 422
    [undecided] = re.findall(r'<select[^>]* id="([^"]*)"[^>]* aria-invalid="true"', missing.text)
    assert undecided == f"meeting-{ready.id}"
    elsewhere = {"treatment_id": str(ready.id), "meeting_id": str(draft.id)}
    assert secretary.post("/forums/skate/backlog", data=elsewhere).status_code == 422
    assert stored(web, ready).state is TreatmentState.READY
    page.send("Put on the agenda", near="Klar sak", meeting_id=format_long_date(meeting.day, Language.EN))
    assert stored(web, ready).state is TreatmentState.SCHEDULED
    assert "Klar sak" not in secretary.get("/forums/skate/backlog").text
