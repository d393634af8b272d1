"""The pages of who was at a meeting: what each reader sees, and what is written down about it."""

import re

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.meetings.models import AttendanceLine
from tests.factories.cases import make_meeting
from tests.factories.exemptions import basis
from tests.support.house import HOSTILE

SECRET = "Nordvik, Hemmelig Gjest"


@pytest.fixture
def meeting(house):
    with house.writing() as db:
        return f"/meetings/{make_meeting(db, house.forum).id}"


def add(browser, meeting, name, **fields):
    return browser.post(f"{meeting}/attendance", data={"name": name, "role": "member", **fields})


def lines(house):
    with house.web.database.reading() as db:
        return {line.name: str(line.id) for line in db.scalars(select(AttendanceLine))}


def shown(browser, meeting):
    page = browser.get(meeting)
    assert page.status_code == 200
    return re.findall(r"<strong>(.*?)</strong>", page.text.partition('id="attendance"')[2])


def exempt(browser, house, meeting, name=SECRET, key="offl-23-1", **fields):
    with house.web.database.reading() as db:
        legal = str(basis(db, key).id)
    data = {"basis_id": legal, "considered_wider_access": "1", **fields}
    return browser.post(f"{meeting}/attendance/{lines(house)[name]}/exempt", data=data)


def readings(house):
    with house.web.database.reading() as db:
        wanted = select(AuditEvent.seq).where(AuditEvent.action == "meeting.exempt_read")
        return len(db.scalars(wanted).all())


def test_the_list_is_kept_through_the_pages(house, meeting, secretary):
    assert "Nobody is written down yet" in secretary.get(meeting).text
    answer = add(secretary, meeting, "Kari", organisation="BR", standing_in_for="Leif", then="another")
    assert answer.headers["location"].endswith("/attendance/new")
    answer = add(secretary, meeting, "Ola", is_absent="1", role="second")
    assert answer.headers["location"].endswith(f"{meeting}#attendance")
    page = house.browser(Role.MEMBER).get(meeting).text
    assert "by deputy for Leif" in page
    assert "1 person was there" in page
    assert "1 was absent" in page
    assert "/attendance/" not in page  # nothing to do for readers
    line = f"{meeting}/attendance/{lines(house)['Ola']}"
    assert secretary.post(f"{line}/move", data={"direction": "up"}).status_code == 303
    assert shown(secretary, meeting) == ["Ola", "Kari"]
    form = secretary.get(f"{line}/edit").text
    assert 'value="Ola"' in form
    assert '<datalist id="names">' in form
    edited = {"name": "Ola N.", "role": "guest", "version": "1"}
    assert secretary.post(line, data=edited).status_code == 303
    conflict = secretary.post(line, data={**edited, "name": "Ola M."})
    assert conflict.status_code == 409
    assert "Ola M." in conflict.text
    assert "Ola N." in conflict.text
    assert secretary.post(f"{line}/remove", data={"version": "1"}).status_code == 409
    assert secretary.post(f"{line}/remove", data={"version": "2"}).status_code == 303
    assert shown(secretary, meeting) == ["Kari"]


def test_a_form_that_is_refused_keeps_what_was_typed(meeting, secretary):
    refused = add(secretary, meeting, " ", organisation="Etaten")
    assert refused.status_code == 422
    assert 'value="Etaten"' in refused.text
    assert add(secretary, meeting, "Kari", role="king").status_code == 422


def test_readers_without_access_do_not_see_that_an_exempt_line_exists(house, meeting, secretary):
    for name in ("Kari", SECRET, "Ola"):
        add(secretary, meeting, name, organisation="Etaten")
    observer, member = house.browser(Role.OBSERVER), house.browser(Role.MEMBER)
    before = observer.get(meeting).text
    assert SECRET in before
    assert exempt(secretary, house, meeting, note="Grunnen").status_code == 303
    assert readings(house) == 0
    assert shown(observer, meeting) == ["Kari", "Ola"]
    page = observer.get(meeting).text
    assert "2 people were there" in page
    assert page.count("Exempt from public access, cf.") == 1
    for word in (SECRET, "Grunnen", "Hemmelig"):
        assert word not in page
    assert readings(house) == 0
    assert shown(member, meeting) == ["Kari", SECRET, "Ola"]
    assert readings(house) == 1
    assert "Grunnen" in member.get(meeting).text
    line = f"{meeting}/attendance/{lines(house)[SECRET]}"
    for page in (f"{line}/edit", f"{line}/exempt", f"{line}/exempt/end", f"{line}/remove"):
        count = readings(house)
        assert SECRET in secretary.get(page).text
        assert readings(house) == count + 1, page
        refused = observer.get(page)
        assert refused.status_code in {403, 404}
        assert SECRET not in refused.text


def test_a_decision_is_changed_and_ended_by_who_saw_it(house, meeting, secretary):
    add(secretary, meeting, SECRET)
    leader = house.browser(Role.LEADER)
    line = f"{meeting}/attendance/{lines(house)[SECRET]}"
    assert exempt(secretary, house, meeting, basis_id="").status_code == 422
    assert exempt(secretary, house, meeting, considered_wider_access="").status_code == 422
    assert exempt(leader, house, meeting).status_code == 303
    late = exempt(secretary, house, meeting, note="Min grunn")
    assert late.status_code == 409
    assert "Min grunn" in late.text
    standing = re.search(r'name="replaces" value="([^"]+)"', late.text)[1]
    again = exempt(secretary, house, meeting, key="offl-13-1", considered_wider_access="", replaces=standing)
    assert again.status_code == 303
    assert secretary.post(f"{line}/exempt/end", data={"exemption_id": standing}).status_code == 409
    asked = leader.get(f"{line}/exempt/end").text
    now = re.search(r'name="exemption_id" value="([^"]+)"', asked)[1]
    assert leader.post(f"{line}/exempt/end", data={"exemption_id": now}).status_code == 303
    assert shown(house.browser(Role.OBSERVER), meeting) == [SECRET]
    history = secretary.get("/forums/skate/history").text
    assert f"Ended the exemption that {SECRET} was at a meeting" in history


def test_a_minute_taker_is_told_who_can_remove_an_exempt_line(house, meeting, secretary):
    add(secretary, meeting, SECRET)
    exempt(secretary, house, meeting)
    minute_taker = house.browser(Role.MINUTE_TAKER)
    line = f"{meeting}/attendance/{lines(house)[SECRET]}"
    assert "Ask the secretary or the leader" in minute_taker.get(f"{line}/remove").text
    assert minute_taker.post(f"{line}/remove", data={"version": "2"}).status_code == 403
    assert SECRET in lines(house)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_text(meeting, secretary, text):
    assert add(secretary, meeting, text, organisation=text, standing_in_for=text).status_code == 303
    page = secretary.get(meeting)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
