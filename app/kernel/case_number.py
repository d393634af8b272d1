"""Case numbers: one number, many spellings.

``Sak 13/2019`` in the paper, ``13/19`` in the minutes and ``Sak 13-19`` in a file name are one and the same case. A display
pattern is checked before it is stored, so that whatever it prints can be read back.
"""

import re
from dataclasses import dataclass
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2099
_PIVOT: Final = 70  # two digits from here up are years of the last century
_LONGEST: Final = 60

_DASH = "[-\u2010\u2011\u2013\u2212]"
_WORD = (
    r"(?:(?:sak|sag|case)(?:s?(?:nummer|nr)|[ ](?:number|nummer|nr|no))?|nummer|number|nr|no)"
    r"(?:[.:][ ]?|[ ]|(?=[0-9]|\{n))"
)
_PREFIX = rf"[a-zæøå]{{1,5}}(?:{_DASH}sa[kg])?"
_SPELLING: Final = re.compile(
    rf"(?:{_WORD})?"
    rf"(?:(?P<prefix>{_PREFIX})[ ]?{_DASH}?[ ]?)?"
    rf"(?P<sequence>[0-9]{{1,6}})"
    rf"(?:[ ]?(?:/|{_DASH})[ ]?(?P<year>[0-9]{{4}}|[0-9]{{2}}))?"
    r"(?:[ ][0-9]{2,4}/(?!(?:19|20)[0-9]{2}$)[0-9]{3,6})?"  # the number of an archive case may follow
    r"[.:]?",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(_PREFIX, re.IGNORECASE)
_NO_PREFIXES: Final = frozenset({"sak", "sag", "case", "saknr", "sagnr", "nr", "no", "møte", "møde"})
_PATTERN: Final = re.compile(
    rf"(?:{_WORD})?"
    rf"(?:\{{prefix\}}(?:[ ]|{_DASH})?)?"
    r"\{n(?::0(?P<width>[1-6]))?\}"
    rf"(?:[ ]?(?:/|{_DASH})[ ]?\{{(?:year|yy)\}})?"
    r"\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A number in the series ``prefix`` of a forum. ``year`` is four digits, or None for a series without years."""

    sequence: int
    year: int | None
    prefix: str = ""


def parse_case_number(text: str, *, today_year: int | None = None) -> CaseNumber:
    """Read any usual spelling of a case number; the prefix comes back in capitals.

    Two digits are a year of 1970–2069. Where the text names no year, ``today_year`` is taken.

    :raise ValueError: for everything else, such as an archive number, a meeting number or a date.
    """
    found = _SPELLING.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError("not a case number")
    prefix = found["prefix"] or ""
    sequence = int(found["sequence"])
    if sequence < 1 or not _is_prefix(prefix):
        raise ValueError("not a case number")
    year = today_year if found["year"] is None else full_year(found["year"])
    return CaseNumber(sequence, year, _capital(prefix))


def format_case_number(pattern: str, sequence: int, year: int | None, prefix: str = "") -> str:
    """Print a number by a display pattern. An empty prefix leaves no space or hyphen behind.

    :raise ValueError: when the pattern is not one of ``check_pattern``, or the values could not be read back from it.
    """
    check_pattern(pattern)
    if not 1 <= sequence <= 999_999 or not _is_prefix(prefix):
        raise ValueError("the number or its prefix is out of bounds")
    if "{year}" in pattern or "{yy}" in pattern:
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError("the pattern needs a year")
        if "{yy}" in pattern and full_year(f"{year % 100:02}") != year:
            raise ValueError("two digits do not name this year")
        pattern = pattern.replace("{year}", str(year)).replace("{yy}", f"{year % 100:02}")
    if prefix:
        pattern = pattern.replace("{prefix}", _capital(prefix))
    else:
        pattern = re.sub(rf"\{{prefix\}}(?:[ ]|{_DASH})?", "", pattern)
    return re.sub(r"\{n(?::0([1-6]))?\}", lambda field: str(sequence).zfill(int(field[1] or 1)), pattern)


def check_pattern(pattern: str) -> None:
    """Let pass what prints a number that can be read back: ``Sak {n}/{year}``, ``{n:02}-{yy}``, ``{prefix} {n}/{yy}``.

    The fields are ``{prefix}``, ``{n}`` or ``{n:02}`` with a width of 1–6, and ``{year}`` or ``{yy}``, in this order; only
    the number itself must be there. A word for case may stand first, a full stop last. A fixed prefix belongs to the
    series, not to the pattern.

    :raise ValueError: for every other pattern.
    """
    if len(pattern) > _LONGEST or _PATTERN.fullmatch(pattern) is None:
        raise ValueError("not a pattern for case numbers")


def full_year(digits: str) -> int:
    """The year that two or four digits name; two digits are a year of 1970–2069.

    :raise ValueError: for years outside 1900–2099.
    """
    year = int(digits)
    if len(digits) == 2:
        year += 1900 if year >= _PIVOT else 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("not a year")
    return year


def _is_prefix(prefix: str) -> bool:
    return not prefix or (_ALONE.fullmatch(prefix) is not None and prefix.casefold() not in _NO_PREFIXES)


def _capital(prefix: str) -> str:
    return re.sub(_DASH, "-", prefix.upper())
