"""What a key is, what is kept under it, and for how long."""

import re
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Final

from app.kernel.errors import SamstyrError

FIELD: Final = "idempotency_key"  # the hidden field of every form
LONGEST_KEY: Final = 64
KEEP_ANSWERS: Final = timedelta(
    hours=48
)  # over night and over a day off; a form left open longer is stale anyway

_KEY = re.compile(rf"[A-Za-z0-9_-]{{16,{LONGEST_KEY}}}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: where it led, and the code of what was said there. No text of a page is kept, since pages may
    hold secrets, and what the reader may no longer see."""

    status: int
    location: str = ""
    flash: str = ""


class KeyUsed(SamstyrError):
    """The key stands for something else that was carried out before. Nothing was done now."""


def new_key() -> str:
    """A key that nobody else has and nobody can guess."""
    return token_urlsafe(18)


def is_key(text: str) -> bool:
    """Whether this can be a key: 16 to 64 letters, digits, hyphens and underscores, so that UUIDs are keys too."""
    return _KEY.fullmatch(text) is not None
