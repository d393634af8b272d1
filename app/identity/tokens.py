"""Secrets that stand in cookies and links. Only their hashes are stored."""

import hashlib
import secrets
from base64 import urlsafe_b64encode


def new_token() -> str:
    """256 random bits, in letters that may stand in an address or a cookie."""
    return secrets.token_urlsafe(32)


def derived_token(random: bytes) -> str:
    """A secret of the same form, from 32 bytes that nobody can guess."""
    return urlsafe_b64encode(random).rstrip(b"=").decode()


def hash_token(token: str) -> str:
    """SHA-256 in hex. No salt: the token is random enough not to be guessed from its hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
