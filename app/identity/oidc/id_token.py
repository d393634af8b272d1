"""Believing an id_token: its signature, whom it is from and for, and what the log-in was worth."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.identity.oidc.problems import AnswerRefused

# Pinned here, whatever a provider or a token says: with "none" or an HMAC over the public key anybody could sign.
KEY_TYPES: Final[Mapping[str, str]] = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
_SMALLEST_RSA: Final = 2048
_LONGEST_TOKEN: Final = 64 * 1024
_SKEW: Final = 60  # seconds by which clocks may differ
_SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")


class UnknownKey(Exception):
    """The token names a key that is not among those we know. The provider may have a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token of one log-in must say."""

    issuer: str
    client_id: str
    nonce: str
    accepted_acr: Sequence[str]
    subject_claim: str = "sub"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who it is: the pair that accounts are found by, and a text that people know the identity by."""

    issuer: str
    subject: str
    shown: str


def verified(
    token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, *, access_token: str | None = None
) -> Subject:
    """Who a token speaks of, when all that it says holds.

    :raise UnknownKey: when it may be good, but is signed with a key that is not among these.
    :raise AnswerRefused: for any other reason not to believe it.
    """
    key = _key_of(_header(token), keys)
    try:
        decoded = jwt.decode(token, key, algorithms=list(KEY_TYPES))
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
            },
            params={
                "client_id": expected.client_id,
                "nonce": expected.nonce,
                "access_token": access_token,
            },
        )
        claims.validate(leeway=_SKEW)
    except JoseError as error:
        raise AnswerRefused(f"token_{_code(error)}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # not the shape that a token has
        raise AnswerRefused("token_malformed") from error
    _refuse_other_audiences(claims, expected.client_id)
    if expected.accepted_acr and claims.get("acr") not in expected.accepted_acr:
        raise AnswerRefused("acr_too_low" if claims.get("acr") else "acr_missing")
    subject = claims.get(expected.subject_claim)
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise AnswerRefused("subject_malformed")
    return Subject(expected.issuer, subject, _shown(claims))


def _refuse_other_audiences(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if set(audience) != {client_id} and claims.get("azp") != client_id:
        raise AnswerRefused("token_for_others_too")


def _header(token: str) -> Mapping[str, Any]:
    if len(token) > _LONGEST_TOKEN:
        raise AnswerRefused("token_too_long")
    head = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError) as error:
        raise AnswerRefused("token_malformed") from error
    if not isinstance(header, dict) or header.get("alg") not in KEY_TYPES:
        raise AnswerRefused("algorithm_not_allowed")
    return header


def _key_of(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> RSAKey | ECKey:
    """The provider's key that the token names; without a name there must be exactly one that it can be."""
    kind, kid = KEY_TYPES[header["alg"]], header.get("kid")
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and (kid is None or key.get("kid") == kid)
    ]
    if len(fitting) != 1:
        raise UnknownKey
    only_public = {name: value for name, value in fitting[0].items() if name in _PUBLIC_PARTS}
    try:
        if kind == "EC":
            return ECKey.import_key(only_public)
        key = RSAKey.import_key(only_public)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise AnswerRefused("key_malformed") from error
    if key.raw_value.key_size < _SMALLEST_RSA:
        raise AnswerRefused("key_too_short")
    return key


_PUBLIC_PARTS = frozenset({"kty", "kid", "n", "e", "crv", "x", "y"})


def _shown(claims: Mapping[str, Any]) -> str:
    """What people know the identity by. Never the national identity number, though ID-porten sends it (``pid``)."""
    for claim in ("preferred_username", "email", "name"):
        value = claims.get(claim)
        if isinstance(value, str) and value.strip():
            return value[:300]
    return ""


def _code(error: JoseError) -> str:
    claim = getattr(error, "claim", "")
    return re.sub(r"[^a-z_]", "", f"{error.error}_{claim}".casefold())[:60]
