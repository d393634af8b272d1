"""Logging in and out, invitations and the account page, as browsers meet them."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.access.actor import Actor
from app.identity.models import Invitation, UserAccount, UserSession
from app.identity.service.invitations import invite
from app.identity.service.users import create_user, update_user
from app.kernel.language import Language
from app.main import create_app
from app.platform.clock import utc_now
from app.platform.settings import Settings
from app.web.account.pages import device_name
from app.web.shared.addresses import own_path
from tests.support.keys import without_keys

PASSWORD = "riktig hest batteri stift"
SYSTEM = Actor.system()


@pytest.fixture
def user(web) -> UserAccount:
    with web.database.writing() as db:
        return create_user(
            db,
            SYSTEM,
            email="Kari@example.no",
            name="Kari Nordmann",
            language=Language.EN,
            password=PASSWORD,
        )


def sign_in(client: TestClient, *, email="kari@example.no", password=PASSWORD, wanted=""):
    return client.post("/login", data={"email": email, "password": password, "next": wanted})


def sessions_of(web, user: UserAccount) -> list[UserSession]:
    with web.database.reading() as db:
        return list(
            db.scalars(
                select(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
            )
        )


def test_logging_in_leads_to_the_page_that_was_wanted(web, user):
    client = web.client()
    sent_away = client.get("/account?x=1")
    assert sent_away.headers["location"] == "/login?next=/account%3Fx%3D1"
    form = client.get(sent_away.headers["location"]).text
    assert 'name="next" value="/account?x=1"' in form
    answer = sign_in(client, wanted="/account?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?x=1")
    assert client.get("/account").status_code == 200
    assert client.get("/login?next=/account").headers["location"] == "/account"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web, user):
    cookie = sign_in(web.client()).headers["set-cookie"]
    assert re.fullmatch(r"samstyr=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie)


def test_over_tls_the_cookie_is_held_to_this_host(web, user, tmp_path: Path):
    app = create_app(Settings(data_dir=tmp_path, public_origin="https://samstyr.example.no", session_hours=2))
    app.state.database.dispose()
    app.state.database = web.database
    client = TestClient(app, base_url="https://samstyr.example.no", follow_redirects=False)
    cookie = sign_in(client).headers["set-cookie"]
    assert re.fullmatch(
        r"__Host-samstyr=[\w-]{43}; HttpOnly; Max-Age=7200; Path=/; SameSite=lax; Secure", cookie
    )
    removed = client.post("/logout", headers={"sec-fetch-site": "same-origin"}).headers.get_list("set-cookie")
    assert any("__Host-samstyr=" in line and "Max-Age=0" in line and "Secure" in line for line in removed)


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "/cases\\..\\x",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(web, user, wanted):
    assert own_path(wanted) is None
    assert sign_in(web.client(), wanted=wanted).headers["location"] == "/"
    assert web.client(user).get("/login", params={"next": wanted}).headers["location"] == "/"


@pytest.mark.parametrize("wanted", ["/", "/cases?q=plan&page=2", "/sak/skate/13/2019", "/cases?q=æ//b"])
def test_our_own_paths_are_gone_on_to(wanted):
    assert own_path(wanted) == wanted


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(web, user):
    client = web.client()
    wrong = sign_in(client, password="et helt annet passord")
    unknown = sign_in(client, email="nobody@example.no", password="et helt annet passord")
    assert wrong.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is wrong" in wrong.text
    shown = without_keys(wrong.text), without_keys(unknown.text)
    assert shown[0].replace("kari@", "X@") == shown[1].replace("nobody@", "X@")
    assert 'value="kari@example.no"' in wrong.text
    assert "et helt annet passord" not in wrong.text
    assert "set-cookie" not in wrong.headers


def test_a_stopped_user_gets_the_same_answer_too(web, user):
    wrong = sign_in(web.client(), password="et helt annet passord").text
    with web.database.writing() as db:
        update_user(
            db,
            SYSTEM,
            user.id,
            version=1,
            name=user.name,
            person_id=None,
            is_administrator=False,
            is_active=False,
        )
    assert without_keys(sign_in(web.client()).text) == without_keys(wrong)


def test_empty_fields_are_asked_for(web):
    answer = web.client().post("/login", data={"email": "", "password": ""})
    assert answer.status_code == 422
    for label in ("E-mail address", "Password"):
        assert answer.text.count(f"Fill in “{label}”.") == 2  # in the summary and beside the field


def test_too_many_tries_are_told_how_long_to_wait(web, user):
    client = web.client()
    for _ in range(5):
        sign_in(client, password="et helt annet passord")
    blocked = sign_in(client)
    assert blocked.status_code == 422
    assert "Wait 15 minutes" in blocked.text
    assert 'value="kari@example.no"' in blocked.text
    assert sessions_of(web, user) == []


def test_logging_out_ends_the_session_on_the_server(web, user):
    client = web.client()
    sign_in(client)
    token = client.cookies["samstyr"]
    answer = client.post("/logout")
    assert answer.headers["location"] == "/login"
    assert "samstyr" not in client.cookies
    assert "You are logged out." in client.get("/login").text
    thief = web.client()
    thief.cookies.set("samstyr", token)
    assert thief.get("/account").headers["location"].startswith("/login")


def test_logging_out_twice_is_no_error(web):
    assert web.client().post("/logout").headers["location"] == "/login"


def test_logging_in_anew_ends_the_session_the_browser_had(web, user):
    client = web.client()
    sign_in(client)
    before = client.cookies["samstyr"]
    sign_in(client)
    assert client.cookies["samstyr"] != before
    assert len(sessions_of(web, user)) == 1


@pytest.fixture
def invited(web) -> tuple[UserAccount, str]:
    with web.database.writing() as db:
        user = create_user(db, SYSTEM, email="ola@example.no", name="Ola <b>Hansen</b>", language=Language.EN)
        return user, invite(db, SYSTEM, user.id, hours=24)


def choose(client: TestClient, token: str, password: str, again: str | None = None):
    data = {"email": "ola@example.no", "password": password, "password_again": again or password}
    return client.post(f"/invite/{token}", data=data)


def test_an_invitation_lets_one_choose_a_password_once(web, invited):
    _, token = invited
    client = web.client()
    first = client.get(f"/invite/{token}")
    assert first.status_code == 200
    assert "Welcome, Ola &lt;b&gt;Hansen&lt;/b&gt;." in first.text
    answer = choose(client, token, PASSWORD)
    assert answer.headers["location"] == "/login"
    assert "Your password is saved." in client.get("/login").text
    assert sign_in(client, email="ola@example.no").status_code == 303
    assert client.get(f"/invite/{token}").status_code == 410
    assert choose(client, token, "enda et annet passord").status_code == 410
    assert sign_in(web.client(), email="ola@example.no").status_code == 303


def test_links_that_do_not_work_are_not_told_apart(web, invited):
    _, token = invited
    with web.database.writing() as db:
        db.execute(update(Invitation).values(expires_at=utc_now() - timedelta(seconds=1)))
    expired = web.client().get(f"/invite/{token}")
    invented = web.client().get("/invite/abc")
    assert expired.status_code == invented.status_code == 410
    assert expired.text == invented.text
    assert "This link cannot be used" in expired.text


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("kort", "kort", "at least 12 characters"),
        (PASSWORD, PASSWORD + "x", "The two passwords are not the same."),
        ("ola@example.no ja", "ola@example.no ja", "holds your name or e-mail address"),
        ("passordpassord", "passordpassord", "easily guessed"),
    ],
)
def test_a_password_that_will_not_do_is_explained_and_the_link_still_works(
    web, invited, password, again, said
):
    _, token = invited
    refused = choose(web.client(), token, password, again)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{password}"' not in refused.text
    assert choose(web.client(), token, PASSWORD).status_code == 303


def test_language_and_colours_are_ones_own_choice(web, user):
    client = web.client(user)
    assert '<html lang="en" data-color-scheme="auto"' in client.get("/account").text
    answer = client.post("/account/preferences", data={"language": "da", "color_scheme": "dark"})
    assert answer.headers["location"] == "/account"
    assert '<html lang="da" data-color-scheme="dark"' in client.get("/account").text


@pytest.mark.parametrize("data", [{"language": "xx", "color_scheme": "auto"}, {"language": "nb"}])
def test_choices_that_are_not_there_are_refused(web, user, data):
    answer = web.client(user).post("/account/preferences", data=data)
    assert answer.status_code == 422
    assert '<html lang="en"' in web.client(user).get("/account").text


def change(client: TestClient, current: str, new: str, again: str | None = None):
    data = {"email": "kari@example.no", "current": current, "password": new, "password_again": again or new}
    return client.post("/account/password", data=data)


def test_a_new_password_logs_other_devices_out(web, user):
    here, there = web.client(user), web.client(user)
    answer = change(here, PASSWORD, "et helt annet passord")
    assert answer.headers["location"] == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert sign_in(web.client()).status_code == 422
    assert sign_in(web.client(), password="et helt annet passord").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("feil passord her", "et helt annet passord", None, "This is not your password."),
        (PASSWORD, "kort", None, "at least 12 characters"),
        (PASSWORD, "et helt annet passord", "noe annet igjen", "The two passwords are not the same."),
    ],
)
def test_a_password_is_not_changed_by_mistake(web, user, current, new, again, said):
    refused = change(web.client(user), current, new, again)
    assert refused.status_code == 422
    assert said in refused.text
    assert sign_in(web.client()).status_code == 303


def test_devices_are_listed_and_can_be_logged_out(web, user):
    here = web.client()
    here.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in(here)
    there = web.client(user)
    shown = here.get("/account").text
    assert "Firefox, Linux" in shown
    assert shown.count("This device") == 1
    (end,) = re.findall(r'action="(/account/sessions/[^"]+/end)"', shown)
    assert here.post(end).headers["location"] == "/account#devices"
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


def test_nobody_logs_out_somebody_elses_device(web, user):
    with web.database.writing() as db:
        other = create_user(
            db, SYSTEM, email="ola@example.no", name="Ola", language=Language.EN, password=PASSWORD
        )
    there = web.client(other)
    (session,) = sessions_of(web, other)
    assert web.client(user).post(f"/account/sessions/{session.id}/end").status_code == 404
    assert web.client(user).post(f"/account/sessions/{UUID(int=1)}/end").status_code == 404
    assert there.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5", ""),
    ],
)
def test_a_device_is_named_as_people_know_it(said, name):
    assert device_name(said) == name
