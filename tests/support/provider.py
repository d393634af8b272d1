"""A small provider of single sign-on on loopback that can be told to lie."""

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "samstyr", "a secret of 30 letters, at least"


class TestProvider:
    """What it publishes and signs can be changed between requests."""

    __test__ = False

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.client_key: RSAKey | None = None  # when set, a secret is not enough
        self.published: list[Any] = [self.key]
        self.claims: dict[str, Any] = {}  # put into tokens, over what is honest; None leaves a claim out
        self.header: dict[str, Any] = {}
        self.metadata_more: dict[str, Any] = {}
        self.sign_with: Any = None
        self.raw_token: str | None = None
        self.is_down = False
        self.subject = "somebody"  # who is logged in there already, in a browser that comes by itself
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.proofs: list[dict[str, Any]] = []

    def allow(self, address: str, subject: str) -> str:
        """What happens when somebody logs in there: the address that the browser is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["response_mode"] == "query"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**query, "sub": subject}
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
        } | self.metadata_more

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.published]}

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        begun = self.codes.pop(form.get("code", ""), None)
        if not self._knows(form, authorization):
            return 401, {"error": "invalid_client"}
        challenge = _encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.token(begun)}

    def token(self, begun: dict[str, str]) -> str:
        if self.raw_token is not None:
            return self.raw_token
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": begun["sub"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "nonce": begun["nonce"],
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": "first"} | self.header
        header = {name: value for name, value in header.items() if value is not None}
        if header["alg"] == "none":
            return ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims)) + "."
        if header["alg"] == "HS256":  # by hand: good libraries refuse to confuse keys
            parts = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
            return f"{parts}.{_encoded(hmac.digest(self.sign_with, parts.encode(), 'sha256'))}"
        return jwt.encode(header, claims, self.sign_with or self.key, algorithms=[header["alg"]])

    def _knows(self, form: dict[str, str], authorization: str) -> bool:
        if self.client_key is not None:
            try:
                proof = jwt.decode(form["client_assertion"], self.client_key, algorithms=["RS256"])
            except JoseError:
                return False
            self.proofs.append({"header": proof.header, "claims": proof.claims})
            return proof.claims["aud"] == self.issuer and proof.claims["sub"] == CLIENT_ID
        given = urlsafe_b64decode(authorization.removeprefix("Basic ") + "==").decode()
        return unquote(given) == f"{CLIENT_ID}:{CLIENT_SECRET}"


@contextmanager
def running_provider() -> Iterator[TestProvider]:
    """A provider that answers while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one.asked.append(self.path)
            if one.is_down:
                self._answer(503, {})
            elif self.path == "/.well-known/openid-configuration":
                self._answer(200, one.metadata())
            elif self.path == "/jwks":
                self._answer(200, one.jwks())
            elif self.path.startswith("/authorize?"):
                self._send_to(one.allow(self.path, one.subject))
            elif self.path.startswith("/end?"):
                self._send_to(parse_qs(urlsplit(self.path).query)["post_logout_redirect_uri"][0])
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            one.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if one.is_down:
                self._answer(503, {})
            else:
                self._answer(*one.exchange(form, self.headers.get("authorization", "")))

        def _send_to(self, address: str) -> None:
            self.send_response(303)
            self.send_header("location", address)
            self.send_header("content-length", "0")
            self.end_headers()

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one = TestProvider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def other_rsa(kid: str = "first") -> RSAKey:
    """A key that the provider does not publish."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def elliptic(kid: str) -> ECKey:
    """A key for ES256."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})
