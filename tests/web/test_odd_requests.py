"""Requests that no page of ours makes: answered like any other, and never with a fault."""

from uuid import uuid4

import pytest

from app.access.roles import Role
from app.forums.service.mandates import add_mandate
from app.kernel.dates import parse_date
from tests.factories.cases import SYSTEM
from tests.factories.forums import make_forum
from tests.factories.people import make_person
from tests.support.house import House


@pytest.mark.parametrize("before", ["-1", "9" * 30, "x"])
def test_a_place_in_the_history_that_cannot_be_is_refused(web, before: str) -> None:
    browser = House.build(web).browser(Role.SECRETARY)
    assert browser.get(f"/forums/skate/history?before={before}").status_code == 422
    assert browser.get(f"/forums/skate/history?before={2**63 - 1}").status_code == 200


@pytest.mark.parametrize("path", ["/forums/x%00y", "/sak/x%00y/13/2019", "/cases/new?forum=x%00y"])
def test_a_key_that_the_database_cannot_hold_names_nothing(web, path: str) -> None:
    assert House.build(web).browser(Role.SECRETARY).get(path).status_code == 404


def test_an_origin_that_is_no_address_is_not_ours(web) -> None:
    browser = House.build(web).browser(Role.SECRETARY)
    del browser.headers["sec-fetch-site"]
    assert browser.post("/logout", headers={"origin": "http://["}).status_code == 403


def test_a_link_that_lets_somebody_in_is_not_in_the_log(web, capsys: pytest.CaptureFixture[str]) -> None:
    web.client().get("/invite/Zm9yYmlkZGVu")
    logged = capsys.readouterr()
    assert "/invite/" in logged.out + logged.err
    assert "Zm9yYmlkZGVu" not in logged.out + logged.err


def test_what_files_are_called_is_not_in_the_log(web, capsys: pytest.CaptureFixture[str]) -> None:
    browser = House.build(web).browser(Role.SECRETARY)
    for way in ("attachments", "redacted"):
        browser.get(f"/{way}/{uuid4()}/Varsel%20om%20Kari.pdf")
    logged = capsys.readouterr()
    assert "/attachments/" in logged.out + logged.err
    assert "/redacted/" in logged.out + logged.err
    assert "Kari" not in logged.out + logged.err


def test_a_mandate_is_removed_only_where_it_belongs(web) -> None:
    house = House.build(web)
    with house.writing() as db:
        other = make_forum(db, "annet", "Annet")
        mandate = add_mandate(db, SYSTEM, other.id, valid_from=parse_date("1.1.2019"))
    browser = house.browser(administrator=True)
    sent = browser.post(f"/forums/skate/mandates/{mandate.id}/remove", data={"version": "2"})
    assert sent.status_code == 404
    assert browser.get(f"/forums/annet/mandates/{mandate.id}").status_code == 200


def test_a_preview_waits_for_nobody_who_writes(web) -> None:
    house = House.build(web)
    browser = house.browser(Role.SECRETARY)
    with house.writing() as db:
        make_person(db, "Kari Nordmann")
        assert browser.post("/preview", data={"text": "**hei**"}).status_code == 200
        assert browser.post("/forums/skate/import", data={"text": "Sak 1/2019 Hei"}).status_code == 200
