"""Dates as people write them in Norwegian, Danish and English papers."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from app.kernel.case_number import full_year

_NO_MONTHS: Final[Mapping[str, int]] = MappingProxyType({})
_ISO: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_NUMBERS: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<mark>[./-]) ?(?P<month>[0-9]{1,2})(?:(?P=mark) ?|[- ])(?P<year>[0-9]{4}|[0-9]{2})"
)
_WORDS: Final = re.compile(r"(?P<day>[0-9]{1,2})\.? (?P<month>[^\W\d_]+)\.?,? (?P<year>[0-9]{4})")
_MONTH_FIRST: Final = re.compile(r"(?P<month>[^\W\d_]+)\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})")


def is_within(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies between two others, both included; None is open."""
    return (first is None or first <= day) and (last is None or day <= last)


def parse_date(text: str, months: Mapping[str, int] = _NO_MONTHS) -> date:
    """Read ``13.6.2019``, ``13.06.19``, ``13/6 2019``, ``2019-06-13``, and ``13. juni 2019`` where ``months`` knows the word.

    ``months`` maps case-folded names to 1–12. The day comes before the month, and two digits are a year of 1970–2069.

    :raise ValueError: for everything else, days that are not in the calendar included.
    """
    line = " ".join(text[:80].split())
    found = None
    for form in (_ISO, _NUMBERS, _WORDS, _MONTH_FIRST):
        found = form.fullmatch(line)
        if found is not None:
            break
    if found is None or len(text) > 80:
        raise ValueError("not a date")
    word = found["month"].casefold()
    month = int(word) if word.isdecimal() else months.get(word)
    if month is None:
        raise ValueError("not a month")
    return date(full_year(found["year"]), month, int(found["day"]))
