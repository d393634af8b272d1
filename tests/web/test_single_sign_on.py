"""Single sign-on as browsers meet it: to the provider and back, and everything that may come back instead."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.access.actor import Actor
from app.audit.models import AuditEvent
from app.identity.models import Invitation, UserAccount, UserIdentity, UserSession
from app.identity.oidc import reaching
from app.identity.rules import SignInMethod
from app.identity.service.identities import link_identity
from app.identity.service.invitations import invite
from app.identity.service.users import create_user, update_user
from app.kernel.language import Language
from app.main import create_app
from app.platform.settings import Settings
from tests.support.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    TestProvider,
    elliptic,
    other_rsa,
    running_provider,
)
from tests.support.web import Web

SYSTEM = Actor.system()
PASSWORD = "riktig hest batteri stift"
ORIGIN = "http://testserver"


@pytest.fixture(scope="module")
def server():
    with running_provider() as one:
        yield one


@pytest.fixture
def provider(server: TestProvider) -> TestProvider:
    """The provider, honest again."""
    fresh = TestProvider(server.issuer)
    fresh.key = server.key
    fresh.published = [server.key]
    for name, value in vars(fresh).items():
        setattr(server, name, value)
    return server


def site(database, tmp_path: Path, provider: TestProvider, **more: str) -> Web:
    one = {"issuer": provider.issuer, "client_id": CLIENT_ID, "label": "Etaten", **more}
    if "private_key_file" not in one:
        one["client_secret"] = CLIENT_SECRET
    settings = Settings(data_dir=tmp_path / "data", public_origin=ORIGIN, oidc={"etat": one})
    app = create_app(settings)
    app.state.database.dispose()
    app.state.database = database
    return Web(app, database)


@pytest.fixture
def web(database, tmp_path: Path, provider: TestProvider) -> Web:
    return site(database, tmp_path, provider)


def make(web: Web, name: str = "Kari", *, password: str | None = None, **fields) -> UserAccount:
    with web.database.writing() as db:
        return create_user(
            db,
            SYSTEM,
            email=f"{name.lower()}@example.no",
            name=name,
            language=Language.EN,
            password=password,
            **fields,
        )


def link(web: Web, user: UserAccount, subject: str, issuer: str) -> None:
    with web.database.writing() as db:
        link_identity(
            db,
            Actor(user.id, user.name),
            provider="etat",
            issuer=issuer,
            subject=subject,
            shown="kari@etat.no",
        )


def begin(client: TestClient, path: str = "/login/etat") -> str:
    """Start; the provider's address."""
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def come_back(client: TestClient, provider: TestProvider, subject: str, path: str = "/login/etat"):
    return client.get(provider.allow(begin(client, path), subject))


def signed_in(client: TestClient) -> bool:
    return client.get("/account").status_code == 200


def count(web: Web, what) -> int:
    with web.database.reading() as db:
        return db.scalar(select(func.count()).select_from(what))


def actions(web: Web) -> list[str]:
    with web.database.reading() as db:
        return list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


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
    print(f"single sign-on: {len(all_lies)} false tokens, believed {len(believed)}")  # noqa: T201  the figure
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


def test_a_new_key_of_the_provider_is_fetched_and_made_up_ones_do_not_make_us_ask_for_ever(
    web, provider, monkeypatch
):
    link(web, make(web), "s-1", provider.issuer)
    assert come_back(web.client(), provider, "s-1").status_code == 303
    new = elliptic("second")
    provider.published, provider.sign_with = [provider.key, new], new
    provider.header = {"alg": "ES256", "kid": "second"}
    at_work = web.app.state.providers.get("etat")
    at_work._keys_at -= 60
    assert come_back(web.client(), provider, "s-1").status_code == 303
    provider.sign_with, provider.header = other_rsa("third"), {"alg": "RS256", "kid": "third"}
    asked = provider.asked.count("/jwks")
    for _ in range(3):
        assert come_back(web.client(), provider, "s-1").status_code == 403
    assert provider.asked.count("/jwks") == asked


def test_what_is_published_is_asked_for_once(web, provider):
    link(web, make(web), "s-1", provider.issuer)
    for _ in range(3):
        come_back(web.client(), provider, "s-1")
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/jwks") == 1


def test_when_the_provider_is_down_the_page_says_so_and_passwords_work(web, provider):
    make(web, password=PASSWORD)
    provider.is_down = True
    answer = web.client().get("/login/etat")
    assert answer.status_code == 503
    assert "Etaten does not answer" in answer.text
    asked = len(provider.asked)
    assert web.client().get("/login/etat").status_code == 503
    assert len(provider.asked) == asked  # spared for a while
    client = web.client()
    client.post("/login", data={"email": "kari@example.no", "password": PASSWORD})
    assert signed_in(client)


def test_a_provider_that_goes_down_half_way_is_told_too(web, provider):
    client = web.client()
    back = provider.allow(begin(client), "s-1")
    provider.is_down = True
    answer = client.get(back)
    assert answer.status_code == 503
    assert "Wait a moment and try again" in answer.text


def test_no_more_threads_wait_for_a_provider_than_can_be_spared(web, provider):
    reach = web.app.state.providers.get("etat")._reach
    with reach.transport(), reach.transport():
        assert web.client().get("/login/etat").status_code == 503
    assert web.client().get("/login/etat").status_code == 303


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "https://evil.example/token"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"token_endpoint": ["x"]},
        {"jwks_uri": None},
    ],
)
def test_requests_go_to_the_providers_own_hosts_only(web, provider, more):
    provider.metadata_more = more
    client = web.client()
    answer = client.get("/login/etat")
    if answer.status_code == 303:
        assert answer.headers["location"].startswith(provider.issuer)
        answer = client.get(provider.allow(answer.headers["location"], "s-1"))
    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("https://idporten.no/token", True),
        ("https://login.idporten.no/authorize", True),
        ("https://keys.example/jwks", True),
        ("https://idporten.no.evil.example/", False),
        ("https://evilidporten.no/", False),
        ("https://evil.example/?idporten.no", False),
        ("https://x:y@idporten.no/", False),
        ("http://idporten.no/", False),
        ("https://[::1/", False),
        ("", False),
    ],
)
def test_which_hosts_are_the_providers(address, is_allowed):
    assert reaching.Reach("https://idporten.no", "keys.example").allows(address) is is_allowed


def test_a_private_key_proves_who_we_are(database, tmp_path, provider):
    key = other_rsa("ours")
    path = tmp_path / "key.pem"
    path.write_bytes(key.as_pem(private=True))
    provider.client_key = key
    web = site(database, tmp_path, provider, private_key_file=str(path), key_id="ours")
    link(web, make(web), "s-1", provider.issuer)
    assert come_back(web.client(), provider, "s-1").status_code == 303
    (proof,) = provider.proofs
    assert proof["header"]["kid"] == "ours"
    assert proof["claims"]["iss"] == CLIENT_ID
    provider.client_key = other_rsa("not ours")
    assert come_back(web.client(), provider, "s-1").status_code == 403


def test_for_entra_the_subject_is_the_object_in_the_tenant(database, tmp_path, provider):
    web = site(database, tmp_path, provider)
    at_work = web.app.state.providers.get("etat")
    at_work._settings = at_work._settings.model_copy(update={"kind": "entra"})
    link(web, make(web), "object-1", provider.issuer)
    provider.claims = {"oid": "object-1"}
    assert come_back(web.client(), provider, "pairwise").status_code == 303
    provider.claims = {}
    assert come_back(web.client(), provider, "object-1").status_code == 403


def offer_in(text: str) -> str:
    (offer,) = re.findall(r'name="offer" value="([^"]+)"', text)
    return offer


def test_an_invitation_ties_account_and_identity_once_the_invited_says_so(web, provider):
    user = make(web)
    with web.database.writing() as db:
        token = invite(db, SYSTEM, user.id, hours=24)
    client = web.client()
    assert f'href="/invite/{token}/etat"' in client.get(f"/invite/{token}").text
    provider.claims = {"preferred_username": "kari@etat.no"}
    asked = come_back(client, provider, "s-1", f"/invite/{token}/etat")
    assert asked.status_code == 200
    assert "Etaten says that you are kari@etat.no." in asked.text
    assert count(web, UserIdentity) == 0  # not before it is confirmed
    answer = client.post(f"/invite/{token}/etat", data={"offer": offer_in(asked.text)})
    assert answer.headers["location"] == "/"
    assert signed_in(client)
    assert client.get(f"/invite/{token}").status_code == 410
    assert come_back(web.client(), provider, "s-1").status_code == 303
    assert "user.invitation_accepted" in actions(web)
    # Used up: the same words sent again, by whomever, tie nothing.
    assert client.post(f"/invite/{token}/etat", data={"offer": offer_in(asked.text)}).status_code == 410
    assert count(web, UserIdentity) == 1


def test_what_was_offered_for_one_invitation_is_no_use_for_another(web, provider):
    kari, ola = make(web), make(web, "Ola")
    with web.database.writing() as db:
        hers = invite(db, SYSTEM, kari.id, hours=24)
        his = invite(db, SYSTEM, ola.id, hours=24)
    client = web.client()
    offer = offer_in(come_back(client, provider, "s-1", f"/invite/{hers}/etat").text)
    for data in ({"offer": offer}, {"offer": offer + "x"}, {"offer": ""}, {}, {"offer": "x" * 9000}):
        assert client.post(f"/invite/{his}/etat", data=data).status_code == 410
    assert count(web, UserIdentity) == 0
    with web.database.reading() as db:
        assert db.scalars(select(Invitation.used_at)).all() == [None, None]


def test_an_identity_that_opens_an_account_is_not_tied_to_a_second(web, provider):
    link(web, make(web), "s-1", provider.issuer)
    ola = make(web, "Ola")
    with web.database.writing() as db:
        token = invite(db, SYSTEM, ola.id, hours=24)
    client = web.client()
    asked = come_back(client, provider, "s-1", f"/invite/{token}/etat")
    answer = client.post(f"/invite/{token}/etat", data={"offer": offer_in(asked.text)})
    assert answer.status_code == 422
    assert "This log-in opens another account" in answer.text
    assert client.get(f"/invite/{token}").status_code == 200
    assert not signed_in(client)


def test_an_old_invitation_leads_nowhere(web, provider):
    assert come_back(web.client(), provider, "s-1", "/invite/nothing/etat").status_code == 410


def test_a_user_links_and_unlinks(web, provider):
    user = make(web, password=PASSWORD)
    client = web.client(user)
    asked = come_back(client, provider, "s-1", "/account/identities/etat")
    assert "will open the account of Kari here" in asked.text
    answer = client.post("/account/identities", data={"offer": offer_in(asked.text)})
    assert answer.headers["location"] == "/account#identities"
    other = web.client()
    assert come_back(other, provider, "s-1").status_code == 303
    again = client.post("/account/identities", data={"offer": offer_in(asked.text)})
    assert again.status_code == 422
    assert "opens an account already" in again.text
    (remove,) = re.findall(r'action="(/account/identities/[^"]+/remove)"', client.get("/account").text)
    assert client.post(remove).headers["location"] == "/account#identities"
    assert not signed_in(other)
    assert signed_in(client)
    assert come_back(web.client(), provider, "s-1").status_code == 403
    assert [each for each in actions(web) if each.startswith("user.identity")] == [
        "user.identity_linked",
        "user.identity_unlinked",
    ]


def test_linking_is_for_who_began_it(web, provider):
    kari, ola = make(web, password=PASSWORD), make(web, "Ola", password=PASSWORD)
    client = web.client(kari)
    back = provider.allow(begin(client, "/account/identities/etat"), "s-1")
    offer = offer_in(client.get(back).text)
    assert web.client(ola).post("/account/identities", data={"offer": offer}).status_code == 422
    stranger = web.client().get("/account/identities/etat")
    assert stranger.headers["location"].startswith("/login?next=")
    another = provider.allow(begin(client, "/account/identities/etat"), "s-2")
    his = web.client(ola)
    his.cookies.set("samstyr-sso", client.cookies["samstyr-sso"])
    assert his.get(another).status_code == 404
    assert count(web, UserIdentity) == 0


def test_the_last_way_in_is_kept(web, provider):
    user = make(web)
    link(web, user, "s-1", provider.issuer)
    client = web.client(user)
    (remove,) = re.findall(r'action="(/account/identities/[^"]+/remove)"', client.get("/account").text)
    answer = client.post(remove)
    assert answer.status_code == 422
    assert "You could not log in any more without it." in answer.text
    ola = web.client(make(web, "Ola", password=PASSWORD))
    assert ola.post(remove).status_code == 404
    assert count(web, UserIdentity) == 1


def test_an_administrator_takes_an_identity_away(web, provider):
    chief = web.client(make(web, "Astrid", is_administrator=True))
    user = make(web)
    link(web, user, "s-1", provider.issuer)
    hers = web.client()
    come_back(hers, provider, "s-1")
    shown = chief.get(f"/admin/users/{user.id}").text
    assert "kari@etat.no" in shown
    (remove,) = re.findall(r'action="(/admin/users/[^"]+/identities/[^"]+/remove)"', shown)
    assert web.client(user).post(remove).status_code == 404
    assert chief.post(remove).headers["location"] == f"/admin/users/{user.id}"
    assert not signed_in(hers)
    assert count(web, UserIdentity) == 0


def test_logging_out_offers_to_leave_the_provider_too(web, provider):
    link(web, make(web), "s-1", provider.issuer)
    client = web.client()
    come_back(client, provider, "s-1")
    left = client.post("/logout").headers["location"]
    assert left == "/login?left=etat"
    shown = client.get(left).text
    assert "Log out of Etaten too" in shown
    onward = client.get("/logout/etat").headers["location"]
    assert onward.startswith(f"{provider.issuer}/end?")
    assert parse_qs(urlsplit(onward).query)["post_logout_redirect_uri"] == [f"{ORIGIN}/login"]
    assert "too" not in web.client().get("/login?left=nobody").text


def test_a_provider_without_a_page_for_it_is_not_offered(web, provider):
    provider.metadata_more = {"end_session_endpoint": None}
    link(web, make(web), "s-1", provider.issuer)
    client = web.client()
    come_back(client, provider, "s-1")
    assert "Log out of" not in client.get(client.post("/logout").headers["location"]).text
    assert client.get("/logout/etat").headers["location"] == "/login"


def test_nothing_is_open_in_the_database_while_the_provider_is_asked(web, provider, monkeypatch):
    link(web, make(web), "s-1", provider.issuer)
    pool = web.database.engine.pool
    seen = []

    def watched(self, request, _handle=reaching.Guarded.handle_request):
        seen.append(pool.checkedout())
        return _handle(self, request)

    monkeypatch.setattr(reaching.Guarded, "handle_request", watched)
    assert come_back(web.client(), provider, "s-1").status_code == 303
    assert seen == [0, 0, 0]
