"""Codes from an app as people meet them: after the password, on the account page, and where they are required."""

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from fastapi.testclient import TestClient

from app.identity.models import UserAccount
from app.main import create_app
from app.platform.settings import Settings
from tests.support.keys import without_keys
from tests.support.sign_on import PASSWORD, make
from tests.support.web import Web


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 3, 2, 8, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def demanding(database, tmp_path: Path, whom: str) -> Web:
    app = create_app(Settings(data_dir=tmp_path / "data", require_totp=whom))
    app.state.database.dispose()
    app.state.database = database
    return Web(app, database)


def log_in(client: TestClient, name: str = "kari", wanted: str = "", password: str = PASSWORD):
    return client.post("/login", data={"email": f"{name}@example.no", "password": password, "next": wanted})


def field(text: str, name: str) -> str:
    (value,) = re.findall(rf'name="{name}" value="([^"]+)"', text)
    return html.unescape(value)


def key_in(text: str) -> str:
    (key,) = re.findall(r'<code class="set-up-key">([A-Z2-7 ]+)</code>', text)
    return key.replace(" ", "")


class App:
    """The code app on somebody's phone."""

    def __init__(self, client: TestClient, seconds: int = 0) -> None:
        shown = client.get("/account/second-factor").text
        self.app = pyotp.TOTP(key_in(shown))
        answer = client.post(
            "/account/second-factor",
            data={"offered": field(shown, "offered"), "code": self.now(), "password": PASSWORD},
        )
        assert answer.status_code == 200, answer.text
        self.codes = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)
        self.answer = answer

    def now(self) -> str:
        return self.app.at(datetime.now(UTC))


@pytest.fixture
def kari(web) -> UserAccount:
    return make(web, password=PASSWORD)


def give(client: TestClient, code: str):
    return client.post("/login/code", data={"code": code})


def test_the_whole_way(web, kari, clock):
    client = web.client(kari)
    assert "Set up codes" in client.get("/account").text
    phone = App(client)
    assert len(set(phone.codes)) == 10
    assert phone.answer.headers["cache-control"] == "no-store"
    assert "You have 10 recovery codes left." in client.get("/account").text
    assert phone.codes[0] not in client.get("/account/second-factor").text
    clock.shift(60)

    browser = web.client()
    half = log_in(browser, wanted="/account?x=1")
    assert half.headers["location"] == "/login/code"
    assert "samstyr" not in browser.cookies  # nobody yet
    assert browser.get("/account").status_code == 303
    assert 'autocomplete="one-time-code"' in browser.get("/login/code").text
    wrong = give(browser, "000000")
    assert wrong.status_code == 422
    assert "The code is wrong or has been used." in wrong.text
    assert browser.get("/account").status_code == 303
    answer = give(browser, phone.now())
    assert answer.headers["location"] == "/account?x=1"
    assert "samstyr-half" not in browser.cookies
    assert "<td>Password and code</td>" in browser.get("/account").text


def test_the_picture_holds_what_stands_beside_it(web, kari):
    shown = web.client(kari).get("/account/second-factor").text
    assert 'src="data:image/svg+xml' in shown
    assert re.search(r'href="otpauth://totp/Samstyr:kari%40example.no\?secret=[A-Z2-7]{32}&amp;issuer', shown)


def test_a_wrong_code_at_set_up_keeps_the_secret_and_stores_nothing(web, kari):
    client = web.client(kari)
    shown = client.get("/account/second-factor").text
    data = {"offered": field(shown, "offered"), "code": "000000", "password": PASSWORD}
    answer = client.post("/account/second-factor", data=data)
    assert answer.status_code == 422
    assert key_in(answer.text) == key_in(shown)
    empty = client.post("/account/second-factor", data=data | {"code": ""})
    assert "Fill in “Code”." in empty.text
    for offered in ("", "x", "é" * 400, "x" * 5000):
        foreign = client.post("/account/second-factor", data=data | {"offered": offered})
        assert foreign.status_code == 422
        assert "Scan the new picture" in foreign.text
    assert log_in(web.client()).headers["location"] == "/"


def test_setting_up_takes_the_password(web, kari):
    client = web.client(kari)
    shown = client.get("/account/second-factor").text
    data = {"offered": field(shown, "offered"), "code": pyotp.TOTP(key_in(shown)).now()}
    for password, said in (("", "Fill in “"), ("feil passord her", "This is not your password.")):
        refused = client.post("/account/second-factor", data=data | {"password": password})
        assert refused.status_code == 422
        assert said in refused.text
        assert key_in(refused.text) == key_in(shown)
        assert "feil passord" not in refused.text
    assert log_in(web.client()).headers["location"] == "/"


def test_a_double_click_shows_the_recovery_codes_all_the_same(web, kari, clock):
    """The browser sends both with the cookie it has, and shows the second answer alone."""
    client, second = web.client(kari), web.client()
    shown = client.get("/account/second-factor").text
    before = client.cookies["samstyr"]
    second.cookies.set("samstyr", before, domain="testserver.local", path="/")
    data = {"offered": field(shown, "offered"), "code": pyotp.TOTP(key_in(shown)).now(), "password": PASSWORD}
    answers = [each.post("/account/second-factor", data=data) for each in (client, second)]
    codes = [re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert codes[0] == codes[1]
    assert len(codes[0]) == 10
    assert second.get("/account").status_code == client.get("/account").status_code == 200
    # The form without the cookie, the cookie without the form, and both with another password open nothing.
    for cookie, changed in (("", {}), (before, {"offered": "x"}), (before, {"password": "feil passord"})):
        stranger = web.client()
        stranger.cookies.set("samstyr", cookie)
        assert "recovery-codes" not in stranger.post("/account/second-factor", data=data | changed).text
        assert stranger.get("/account").status_code == 303
    assert log_in(second).headers["location"] == "/login/code"


def test_loading_the_recovery_codes_again_shows_them_again_and_logs_nobody_out(web, kari, clock):
    client = web.client(kari)
    shown = client.get("/account/second-factor").text
    data = {"offered": field(shown, "offered"), "code": pyotp.TOTP(key_in(shown)).now(), "password": PASSWORD}
    codes = [
        re.findall(r"<code>([a-z0-9-]{19})</code>", client.post("/account/second-factor", data=data).text)
        for _time in range(3)
    ]
    assert len(codes[0]) == 10
    assert codes[1] == codes[2] == codes[0]
    assert client.get("/account").status_code == 200


def test_without_the_password_there_is_no_page_for_the_code(web, kari, clock):
    App(web.client(kari))
    stranger = web.client()
    assert stranger.get("/login/code").headers["location"] == "/login"
    assert give(stranger, "123456").headers["location"] == "/login"
    stranger.cookies.set("samstyr-half", "x.y.z")
    assert stranger.get("/login/code").headers["location"] == "/login"


def test_what_the_browser_carries_is_good_for_ten_minutes_and_for_this_step_alone(web, kari, clock):
    phone = App(web.client(kari))
    client = web.client()
    log_in(client)
    carried = client.cookies["samstyr-half"]
    other = web.client()
    other.cookies.set("samstyr", carried)
    assert other.get("/account").status_code == 303
    other.cookies.set("samstyr-sso", carried)
    assert other.get("/login/code").headers["location"] == "/login"
    clock.shift(timedelta(minutes=10, seconds=1))
    assert give(client, phone.now()).headers["location"] == "/login"


def test_the_page_does_not_tell_whether_an_account_has_codes(web, kari, clock):
    App(web.client(kari))
    make(web, "Ola", password=PASSWORD)
    with_codes = log_in(web.client(), password="et helt annet passord")
    without = log_in(web.client(), "ola", password="et helt annet passord")
    assert with_codes.status_code == without.status_code == 422
    assert without_keys(with_codes.text).replace("kari@", "x@") == without_keys(without.text).replace(
        "ola@", "x@"
    )


def test_wrong_codes_stay_written_down(web, kari, clock):
    phone = App(web.client(kari))
    client = web.client()
    log_in(client)
    for _ in range(5):
        give(client, "000000")
    blocked = give(client, phone.now())
    assert blocked.status_code == 422
    assert "Wait 15 minutes" in blocked.text


def test_codes_are_taken_away_with_password_and_code(web, kari, clock):
    client = web.client(kari)
    phone = App(client)
    page = "/account/second-factor/remove"
    for data, said in (
        ({"password": "", "code": ""}, "Fill in “Password”."),
        ({"password": "feil passord her", "code": phone.codes[0]}, "This is not your password."),
        ({"password": PASSWORD, "code": "000000"}, "The code is wrong"),
    ):
        refused = client.post(page, data=data)
        assert refused.status_code == 422
        assert said in refused.text
        assert PASSWORD not in refused.text
    answer = client.post(page, data={"password": PASSWORD, "code": phone.codes[0]})
    assert answer.headers["location"] == "/account#codes"
    assert log_in(web.client()).headers["location"] == "/"
    assert client.post(page, data={"password": PASSWORD, "code": phone.codes[1]}).status_code == 422


def test_an_administrator_helps_who_has_lost_everything(web, kari, clock):
    hers = web.client(kari)
    App(hers)
    chief = web.client(make(web, "Astrid", is_administrator=True))
    assert "With code" in chief.get("/admin/users").text
    assert "Let the user log in without codes" in chief.get(f"/admin/users/{kari.id}").text
    assert web.client(make(web, "Ola")).post(f"/admin/users/{kari.id}/reset-codes").status_code == 404
    answer = chief.post(f"/admin/users/{kari.id}/reset-codes")
    assert answer.headers["location"] == f"/admin/users/{kari.id}"
    assert hers.get("/account").status_code == 303
    assert log_in(web.client()).headers["location"] == "/"
    assert chief.post(f"/admin/users/{kari.id}/reset-codes").status_code == 404


@pytest.mark.parametrize("path", ["/", "/account", "/forums", "/cases", "/admin/users", "/persons/new"])
def test_who_must_set_codes_up_does_that_before_anything_else(database, tmp_path, path):
    web = demanding(database, tmp_path, "admins")
    chief = make(web, "Astrid", password=PASSWORD, is_administrator=True)
    client = web.client()
    log_in(client, "astrid")
    assert client.get(path).headers["location"] == "/account/second-factor"
    shown = client.get("/account/second-factor")
    assert shown.status_code == 200
    assert "Samstyr asks this of you before anything else." in shown.text
    for command in ("/account/preferences", "/account/password", "/admin/users", "/forums"):
        assert client.post(command, data={}).headers["location"] == "/account/second-factor"
    assert client.post("/logout").headers["location"] == "/login"
    assert chief.is_administrator


def test_once_codes_are_set_up_everything_is_open(database, tmp_path, clock):
    web = demanding(database, tmp_path, "all")
    make(web, password=PASSWORD)
    client = web.client()
    log_in(client)
    phone = App(client)
    assert client.get("/account").status_code == 200
    clock.shift(60)
    again = web.client()
    log_in(again)
    assert give(again, phone.now()).status_code == 303
    assert again.get("/account").status_code == 200
    client.post("/account/second-factor/remove", data={"password": PASSWORD, "code": phone.codes[0]})
    assert client.get("/account").headers["location"] == "/account/second-factor"


def test_others_are_left_alone(database, tmp_path):
    web = demanding(database, tmp_path, "admins")
    client = web.client(make(web, password=PASSWORD))
    assert client.get("/account").status_code == 200


def test_who_becomes_administrator_is_asked_from_the_next_page_on(database, tmp_path):
    web = demanding(database, tmp_path, "admins")
    kari = make(web, password=PASSWORD)
    client = web.client(kari)
    assert client.get("/account").status_code == 200
    with web.database.writing() as db:
        db.get_one(UserAccount, kari.id).is_administrator = True
    assert client.get("/account").headers["location"] == "/account/second-factor"


def test_an_account_without_a_password_needs_no_codes(web):
    client = web.client(make(web))
    assert client.get("/account/second-factor").status_code == 404
