"""The front page: what waits for whom, and how an empty house begins."""

from datetime import timedelta

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.service.share import share
from app.platform.clock import today
from tests.factories.cases import make_complete, make_meeting
from tests.factories.forums import make_forum
from tests.support.browsers import browser_as
from tests.support.queries import counted_statements

SYSTEM = Actor.system()


def test_strangers_log_in_first(web) -> None:
    assert web.client().get("/").headers["location"] == "/login"


def test_a_new_administrator_is_shown_how_to_begin(web) -> None:
    page = browser_as(web, Role.ADMINISTRATOR, name="Ada Admin").get("/").text
    assert "Welcome, Ada" in page
    for href in ("/forums/new", "/organisations", "/admin"):
        assert f'href="{href}' in page
    assert "Make the first forum" in page


def test_somebody_without_a_role_is_told_whom_to_ask(web) -> None:
    page = browser_as(web, None).get("/").text
    assert "You have no role in a forum yet" in page
    assert "Make the first forum" not in page


def test_everybody_sees_the_meetings_cases_and_forums_of_their_own(web) -> None:
    with web.database.writing() as db:
        skate = make_forum(db, "skate", "Skate")
        other = make_forum(db, "sts", "Styregruppen")
        make_meeting(db, skate, today() + timedelta(days=3), place="Rom 2015")
        make_meeting(db, skate, today() - timedelta(days=3), place="Rom i fortiden")
        make_meeting(db, other, today() + timedelta(days=3), place="Et annet sted")
        share(db, SYSTEM, make_complete(db, skate, "Felles kalender").id)
        make_complete(db, skate, "Et utkast")
        share(db, SYSTEM, make_complete(db, other, "De andres sak").id)
    page = browser_as(web, Role.MEMBER, skate).get("/").text
    for text in ("Skate", "Rom 2015", "Felles kalender", "Changed lately"):
        assert text in page
    for text in ("Styregruppen", "Et annet sted", "De andres sak", "Et utkast", "Rom i fortiden", "New case"):
        assert text not in page
    page = browser_as(web, Role.SECRETARY, skate).get("/").text
    assert "Et utkast" in page.partition("Cases to work on")[2]
    assert "/cases/new?forum=skate" in page


def test_a_forum_without_anything_says_so(web) -> None:
    with web.database.writing() as db:
        skate = make_forum(db, "skate", "Skate")
    page = browser_as(web, Role.MEMBER, skate).get("/").text
    assert "No meeting is planned in your forums." in page
    assert "No cases yet" in page


def test_the_page_takes_as_many_queries_whatever_there_is(web) -> None:
    with web.database.writing() as db:
        skate = make_forum(db, "skate", "Skate")
        make_complete(db, skate, "Den første")
        make_meeting(db, skate, today())
    browser = browser_as(web, Role.SECRETARY, skate)

    def statements() -> int:
        with counted_statements(web.database) as seen:
            assert browser.get("/").status_code == 200
        return len(seen)

    few = statements()
    with web.database.writing() as db:
        for number in range(5):
            make_complete(db, skate, f"Sak {number}")
            make_meeting(db, skate, today() + timedelta(days=number))
    assert statements() == few
