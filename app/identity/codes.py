"""Codes from an app (TOTP, RFC 6238), and the recovery codes for who has lost it."""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from app.identity.tokens import hash_token

SECONDS: Final = 30
DIGITS: Final = 6
RECOVERY_CODES: Final = 10
_ALPHABET: Final = (
    "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and digits that are taken for each other
)
_GROUPS, _GROUP = 4, 4  # 31 ** 16 is 79 bits: not to be guessed from a hash


def new_secret() -> str:
    """160 random bits, as apps want them typed."""
    import pyotp

    return pyotp.random_base32()


def matching_step(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """Which 30 seconds a code belongs to: those of now, or the ones before or after, for clocks that differ a little.

    None for a wrong code, and for one that is not newer than the step ``after``.
    """
    import pyotp

    app = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    now = int(at.timestamp()) // SECONDS
    found = None
    for step in (now - 1, now, now + 1):
        # Every step is compared, so that the time tells nothing.
        if hmac.compare_digest(app.generate_otp(step).encode(), typed.encode("utf-8", "replace")):
            found = step
    return found if found is not None and found > after else None


def address_for_apps(secret: str, *, email: str, installation: str) -> str:
    """The ``otpauth:`` address that a QR code holds."""
    import pyotp

    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(
        name=email, issuer_name=installation
    )


def picture_of(address: str) -> str:
    """A QR code, as the address of a picture that stands in the page itself."""
    import segno

    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff"))


def recovery_codes(seed: bytes) -> list[str]:
    """Ten codes to write down, always the same from the same seed: 32 bytes that nobody can guess."""
    return [_recovery_code(hmac.new(seed, bytes([each]), hashlib.sha256)) for each in range(RECOVERY_CODES)]


def _recovery_code(random: hmac.HMAC) -> str:
    # 256 bits for 79: what division leaves over makes no letter likelier that anybody could tell.
    rest = int.from_bytes(random.digest())
    letters = []
    for _ in range(_GROUPS * _GROUP):
        rest, at = divmod(rest, len(_ALPHABET))
        letters.append(_ALPHABET[at])
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP))


def as_typed(text: str) -> str:
    """A code without what people put between its parts."""
    return "".join(text.split()).replace("-", "").casefold()


def is_recovery_code(typed: str) -> bool:
    """Whether it has the form of a recovery code rather than of one from the app."""
    return len(typed) == _GROUPS * _GROUP


def hash_recovery_code(code: str) -> str:
    """What is stored. No salt: the code is random enough not to be guessed from its hash."""
    return hash_token(as_typed(code))
