"""Steps of a case: taken, asked about, refused with reasons; sharing, referring, agendas."""

import pytest

from app.access.roles import Role
from app.cases.queries.show import show_case
from app.cases.rules import TreatmentState
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.meetings.queries.find import meeting_of
from app.meetings.service.agenda import put_on_agenda
from tests.factories.cases import SYSTEM, make_case, make_complete, make_meeting
from tests.factories.forums import make_forum


@pytest.fixture
def treatment(house):
    with house.writing() as db:
        return make_complete(db, house.forum, "Felles kalender")


def case_of(house, treatment):
    with house.web.database.reading() as db:
        return show_case(db, SYSTEM, treatment.case_id, treatment.id)


def state_of(house, treatment):
    return case_of(house, treatment).treatment.state


def take(browser, house, treatment, step, version=None):
    version = case_of(house, treatment).treatment.version if version is None else version
    return browser.post(f"/treatments/{treatment.id}/steps/{step}", data={"version": version})


def test_a_case_goes_its_way_and_back(house, secretary, treatment):
    for step, state in (
        ("make_ready", TreatmentState.READY),
        ("reopen", TreatmentState.DRAFTING),
        ("return", TreatmentState.RETURNED),
        ("start", TreatmentState.DRAFTING),
        ("withdraw", TreatmentState.WITHDRAWN),
    ):
        assert f"/steps/{step}" in secretary.get(f"/cases/{treatment.case_id}").text
        assert take(secretary, house, treatment, step).status_code == 303
        assert state_of(house, treatment) is state
    assert "/steps/" not in secretary.get(f"/cases/{treatment.case_id}").text


def test_what_stands_on_an_agenda_is_scheduled_when_it_is_ready(house, secretary, treatment):
    with house.writing() as db:
        put_on_agenda(db, SYSTEM, make_meeting(db, house.forum).id, treatment.id)
    assert take(secretary, house, treatment, "make_ready").status_code == 303
    assert state_of(house, treatment) is TreatmentState.SCHEDULED
    assert "9.3.2022" in secretary.get(f"/cases/{treatment.case_id}").text
    assert take(secretary, house, treatment, "postpone").status_code == 303
    assert take(secretary, house, treatment, "take_up_again").status_code == 303
    assert state_of(house, treatment) in {TreatmentState.READY, TreatmentState.SCHEDULED}


def test_reasons_stand_on_the_page_of_the_case(house, secretary):
    with house.writing() as db:
        treatment = make_case(db, house.forum, presenters=())
    refused = take(secretary, house, treatment, "make_ready")
    assert refused.status_code == 422
    assert "needs a proposed decision" in refused.text
    assert "Nobody is named" in refused.text
    assert state_of(house, treatment) is TreatmentState.DRAFTING


@pytest.mark.parametrize("step", ["schedule", "unschedule", "take_up_again", "nonsense", "make_ready "])
def test_steps_that_are_not_open_change_nothing(house, secretary, treatment, step):
    assert take(secretary, house, treatment, step).status_code == 422
    assert state_of(house, treatment) is TreatmentState.DRAFTING


def test_a_stale_step_is_refused(house, secretary, treatment):
    with house.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=1, step="make_ready")
    stale = take(secretary, house, treatment, "withdraw", version=1)
    assert stale.status_code == 409
    assert "moved on" in stale.text
    assert take(secretary, house, treatment, "withdraw", version="x").status_code == 409
    assert state_of(house, treatment) is TreatmentState.READY


def test_steps_that_others_notice_are_asked_about(house, secretary, treatment):
    asked = secretary.get(f"/treatments/{treatment.id}/steps/withdraw")
    assert asked.status_code == 200
    assert "Withdraw the case?" in asked.text
    assert "cannot be changed" in asked.text
    assert secretary.get(f"/treatments/{treatment.id}/steps/start").status_code == 404
    assert secretary.get(f"/treatments/{treatment.id}/steps/nonsense").status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEADER, None])
def test_nobody_else_takes_steps(house, treatment, role):
    browser = house.browser(*([role] if role else []))
    for path in ("steps/withdraw", "refer", "number"):
        assert browser.get(f"/treatments/{treatment.id}/{path}").status_code in {403, 404}
        assert browser.post(f"/treatments/{treatment.id}/{path}", data={"version": 1}).status_code in {
            403,
            404,
        }
    assert browser.get(f"/treatments/{treatment.id}/agenda").status_code == 404
    assert browser.post(f"/treatments/{treatment.id}/agenda").status_code == 404
    assert state_of(house, treatment) is TreatmentState.DRAFTING


# Sharing


def test_sharing_says_who_will_see_it_and_shows_it(house, secretary, treatment):
    member = house.browser(Role.MEMBER)
    asked = secretary.get(f"/treatments/{treatment.id}/share")
    assert asked.status_code == 200
    assert "Person member" in asked.text
    assert member.post(f"/treatments/{treatment.id}/share").status_code == 404
    assert secretary.post(f"/treatments/{treatment.id}/share").status_code == 303
    assert member.get(f"/cases/{treatment.case_id}").status_code == 200
    assert secretary.get(f"/treatments/{treatment.id}/share").status_code == 404
    assert member.post(f"/treatments/{treatment.id}/share").status_code == 403


def test_the_leader_may_share(house, treatment):
    leader = house.browser(Role.LEADER)
    assert f"/treatments/{treatment.id}/share" in leader.get(f"/cases/{treatment.case_id}").text
    assert leader.post(f"/treatments/{treatment.id}/share").status_code == 303


# Referring


def test_a_case_is_referred_to_another_forum(house, treatment):
    with house.writing() as db:
        au = make_forum(db, "au", "Arbeidsutvalget")
    chief = house.browser(administrator=True)
    address = f"/treatments/{treatment.id}/refer"
    assert "Arbeidsutvalget" in chief.get(address).text
    made = chief.post(address, data={"forum_id": str(au.id), "title": "Råd", "kind": "discuss"})
    assert made.status_code == 303
    (other,) = case_of(house, treatment).others
    assert (other.forum_key, other.title, other.state) == ("au", "Råd", TreatmentState.REQUESTED)
    assert str(other.id) in made.headers["location"]


def test_a_referral_without_a_forum_is_refused(house, secretary, treatment):
    address = f"/treatments/{treatment.id}/refer"
    refused = secretary.post(address, data={"forum_id": "", "title": "Min tittel", "kind": "discuss"})
    assert refused.status_code == 422
    assert "Min tittel" in refused.text
    with house.writing() as db:
        hidden = make_forum(db, "hidden", "Hemmelig")
    unseen = secretary.post(address, data={"forum_id": str(hidden.id), "title": "x", "kind": "discuss"})
    assert unseen.status_code == 404


# Agendas


def test_a_case_is_put_on_an_agenda_from_its_own_page(house, secretary, treatment):
    address = f"/treatments/{treatment.id}/agenda"
    assert "Plan a meeting" in secretary.get(address).text
    with house.writing() as db:
        meeting = make_meeting(db, house.forum, place="Oslo")
    assert "9.3.2022" in secretary.get(address).text
    assert secretary.post(address, data={}).status_code == 422
    assert secretary.post(address, data={"meeting_id": str(meeting.id)}).status_code == 303
    with house.web.database.reading() as db:
        assert meeting_of(db, treatment.id).id == meeting.id
    case = case_of(house, treatment)
    assert case.treatment.number == "1/2022"
    assert address not in secretary.get(f"/cases/{treatment.case_id}").text


def test_a_minute_taker_arranges_but_does_not_write(house, treatment):
    with house.writing() as db:
        share(db, SYSTEM, treatment.id)
        meeting = make_meeting(db, house.forum)
    browser = house.browser(Role.MINUTE_TAKER)
    page = browser.get(f"/cases/{treatment.case_id}").text
    assert f"/treatments/{treatment.id}/agenda" in page
    assert "/refer" not in page
    assert (
        browser.post(f"/treatments/{treatment.id}/agenda", data={"meeting_id": str(meeting.id)}).status_code
        == 303
    )
