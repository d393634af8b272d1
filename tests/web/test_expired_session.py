"""A form that is sent after its session was over: nothing typed is lost, and nothing goes anywhere by itself."""

import json
import re
from html import unescape

import lxml.html
import pytest
from sqlalchemy import func, select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.queries.editing import edit_view
from app.web.shared.kept import LONGEST, command_path, unpacked
from tests.factories.cases import SYSTEM, parts_of
from tests.factories.forums import make_membership
from tests.factories.people import make_person
from tests.factories.users import PASSWORD, make_user
from tests.support.house import HOSTILE
from tests.support.queries import counted_statements


@pytest.fixture
def part(house, treatment):
    with house.writing() as db:
        return next(part for part in parts_of(db, treatment) if part.kind.value == "section")


@pytest.fixture
def stranger(house):
    """Kari's browser after her session is over; ``secretary`` of the forum once she has logged in again."""
    with house.writing() as db:
        person = make_person(db, "Kari Nordmann")
        make_membership(db, house.forum, person.id, Role.SECRETARY)
        make_user(db, person_id=person.id)
    return house.web.client()


def address_of(treatment, part):
    return f"/treatments/{treatment.id}/parts/{part.id}"


def fields(part, body="Min lange tekst"):
    return {"version": "1", "heading": "Bakgrunn", "body": body}


def forms_of(answer):
    return lxml.html.fromstring(answer.text).forms


def log_in(client, answer, *, password=PASSWORD, email="kari@example.no"):
    form = next(form for form in forms_of(answer) if form.action == "/login")
    sent = dict(form.form_values()) | {"email": email, "password": password}
    return client.post("/login", data=sent)


def body_of(house, treatment, part):
    with house.web.database.reading() as db:
        return edit_view(db, SYSTEM, treatment.id).part(part.id).body


def test_what_was_typed_goes_through_the_log_in_and_is_sent_on_by_the_person(
    house, treatment, part, stranger
) -> None:
    answer = stranger.post(address_of(treatment, part), data=fields(part))
    assert answer.status_code == 401
    assert "Min lange tekst" in answer.text
    wrong = log_in(stranger, answer, password="feil passord, men langt")
    assert wrong.status_code == 422
    shown = log_in(stranger, wrong)
    assert shown.status_code == 200
    assert "This is what you wrote" in shown.text
    assert "Kari Nordmann" in shown.text
    assert body_of(house, treatment, part) == ""  # nothing is sent by itself

    form = next(form for form in forms_of(shown) if form.action == address_of(treatment, part))
    assert dict(form.form_values()) == fields(part)
    saved = stranger.post(form.action, data=dict(form.form_values()))
    assert saved.status_code == 303
    assert body_of(house, treatment, part) == "Min lange tekst"


def test_who_logged_in_another_way_sends_it_on_from_the_same_page(house, treatment, part, stranger) -> None:
    answer = stranger.post(address_of(treatment, part), data=fields(part))
    log_in(stranger, stranger.get("/login"))
    form = next(form for form in forms_of(answer) if form.action == address_of(treatment, part))
    assert stranger.post(form.action, data=dict(form.form_values())).status_code == 303


def test_the_key_against_being_sent_twice_goes_along_unseen(treatment, part, stranger) -> None:
    sent = fields(part) | {"idempotency_key": "nøkkel-som-siden-ga"}
    shown = log_in(stranger, stranger.post(address_of(treatment, part), data=sent))
    form = next(form for form in forms_of(shown) if form.action == address_of(treatment, part))
    assert [value for name, value in form.form_values() if name == "idempotency_key"] == [
        "nøkkel-som-siden-ga"
    ]
    assert "nøkkel" not in lxml.html.fromstring(shown.text).text_content()


def test_nothing_is_stored_for_strangers(house, treatment, part, stranger) -> None:
    with house.web.database.reading() as db:
        before = db.scalar(select(func.count()).select_from(AuditEvent))
    with counted_statements(house.web.database) as statements:
        stranger.post(address_of(treatment, part), data=fields(part))
    assert [each for each in statements if not each.lstrip().upper().startswith("SELECT")] == []
    with house.web.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_the_answer_does_not_tell_what_exists(house, treatment, part, stranger) -> None:
    there = stranger.post(address_of(treatment, part), data=fields(part))
    gone = address_of(treatment, part)[:-4] + "0000"
    missing = stranger.post(gone, data=fields(part))
    assert there.status_code == missing.status_code == 401
    shown = [
        re.sub(r'name="idempotency_key" value="[^"]+"', "", answer.text.replace(address, "X"))
        for answer, address in ((there, address_of(treatment, part)), (missing, gone))
    ]
    assert shown[0] == shown[1]


def test_an_empty_form_leads_to_the_log_in_as_before(treatment, part, stranger) -> None:
    answer = stranger.post(address_of(treatment, part), data={})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_files_are_not_carried_and_the_page_says_so(treatment, stranger) -> None:
    answer = stranger.post(
        f"/treatments/{treatment.id}/attachments",
        data={"title": "Vedlegg"},
        files={"file": ("a.pdf", b"%PDF-1.7 hemmelig innhold")},
    )
    assert answer.status_code == 401
    assert "Files cannot be carried along" in answer.text
    assert "hemmelig innhold" not in answer.text
    assert "Vedlegg" in answer.text


def test_too_much_text_is_not_carried_and_the_page_says_what_to_do(treatment, part, stranger) -> None:
    answer = stranger.post(address_of(treatment, part), data=fields(part, "æ" * (LONGEST + 1)))
    assert answer.status_code == 401
    assert "too long to be carried along" in answer.text
    assert len(answer.text) < 50_000


@pytest.mark.parametrize(
    "text", [*HOSTILE, '"><script>alert(1)</script>', "</pre><img src=x onerror=alert(1)>"]
)
def test_hostile_text_is_text_on_the_way(treatment, part, stranger, text) -> None:
    answer = stranger.post(
        address_of(treatment, part), data=fields(part, text) | {text: text, "heading": text}
    )
    shown = log_in(stranger, answer)
    for page in (answer, shown):
        assert page.status_code in {200, 401}
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert lxml.html.fromstring(page.text.replace("\x00", "")).xpath("//@onerror") == []


@pytest.mark.parametrize(
    "action",
    [
        "https://evil.example/treatments/x",
        "//evil.example/treatments/1",
        "javascript:alert(1)",
        "/login",
        "/logout",
        "/account/password",
        "/nowhere",
        "/cases",
        "/treatments/1/../../logout",
        "\\\\evil.example",
        "",
    ],
)
def test_it_can_only_go_to_a_command_of_ours(house, stranger, action) -> None:
    sent = {
        "email": "kari@example.no",
        "password": PASSWORD,
        "kept_action": action,
        "kept_fields": json.dumps([["title", "x"]]),
    }
    answer = stranger.post("/login", data=sent)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/")
    refused = house.web.client().post("/login", data=sent | {"password": "feil passord, men langt"})
    assert action == "" or f'action="{action}"' not in unescape(refused.text) or action == "/login"


@pytest.mark.parametrize("packed", ["", "{", "[1]", '[["a"]]', '[["a", {}]]', "null", "[" * 5000])
def test_what_is_no_form_is_not_carried(web, packed) -> None:
    assert unpacked("/cases/new", packed, web.app.state.register) is None


def test_paths_are_those_of_the_register(web) -> None:
    register = web.app.state.register
    assert command_path("/cases/new", register) == "/cases/new"
    assert command_path("/cases/new\n", register) is None
    assert command_path("/drafts", register) is None


def test_a_log_in_from_another_site_is_refused_with_everything_it_carries(house, stranger) -> None:
    sent = {
        "email": "kari@example.no",
        "password": PASSWORD,
        "kept_action": "/cases/new",
        "kept_fields": '[["title", "x"]]',
    }
    answer = stranger.post("/login", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("header", [{"hx-request": "true"}, {"sec-fetch-dest": "empty"}])
def test_a_script_is_told_instead_of_led_away(treatment, part, stranger, header) -> None:
    answer = stranger.post(address_of(treatment, part), data=fields(part), headers=header)
    assert answer.status_code == 401
    assert "location" not in answer.headers
    assert "Min lange tekst" not in answer.text
    assert stranger.get("/cases", headers=header).status_code == 401
