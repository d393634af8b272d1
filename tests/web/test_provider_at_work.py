"""Speaking with a provider: its keys, its hosts, its silence, and how we prove who we are."""

import pytest
from authlib.oauth2.auth import ClientAuth
from joserfc import jwt

from app.identity.oidc import reaching
from app.identity.oidc.provider import Provider
from app.platform.settings_oidc import OidcSettings
from tests.support.provider import CLIENT_ID, elliptic, other_rsa
from tests.support.sign_on import (
    PASSWORD,
    begin,
    come_back,
    link,
    make,
    provider,
    server,
    signed_in,
    site,
    web,
)

__all__ = ["provider", "server", "web"]


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
    assert proof["claims"]["exp"] - proof["claims"]["iat"] <= 120
    provider.client_key = other_rsa("not ours")
    assert come_back(web.client(), provider, "s-1").status_code == 403


def test_entra_knows_a_key_by_its_certificate(tmp_path):
    key = other_rsa()
    path = tmp_path / "key.pem"
    path.write_bytes(key.as_pem(private=True))
    tenant = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001"
    settings = OidcSettings(
        kind="entra",
        issuer=f"{tenant}/v2.0",
        client_id=CLIENT_ID,
        private_key_file=path,
        key_id="thumbprint",
    )
    place = f"{tenant}/oauth2/v2.0/token"
    proof = Provider(settings)._proof(place)
    signed = proof.sign(ClientAuth(CLIENT_ID, key), place)
    told = jwt.decode(signed, key, algorithms=["PS256"])
    assert told.header["x5t#S256"] == "thumbprint"
    assert told.claims["aud"] == place


def test_for_entra_the_subject_is_the_object_in_the_tenant(database, tmp_path, provider):
    web = site(database, tmp_path, provider)
    at_work = web.app.state.providers.get("etat")
    at_work._settings = at_work._settings.model_copy(update={"kind": "entra"})
    link(web, make(web), "object-1", provider.issuer)
    provider.claims = {"oid": "object-1"}
    assert come_back(web.client(), provider, "pairwise").status_code == 303
    provider.claims = {}
    assert come_back(web.client(), provider, "object-1").status_code == 403


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
