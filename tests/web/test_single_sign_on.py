"""Single sign-on as browsers meet it: to the provider and back, and everything that may come back instead."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select

from app.identity.models import UserAccount, UserIdentity, UserSession
from app.identity.rules import SignInMethod
from app.identity.service.users import update_user
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, TestProvider, elliptic, other_rsa
from tests.support.sign_on import (
    ORIGIN,
    PASSWORD,
    SYSTEM,
    actions,
    begin,
    come_back,
    count,
    link,
    make,
    provider,
    server,
    signed_in,
    site,
    web,
)

__all__ = ["provider", "server", "web"]


def test_a_linked_identity_opens_its_account_and_leads_on(web, provider):
    user = make(web)
    link(web, user, "s-1", provider.issuer)
    client = web.client()
    assert "Log in with Etaten" in client.get("/login").text
    wanted = urlencode({"next": "/account?x=1"})
    answer = come_back(client, provider, "s-1", f"/login/etat?{wanted}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?x=1")
    shown = client.get("/account").text
    assert "<td>Etaten</td>" in shown
    assert "kari@etat.no" in shown
    assert "Change password" not in shown
    with web.database.reading() as db:
        session = db.scalars(select(UserSession)).one()
        assert (session.method, session.provider) == (SignInMethod.PROVIDER, "etat")
        assert db.scalars(select(UserIdentity.last_used_at)).one() is not None
    assert "session.started" in actions(web)


def test_the_request_proves_what_it_must(web, provider):
    client = web.client()
    address = begin(client)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert query["redirect_uri"] == f"{ORIGIN}/login/etat/callback"
    assert {"state", "nonce", "code_challenge"} <= set(query)
    assert (query["code_challenge_method"], query["scope"], query["client_id"]) == (
        "S256",
        "openid",
        CLIENT_ID,
    )
    other = web.client(make(web))  # not the Host header that somebody sends
    assert "evil" not in other.get("/login/etat", headers={"host": "evil.example"}).headers["location"]
    cookie = client.get("/login/etat").headers["set-cookie"]
    assert re.fullmatch(r"samstyr-sso=[\w.-]+; HttpOnly; Max-Age=600; Path=/; SameSite=lax", cookie)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "x" * 5000])
def test_nobody_is_led_to_another_site(web, provider, wanted):
    link(web, make(web), "s-1", provider.issuer)
    answer = come_back(web.client(), provider, "s-1", f"/login/etat?{urlencode({'next': wanted})}")
    assert answer.headers["location"] == "/"


def test_an_unknown_identity_gets_a_page_and_nothing_is_made(web, provider):
    make(web, password=PASSWORD)
    provider.claims = {"email": "kari@example.no", "email_verified": True}
    client = web.client()
    answer = come_back(client, provider, "somebody")
    assert answer.status_code == 403
    assert "Samstyr does not know you yet" in answer.text
    assert not signed_in(client)
    assert (count(web, UserAccount), count(web, UserIdentity), count(web, UserSession)) == (1, 0, 0)
    assert actions(web)[-1] == "session.refused"


def test_the_same_subject_of_another_issuer_is_somebody_else(web, provider):
    link(web, make(web), "s-1", "https://another.example")
    assert come_back(web.client(), provider, "s-1").status_code == 403
    assert come_back(web.client(), provider, "S-1").status_code == 403


def test_a_stopped_account_stays_shut_and_is_not_told_apart(web, provider):
    user = make(web)
    link(web, user, "s-1", provider.issuer)
    unknown = come_back(web.client(), provider, "nobody").text
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
    answer = come_back(web.client(), provider, "s-1")
    assert (answer.status_code, answer.text) == (403, unknown)


def lies(provider: TestProvider) -> dict[str, dict]:
    public = provider.key.as_pem(private=False)
    return {
        "wrong nonce": {"claims": {"nonce": "other"}},
        "no nonce": {"claims": {"nonce": None}},
        "wrong audience": {"claims": {"aud": "another-client"}},
        "for others too": {"claims": {"aud": [CLIENT_ID, "another-client"]}},
        "for others by azp": {"claims": {"aud": [CLIENT_ID, "x"], "azp": "x"}},
        "no audience": {"claims": {"aud": None}},
        "other issuer": {"claims": {"iss": "https://evil.example"}},
        "issuer with a slash": {"claims": {"iss": provider.issuer + "/"}},
        "expired": {"claims": {"exp": 1_000_000_000, "iat": 999_999_000}},
        "no expiry": {"claims": {"exp": None}},
        "expiry that is no number": {"claims": {"exp": "tomorrow"}},
        "issued in the future": {"claims": {"iat": 9_999_999_999, "exp": 9_999_999_999}},
        "not yet valid": {"claims": {"nbf": 9_999_999_999}},
        "no subject": {"claims": {"sub": None}},
        "empty subject": {"claims": {"sub": ""}},
        "subject that is a list": {"claims": {"sub": ["s-1"]}},
        "subject with NUL": {"claims": {"sub": "s-1\x00"}},
        "endless subject": {"claims": {"sub": "s" * 300}},
        "alg none": {"header": {"alg": "none"}},
        "HMAC with the public key": {"header": {"alg": "HS256"}, "sign_with": public},
        "HMAC with our secret": {"header": {"alg": "HS256"}, "sign_with": CLIENT_SECRET.encode()},
        "signed by another key": {"sign_with": other_rsa()},
        "key that is not published": {"header": {"kid": "second"}, "sign_with": other_rsa("second")},
        "key of another kind": {"header": {"alg": "ES256"}, "sign_with": elliptic("first")},
        "cut off": {"raw_token": "eyJhbGciOiJSUzI1NiJ9.e30"},
        "no token at all": {"raw_token": "."},
        "a header that is a list": {"raw_token": "W10.e30.x"},
        "endless": {"raw_token": "x" * 100_000},
        "letters": {"raw_token": "æøå.æøå.æøå"},
        "wrong hash of the access token": {"claims": {"at_hash": "abc"}},
    }


def test_no_lie_is_believed(web, provider, monkeypatch):
    link(web, make(web), "s-1", provider.issuer)
    honest = dict(vars(provider))
    believed = []
    all_lies = lies(provider)
    for name, lie in all_lies.items():
        for field, value in {**honest, **lie}.items():
            setattr(provider, field, value)
        client = web.client()
        answer = come_back(client, provider, "s-1")
        assert answer.status_code == 403, name
        assert "could not be verified" in answer.text, name
        if signed_in(client):
            believed.append(name)
    for field, value in honest.items():
        setattr(provider, field, value)
    assert come_back(web.client(), provider, "s-1").status_code == 303  # the twin: an honest one is
    print(f"single sign-on: {len(all_lies)} false tokens, believed {len(believed)}")
    assert believed == []


@pytest.mark.parametrize(
    ("acr", "status"),
    [("high", 303), ("substantial", 303), ("low", 403), (None, 403), (["high"], 403), ("", 403)],
)
def test_a_log_in_must_be_worth_what_is_asked(database, tmp_path, provider, acr, status):
    web = site(database, tmp_path, provider, acr_values="substantial high")
    link(web, make(web), "s-1", provider.issuer)
    provider.claims = {"acr": acr}
    client = web.client()
    address = begin(client)
    assert parse_qs(urlsplit(address).query)["acr_values"] == ["substantial high"]
    answer = client.get(provider.allow(address, "s-1"))
    assert answer.status_code == status
    assert ("A stronger log-in is needed" in answer.text) is (status == 403)


def test_an_answer_works_once_and_only_in_the_browser_that_asked(web, provider):
    link(web, make(web), "s-1", provider.issuer)
    his, hers = web.client(), web.client()
    answer_to_him = provider.allow(begin(his), "s-1")
    assert hers.get(answer_to_him).status_code == 400  # without a cookie
    begin(hers)
    refused = hers.get(answer_to_him)
    assert refused.status_code == 400
    assert "does not belong to a log-in that this browser began" in refused.text
    assert not signed_in(hers)
    cookie = his.cookies["samstyr-sso"]
    assert his.get(answer_to_him).status_code == 303
    assert "samstyr-sso" not in his.cookies
    again = web.client()
    again.cookies.set("samstyr-sso", cookie)
    asked = len(provider.asked)
    assert again.get(answer_to_him).status_code == 400
    assert len(provider.asked) == asked  # not even tried
    assert not signed_in(again)


def test_a_code_of_another_log_in_is_refused(web, provider):
    """Without PKCE the provider would take any code from us; with it, only the one of this browser's log-in."""
    link(web, make(web), "victim", provider.issuer)
    attacker, victim = web.client(), web.client()
    stolen = parse_qs(urlsplit(provider.allow(begin(victim), "victim")).query)["code"][0]
    state = parse_qs(urlsplit(begin(attacker)).query)["state"][0]
    answer = attacker.get("/login/etat/callback", params={"code": stolen, "state": state})
    assert answer.status_code == 403
    assert not signed_in(attacker)


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "é", "x" * 5000])
def test_a_cookie_that_we_did_not_make_is_nothing(web, provider, cookie):
    client = web.client()
    answer = client.get(
        "/login/etat/callback?code=x&state=", headers={"cookie": f"samstyr-sso={cookie}".encode()}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"error": "access_denied"}, "You stopped on the way"),
        ({"error": "server_error", "error_description": "<script>x</script>"}, "could not log you in"),
        ({"error": "x" * 3000}, "could not log you in"),
        ({}, "could not log you in"),
        ({"code": ""}, "could not log you in"),
        ({"code": "x" * 9000}, "could not log you in"),
        ({"code": "\x00\ud800".encode("utf-8", "surrogatepass")}, "could not be verified"),
        ({"code": "æ' OR 1=1", "iss": "x", "session_state": "y"}, "could not be verified"),
    ],
)
def test_what_the_provider_says_instead_becomes_a_page(web, provider, query, said):
    client = web.client()
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    answer = client.get("/login/etat/callback", params={**query, "state": state})
    assert answer.status_code in {400, 403}
    assert said in answer.text
    assert "<script>x" not in answer.text
    assert "samstyr-sso" not in client.cookies


@pytest.mark.parametrize("state", ["", "x", "\x00", "æ" * 2000, "%ff"])
def test_odd_states_are_refused(web, provider, state):
    client = web.client()
    begin(client)
    assert client.get("/login/etat/callback", params={"code": "x", "state": state}).status_code == 400
    assert client.get("/login/etat/callback").status_code == 400


@pytest.mark.parametrize("path", ["/login/nobody", "/login/nobody/callback?code=x&state=y", "/logout/nobody"])
def test_a_provider_that_is_not_there_is_no_page(web, path):
    assert web.client().get(path).status_code == 303
    assert web.client(make(web)).get(path).status_code == 404
