"""Settings of one provider of single sign-on: ``SAMSTYR_OIDC__ENTRA__ISSUER`` and so on."""

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

_KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")
_TAKEN = {"code"}  # /login/code is a page of ours
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_ENTRA_TENANT = re.compile(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/v2\.0")

# What a log-in must be worth at least, where the operator says nothing else.
_ACR: dict[str, str] = {
    "entra": "",
    "idporten": "idporten-loa-substantial idporten-loa-high",
    "ansattporten": "substantial high entraid",
    "generic": "",
}
_LABELS = {"entra": "Microsoft Entra ID", "idporten": "ID-porten", "ansattporten": "Ansattporten"}


class OidcSettings(BaseModel):
    """One provider. Misspelt names are refused: a forgotten ``ACR_VALUES`` must not pass in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["entra", "idporten", "ansattporten", "generic"] = "generic"
    label: str = ""
    issuer: str
    client_id: str
    client_secret: SecretStr | None = None
    private_key_file: Path | None = None
    key_id: str = ""
    acr_values: str | None = None
    scope: str = "openid"
    hosts: str = ""

    @field_validator("issuer")
    @classmethod
    def _reachable_in_safety(cls, value: str) -> str:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not safe or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError("must be an address that begins with https://")
        return value

    @field_validator("client_id")
    @classmethod
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value.strip()

    @field_validator("scope")
    @classmethod
    def _asks_for_an_identity(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must hold the word openid")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.client_secret is None) == (self.private_key_file is None):
            raise ValueError("give either CLIENT_SECRET or PRIVATE_KEY_FILE")
        if self.client_secret is not None and not self.client_secret.get_secret_value():
            raise ValueError("CLIENT_SECRET must not be empty")
        if self.kind == "entra" and not _ENTRA_TENANT.fullmatch(urlsplit(self.issuer).path):
            raise ValueError(
                "the ISSUER of Entra ID must name one tenant by its id, "
                "such as https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0"
            )
        if self.kind in {"idporten", "ansattporten"} and not self.accepted_acr:
            raise ValueError("ACR_VALUES must not be empty for ID-porten and Ansattporten")
        if self.kind == "entra" and self.private_key_file is not None and not self.key_id:
            raise ValueError("Entra ID needs KEY_ID: the SHA-256 thumbprint of the certificate, in base64url")
        if self.private_key_file is not None:
            _refuse_useless_key(self.private_key_file, only_rsa=self.kind == "entra")
        return self

    @property
    def accepted_acr(self) -> tuple[str, ...]:
        """The levels of assurance that are good enough; nothing means that it is not asked."""
        return tuple((_ACR[self.kind] if self.acr_values is None else self.acr_values).split())

    @property
    def name(self) -> str:
        """What people know the provider as."""
        return self.label or _LABELS.get(self.kind) or urlsplit(self.issuer).hostname or self.issuer


def provider_key_fault(key: str) -> str:
    """Why a short name cannot stand in addresses; nothing when it can."""
    if not _KEY.fullmatch(key):
        return f"the name “{key}” must be small letters, digits and hyphens"
    return f"the name “{key}” is taken; choose another one" if key in _TAKEN else ""


def _refuse_useless_key(path: Path, *, only_rsa: bool) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ValueError(f"PRIVATE_KEY_FILE cannot be read: {error.strerror}") from None
    except (ValueError, TypeError):
        raise ValueError("PRIVATE_KEY_FILE must be a private key in PEM form, without a password") from None
    is_strong = isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048
    is_p256 = isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1"
    if not is_strong and (only_rsa or not is_p256):
        raise ValueError(
            "PRIVATE_KEY_FILE must be RSA of at least 2048 bits, or EC P-256 (which Entra ID does not take)"
        )
