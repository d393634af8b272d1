"""Single sign-on against providers that others have written: what they accept and send is what we send and accept."""

import json
import os
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey

from app.identity.oidc.problems import AnswerRefused, ProviderUnreachable
from app.identity.oidc.provider import Begun, Provider
from app.platform.settings_oidc import OidcSettings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock

# The mock is built on parts of Authlib that are to go; our own code is held to "no warnings" all the same.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
BACK = "http://127.0.0.1:8000/login/x/callback"
BEGUN = Begun("state-of-this-browser", "nonce-of-this-browser", "v" * 64)
NODE_PROVIDER = Path(__file__).with_name("node_provider.mjs")


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with (
        pytest.MonkeyPatch.context() as patch,
        oidc_provider_mock.run_server_in_thread(
            require_nonce=True,
            user_claims=[oidc_provider_mock.User(sub="kari", claims={"email": "kari@example.no"})],
        ) as server,
    ):
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        yield f"http://localhost:{server.server_port}"


def provider_at(issuer: str, **more: str) -> Provider:
    secret = {} if "private_key_file" in more else {"client_secret": "hemmelig"}
    return Provider(OidcSettings(issuer=issuer, client_id="samstyr", **secret, **more))


def allowed(address: str) -> dict[str, str]:
    """Log in at the mock, and say what the browser is sent back with."""
    answer = httpx2.post(address, data={"sub": "kari"})
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(BACK)
    return _query(answer.headers["location"])


def _query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_mock_says_who_it_is(mock: str) -> None:
    provider = provider_at(mock)
    address = provider.address_to_begin(BEGUN, redirect_uri=BACK, language="nb")
    back = allowed(address)
    assert back["state"] == BEGUN.state
    who = provider.who(back["code"], BEGUN, redirect_uri=BACK)
    assert (who.issuer, who.subject) == (mock, "kari")
    with pytest.raises(AnswerRefused, match="code_refused"):
        provider.who(back["code"], BEGUN, redirect_uri=BACK)  # a code works once
    assert provider.address_to_end(back_to=BACK) is not None


def test_the_mock_leaves_acr_out_and_that_is_not_enough_where_it_is_asked(mock: str) -> None:
    """Neither the library nor the provider looks at it for us."""
    provider = provider_at(mock, acr_values="high")
    back = allowed(provider.address_to_begin(BEGUN, redirect_uri=BACK, language="nb"))
    with pytest.raises(AnswerRefused, match="acr_missing"):
        provider.who(back["code"], BEGUN, redirect_uri=BACK)


def test_a_nonce_of_another_browser_is_refused(mock: str) -> None:
    provider = provider_at(mock)
    back = allowed(provider.address_to_begin(BEGUN, redirect_uri=BACK, language="nb"))
    with pytest.raises(AnswerRefused, match="nonce"):
        provider.who(back["code"], Begun(BEGUN.state, "another", BEGUN.verifier), redirect_uri=BACK)


def test_nobody_there_is_told_soon() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ProviderUnreachable):
        provider_at(f"http://127.0.0.1:{port}").address_to_begin(BEGUN, redirect_uri=BACK, language="nb")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The certified provider of the Node world, with PKCE required and ``private_key_jwt``: its issuer and our key."""
    folder = os.environ.get("SAMSTYR_NODE_OIDC_PROVIDER", "")
    if not folder:
        pytest.skip(
            "SAMSTYR_NODE_OIDC_PROVIDER names no package; `make test-long` fetches it where npm is there"
        )
    key = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig"})
    path = tmp_path / "key.pem"
    path.write_bytes(key.as_pem(private=True))
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    shutil.copy(NODE_PROVIDER, tmp_path)
    (tmp_path / "node_modules").symlink_to(Path(folder).parent)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "said.txt").open("w") as said:
        process = subprocess.Popen(
            ["node", NODE_PROVIDER.name, str(port), "jwks.json", BACK], cwd=tmp_path, stdout=said, stderr=said
        )
        try:
            _wait(process, port, tmp_path / "said.txt")
            yield f"http://127.0.0.1:{port}", path
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the provider did not start:\n{said.read_text()}")


@pytest.mark.long
def test_a_certified_provider_says_who_it_is(node: tuple[str, Path]) -> None:
    issuer, key = node
    provider = provider_at(issuer, private_key_file=str(key), key_id="ours", acr_values="high")
    back = _there_and_back(provider.address_to_begin(BEGUN, redirect_uri=BACK, language="nb"))
    who = provider.who(back["code"], BEGUN, redirect_uri=BACK)
    assert (who.issuer, who.subject) == (issuer, "kari")
    again = _there_and_back(provider.address_to_begin(BEGUN, redirect_uri=BACK, language="nb"))
    with pytest.raises(AnswerRefused, match="code_refused"):  # PKCE
        provider.who(again["code"], Begun(BEGUN.state, BEGUN.nonce, "w" * 64), redirect_uri=BACK)


def _there_and_back(address: str) -> dict[str, str]:
    """Follow the provider's redirects until it sends us back."""
    with httpx2.Client(follow_redirects=False) as browser:
        for _ in range(8):
            answer = browser.get(address)
            if not answer.is_redirect:
                break
            address = str(answer.url.join(answer.headers["location"]))
            if address.startswith(BACK):
                return _query(address)
    pytest.fail(f"{answer.status_code} {answer.url}: {answer.text[:2000]}")
