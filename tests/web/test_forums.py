"""The pages of forums: what they show to whom, and what comes of the forms on them."""

from datetime import date, timedelta

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.service.share import share
from app.forums.models import Forum, Mandate
from app.forums.queries import get_forum
from app.platform.clock import today
from tests.factories.cases import make_complete, make_meeting
from tests.factories.forums import make_forum, make_membership, make_seat
from tests.factories.people import make_organisation, make_person
from tests.support.browsers import browser_as
from tests.support.queries import counted_statements

SYSTEM = Actor.system()
BASICS = {
    "name": "Skate",
    "level": "strategic",
    "language": "nb",
    "parent_id": "",
    "secretariat_id": "",
    "default_place": "Oslo",
    "active_from": "",
    "active_to": "",
}


@pytest.fixture
def skate(web) -> Forum:
    with web.database.writing() as db:
        return make_forum(db, "skate", "Skate")


@pytest.fixture
def secretary(web, skate):
    return browser_as(web, Role.SECRETARY, skate)


@pytest.fixture
def member(web, skate):
    return browser_as(web, Role.MEMBER, skate)


@pytest.fixture
def administrator(web):
    return browser_as(web, Role.ADMINISTRATOR)


def stored(web, key: str = "skate") -> Forum:
    with web.database.reading() as db:
        return get_forum(db, SYSTEM, key)


# The list, and a new forum


def test_the_list_shows_the_forums_of_the_reader_and_no_others(web, skate, member) -> None:
    with web.database.writing() as db:
        make_forum(db, "au", "Arbeidsutvalget", parent_id=skate.id)
    page = member.get("/forums").text
    assert "Skate" in page
    assert "Arbeidsutvalget" not in page


def test_the_list_says_which_forum_stands_above(web, skate, administrator) -> None:
    with web.database.writing() as db:
        make_forum(db, "au", "Arbeidsutvalget", parent_id=skate.id)
    assert "Under Skate" in administrator.get("/forums").text


def test_an_empty_list_tells_each_reader_what_to_do(web, administrator) -> None:
    assert "Make the first forum" in administrator.get("/forums").text
    page = browser_as(web, None).get("/forums").text
    assert "Ask the secretariat" in page
    assert "Make the first forum" not in page


def test_an_administrator_makes_a_forum(web, administrator) -> None:
    assert administrator.get("/forums/new").status_code == 200
    answer = administrator.post("/forums", data={**BASICS, "key": "skate"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/forums/skate")
    assert stored(web).default_place == "Oslo"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Fill in “Name”."),
        ("key", "Ikke lov", "small letters"),
        ("key", "new", "taken by Samstyr"),
        ("key", "skate", "Another forum has this short name"),
        ("level", "", "“Level”: choose one from the list."),
        ("active_to", "1.1.2000", "before the first one"),
    ],
)
def test_a_refused_forum_comes_back_with_what_was_typed(
    web, skate, administrator, field: str, value: str, message: str
) -> None:
    form = {**BASICS, "name": "Et nytt forum", "key": "nytt", "active_from": "2019-01-01", field: value}
    answer = administrator.post("/forums", data=form)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'href="#{field}"' in answer.text
    assert field == "name" or "Et nytt forum" in answer.text


def test_only_administrators_make_forums(secretary) -> None:
    assert secretary.get("/forums/new").status_code == 404
    assert secretary.post("/forums", data={**BASICS, "key": "nytt"}).status_code == 404


# The overview


def test_the_overview_shows_the_forum_its_meetings_and_its_cases(web, skate, member) -> None:
    with web.database.writing() as db:
        owner = make_organisation(db, "Digitaliseringsdirektoratet")
        forum = db.get(Forum, skate.id)
        forum.secretariat_id = owner.id
        day = today() + timedelta(days=7)
        make_meeting(db, skate, day, place="Rom 2015")
        shown = make_complete(db, skate, "Felles kalender")
        share(db, SYSTEM, shown.id)
        make_complete(db, skate, "Et utkast")
        db.add(Mandate(forum_id=skate.id, valid_from=date(2019, 1, 1), text="Gi råd.", may_decide=True))
    page = member.get("/forums/skate").text
    for text in ("Strategic", "Digitaliseringsdirektoratet", "Rom 2015", "Felles kalender", "Gi råd."):
        assert text in page
    assert "May decide" in page
    assert "Et utkast" not in page


def test_buttons_are_there_for_those_who_may_use_them(secretary, member) -> None:
    for label in ("New case", "New meeting", "Settings", "History"):
        assert label in secretary.get("/forums/skate").text
        assert label not in member.get("/forums/skate").text


def test_a_forum_does_not_exist_for_outsiders(web, skate) -> None:
    outsider = browser_as(web, None)
    for path in ("", "/members", "/settings", "/history", "/meetings", "/members/new", "/mandates/new"):
        assert outsider.get(f"/forums/skate{path}").status_code == 404, path


def test_strangers_are_sent_to_log_in(web, skate) -> None:
    assert web.client().get("/forums/skate").headers["location"].startswith("/login")


def test_members_may_look_but_not_change(member) -> None:
    for path in (
        "/settings",
        "/settings/basics",
        "/settings/numbering",
        "/settings/words",
        "/settings/parts",
    ):
        assert member.get(f"/forums/skate{path}").status_code == 403, path
    for path in ("/members/new", "/seats/new", "/mandates/new", "/history"):
        assert member.get(f"/forums/skate{path}").status_code == 403, path
    assert member.post("/forums/skate/settings/basics", data={**BASICS, "version": 1}).status_code == 403
    assert member.post("/forums/skate/seats", data={"side": "state"}).status_code == 403


def test_the_overview_takes_as_many_queries_whatever_there_is(web, skate, secretary) -> None:
    def statements() -> int:
        with counted_statements(web.database) as seen:
            assert secretary.get("/forums/skate").status_code == 200
        return len(seen)

    with web.database.writing() as db:
        make_complete(db, skate, "Den første")
        make_meeting(db, skate, today())
    few = statements()
    with web.database.writing() as db:
        for number in range(5):
            make_complete(db, skate, f"Sak {number}")
            make_meeting(db, skate, today() + timedelta(days=number))
            seat = make_seat(db, skate, position=number)
            make_membership(db, skate, make_person(db, f"Person {number}").id, seat_id=seat.id)
    assert statements() == few


# History


def test_the_history_goes_on_to_older_acts(web, skate, secretary) -> None:
    with web.database.writing() as db:
        for number in range(55):
            make_meeting(db, skate, date(2019, 1, 1) + timedelta(days=number))
    newest = secretary.get("/forums/skate/history").text
    assert newest.count("Planned a meeting") == 50
    older = newest.partition("/forums/skate/history?before=")[2].partition('"')[0]
    assert secretary.get(f"/forums/skate/history?before={older}").text.count("Planned a meeting") == 5
