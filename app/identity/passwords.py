"""Hashing and verifying passwords with argon2id."""

import threading
import unicodedata
from functools import cache

from pwdlib import PasswordHash

# One verification takes 64 MiB for a tenth of a second. More than two at a time would let strangers exhaust the memory.
_AT_WORK = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters. Takes about 0.1 s, and 64 MiB of memory meanwhile."""
    with _AT_WORK:
        return _hasher().hash(_as_typed(password))


def verify_password(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind the hash; never true without a hash.

    Takes as long without a hash as with one, so that the time does not tell whether an account exists.
    """
    with _AT_WORK:
        matches = _hasher().verify(_as_typed(password), stored or _hash_of_nobody())
    return matches and stored is not None


def _as_typed(password: str) -> bytes:
    # One keyboard sends the letter å as one sign, another as two.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash("nobody has this password")
