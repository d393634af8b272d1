"""A provider at work: where its pages are, how we prove who we are, and whom it says that somebody is."""

import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import ECKey, RSAKey

from app.identity.oidc.id_token import Expected, Subject, UnknownKey, verified
from app.identity.oidc.problems import AnswerRefused, ProviderUnreachable
from app.identity.oidc.reaching import Guarded, Reach
from app.platform.settings_oidc import OidcSettings

_FRESH = 3600.0  # seconds for which what a provider publishes about itself is taken as unchanged
_PROOF_SECONDS = 60  # that a signed proof of who we are is good for; ID-porten takes none of more than 120
_BETWEEN_REFRESHES = 30.0  # seconds; tokens with made-up key ids must not make us ask again and again


@dataclass(frozen=True, slots=True)
class Begun:
    """What a browser must bring back to prove that a log-in began in it."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """One configured provider. Shared by the threads of a process; a lock is never held while a request is out."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._reach = Reach(settings.issuer, settings.hosts)
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] | None = None
        self._metadata_until = 0.0
        self._keys: list[dict[str, Any]] = []
        self._keys_at: float | None = None

    def address_to_begin(self, begun: Begun, *, redirect_uri: str, language: str) -> str:
        """Where to send the browser.

        :raise ProviderUnreachable: when the provider's pages cannot be found out.
        """
        more = {"acr_values": " ".join(self._settings.accepted_acr)} if self._settings.accepted_acr else {}
        address = prepare_grant_uri(
            self._endpoint("authorization_endpoint"),
            self._settings.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=self._settings.scope,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
            # The other modes are a cross-site POST, which we refuse, and a fragment, which we would not see.
            response_mode="query",
            ui_locales=language,
            **more,
        )
        return str(address)

    def who(self, code: str, begun: Begun, *, redirect_uri: str) -> Subject:
        """Exchange the code that a browser brought back, and find out who it stands for.

        :raise ProviderUnreachable: when the provider does not answer.
        :raise AnswerRefused: when what it answers is not believed.
        """
        endpoint = self._endpoint("token_endpoint")
        keys, method = self._published_keys(), self._method()
        with self._reach.transport() as transport, self._client(transport, method, endpoint) as client:
            answer = _exchange(client, endpoint, code, begun.verifier, redirect_uri)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise AnswerRefused("no_id_token")
        expected = Expected(
            issuer=self._settings.issuer,
            client_id=self._settings.client_id,
            nonce=begun.nonce,
            accepted_acr=self._settings.accepted_acr,
            # Entra's "sub" is another one for every application that is registered, so a new registration would lose
            # everybody. "oid" stays, and the issuer names the tenant in which it is unique.
            subject_claim="oid" if self._settings.kind == "entra" else "sub",
        )
        access = answer.get("access_token")
        access = access if isinstance(access, str) else None
        try:
            return verified(token, keys, expected, access_token=access)
        except UnknownKey:
            pass
        try:
            return verified(token, self._published_keys(anew=True), expected, access_token=access)
        except UnknownKey:
            raise AnswerRefused("key_unknown") from None

    def address_to_end(self, *, back_to: str) -> str | None:
        """Where somebody logs out of the provider itself, when it has such a page.

        :raise ProviderUnreachable: when that cannot be found out.
        """
        self._published()
        if not self.may_end:
            return None
        query = {"client_id": self._settings.client_id, "post_logout_redirect_uri": back_to}
        return f"{self._endpoint('end_session_endpoint')}?{urlencode(query)}"

    @property
    def may_end(self) -> bool:
        """Whether the provider has a page to log out, as far as is known. Asks nobody."""
        return self._metadata is None or self._reach.allows(
            str(self._metadata.get("end_session_endpoint", ""))
        )

    def _client(self, transport: Guarded, method: str, endpoint: str) -> Any:
        client = OAuth2Client(
            self._settings.client_id,
            self._credential(),
            token_endpoint_auth_method=method,
            transport=transport,
            timeout=transport.timeout,
        )
        if method == PrivateKeyJWT.name:
            client.register_client_auth_method(self._proof(endpoint))
        return client

    def _method(self) -> str:
        if self._settings.private_key_file is not None:
            return str(PrivateKeyJWT.name)
        supported = self._published().get("token_endpoint_auth_methods_supported")
        # What is left out in the metadata means "client_secret_basic".
        can = supported if isinstance(supported, list) else ["client_secret_basic"]
        only_in_form = "client_secret_basic" not in can and "client_secret_post" in can
        return "client_secret_post" if only_in_form else "client_secret_basic"

    def _credential(self) -> Any:
        if self._settings.client_secret is not None:
            return self._settings.client_secret.get_secret_value()
        return self._private_key()

    def _private_key(self) -> RSAKey | ECKey:
        path = self._settings.private_key_file
        assert path is not None  # noqa: S101  the settings hold either a secret or a key
        pem = path.read_bytes()
        try:
            return RSAKey.import_key(pem)
        except ValueError:
            return ECKey.import_key(pem)

    def _proof(self, endpoint: str) -> PrivateKeyJWT:
        claims = {"exp": int(time.time()) + _PROOF_SECONDS}
        if self._settings.kind == "entra":
            # Entra knows a key by the thumbprint of its certificate, and wants the address itself as the audience.
            headers = {"x5t#S256": self._settings.key_id}
            return PrivateKeyJWT(endpoint, claims=claims, headers=headers, alg="PS256")
        headers = {"kid": self._settings.key_id} if self._settings.key_id else {}
        algorithm = "RS256" if isinstance(self._private_key(), RSAKey) else "ES256"
        # ID-porten wants its issuer as the audience; others take that as well as the address.
        return PrivateKeyJWT(self._settings.issuer, claims=claims, headers=headers, alg=algorithm)

    def _endpoint(self, name: str) -> str:
        address = self._published().get(name)
        if not isinstance(address, str) or not self._reach.allows(address):
            raise ProviderUnreachable(f"{name} is missing, or lies with somebody else")
        return address

    def _published(self) -> dict[str, Any]:
        with self._lock:
            if self._metadata is not None and time.monotonic() < self._metadata_until:
                return self._metadata
        found = self._reach.get_json(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._settings.issuer:
            raise ProviderUnreachable("what is published there speaks of another issuer")
        with self._lock:
            self._metadata, self._metadata_until = found, time.monotonic() + _FRESH
        return found

    def _published_keys(self, *, anew: bool = False) -> list[dict[str, Any]]:
        age = None if self._keys_at is None else time.monotonic() - self._keys_at
        if age is not None and age < (_BETWEEN_REFRESHES if anew else _FRESH):
            return self._keys
        found = self._reach.get_json(self._endpoint("jwks_uri")).get("keys")
        keys = [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []
        with self._lock:
            self._keys, self._keys_at = keys, time.monotonic()
        return keys


def _exchange(client: Any, endpoint: str, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
    try:
        answer = client.fetch_token(
            endpoint,
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            redirect_uri=redirect_uri,
        )
    except AuthlibBaseError as error:  # the provider refuses the code, or us
        raise AnswerRefused("code_refused") from error
    except ValueError as error:
        raise ProviderUnreachable from error
    return dict(answer)
