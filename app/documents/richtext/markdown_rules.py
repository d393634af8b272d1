"""What the Markdown reader and writer must agree on: when a number is a date, when a star is a star."""

import re
from typing import Final

MARKER: Final = re.compile(r"[ \t]*(?:(>)|([-+*])(?=[ \t]|$)|(\d{1,9})([.)])(?=[ \t]|$))")
RULE_LINE: Final = re.compile(r"[ \t]*+([-*])[ \t]*+(?:\1[ \t]*+){2,}+")
_MONTH = re.compile(
    r" (?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:s|ts|ch)?|apr(?:il)?|ma[ijy]|june?|juni|july?|juli|aug(?:ust)?"
    r"|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)(?![^\W_])",
    re.IGNORECASE,
)
_HIGHEST_LONE = 99


def begins_with_month(after_marker: str) -> bool:
    """Whether what follows ``13.`` is one space and a month. Two spaces say that a list is meant."""
    return _MONTH.match(after_marker) is not None


def is_date(number: int, after_marker: str) -> bool:
    """Whether ``13. juni`` begins a sentence, not a list."""
    return number <= 31 and begins_with_month(after_marker)


def is_lone_number(number: int, numbers: frozenset[int]) -> bool:
    """Whether a number stands for a year or the like: above 99, and no neighbour in the text makes it a list."""
    return number > _HIGHEST_LONE and number - 1 not in numbers and number + 1 not in numbers


def is_plain_star(run: str, before: str, after: str) -> bool:
    """Whether stars or underscores are what was typed, as in ``5*3*2`` and ``fil_navn``, not a sign for bold or italic."""
    if len(run) > 3:
        return True
    if run == "**":
        return before.isdigit() and after.isdigit()
    return before.isalnum() and after.isalnum()
