"""National identity numbers in running text: Norwegian birth and D-numbers, and Danish CPR numbers."""

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import Final

# What people and programs put between the digits, and what cannot be seen between them.
_GAP: Final = r"[ \t\u00a0\u2007\u2009\u202f./\u2010-\u2015*_-]{0,3}"
_UNSEEN: Final = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_NORWEGIAN: Final = re.compile(rf"(?<!\d)(?=(\d\d{_GAP}\d\d{_GAP}\d\d{_GAP}\d\d\d{_GAP}\d\d)(?!\d))")
_DANISH: Final = re.compile(r"(?<!\d)(?<!\d-)(\d{6}[ \u00a0]?[\u2010-\u2015-][ \u00a0]?\d{4})(?!-?\d)")
_FIRST: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def national_ids(text: str) -> tuple[str, ...]:
    """The numbers found, in order, each told by its first six digits only: ``010190*****``.

    A Norwegian number must have a day of the calendar (in a D-number 40 days late) and both control digits, so that
    telephone, account, organisation and case numbers are left alone. A Danish one must have a day of the calendar and its
    hyphen; newer numbers have no control digit to go by.
    """
    return tuple(masked for _start, masked in sorted(_found(text.translate(_UNSEEN))))


def without_national_ids(text: str) -> str:
    """The text with every number found made unreadable, for messages that must name a place."""
    if not national_ids(text):
        return text
    return re.sub(r"\d", "*", text)


def _found(text: str) -> Iterator[tuple[int, str]]:
    for match in _NORWEGIAN.finditer(text):
        digits = [int(character) for character in match[1] if character.isdecimal()]
        if _is_norwegian(digits):
            yield match.start(1), _masked(digits)
    for match in _DANISH.finditer(text):
        digits = [int(character) for character in match[1] if character.isdecimal()]
        if _is_day(digits[:6]):
            yield match.start(1), _masked(digits)


def _masked(digits: list[int]) -> str:
    return "".join(map(str, digits[:6])) + "*" * (len(digits) - 6)


def _is_norwegian(digits: list[int]) -> bool:
    birth = [digits[0] - 4, *digits[1:6]] if digits[0] >= 4 else digits[:6]
    if not _is_day(birth):
        return False
    return _control(digits[:9], _FIRST) == digits[9] and _control(digits[:10], _SECOND) == digits[10]


def _control(digits: list[int], weights: tuple[int, ...]) -> int:
    rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return 0 if rest == 0 else 11 - rest


def _is_day(digits: list[int]) -> bool:
    """Whether ``ddmmyy`` is a day in any century."""
    day, month, year = (10 * digits[place] + digits[place + 1] for place in (0, 2, 4))
    # 2000 was a leap year and 1900 was not; a day of either is taken.
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year, month)[1]
