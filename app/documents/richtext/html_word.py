"""How Word writes lists into HTML: as paragraphs that say in ``mso-list`` what they are, with the marker as text."""

import re
from dataclasses import dataclass
from typing import Final

from app.documents.richtext.html_looks import Styles, number_in

DEEPEST: Final = 9  # levels, as in Word
_LONGEST_MARKER = 12
_LONGEST_SHEET = 200_000

_LIST = re.compile(r"\b(l\d+)\s+level(\d+)(?:\s+(lfo\d+))?")
_NUMBER = re.compile(r"\(?(?:[\w]{1,6}\.)*(\d{1,6}|[a-z]{1,8})(?:[.)]+|:)?", re.IGNORECASE)
_RULE = re.compile(r"@list\s+(l\d+):level(\d+)[^{}]{0,100}\{([^}]{0,2000})\}")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN_FORM = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")


@dataclass(frozen=True, slots=True)
class WordItem:
    """A paragraph that is a point of a list."""

    name: str  # l0: the definition
    level: int
    lists: str  # lfo1: the list that uses it


def word_item(styles: Styles) -> WordItem | None:
    """What ``mso-list`` says, or None for a paragraph that is no point of a list."""
    found = _LIST.search(styles.get("mso-list", ""))
    if found is None:
        return None
    level = min(max(number_in(found[2], 1), 1), DEEPEST)
    return WordItem(found[1], level, found[3] or "")


def is_marker(text: str) -> bool:
    """Whether a text that is marked as the sign of a point can be one: ``·``, ``12.``, ``1.2.3.``."""
    return len(text) <= _LONGEST_MARKER


def numbers_of(marker: str) -> tuple[int, ...]:
    """The numbers a marker may stand for; none for a bullet. ``c.`` is the third, ``i)`` the first or the ninth."""
    text = marker.strip()
    found = _NUMBER.fullmatch(text)
    if found is None:
        return ()
    last = found[1].lower()
    if last.isdigit():
        return (int(last),)
    if text[-1] not in ".):":
        return ()  # a lone letter is a bullet: Word's round one is an "o"
    roman = (_roman(last),) if _ROMAN_FORM.fullmatch(last) else ()
    return (*roman, ord(last) - ord("a") + 1) if len(last) == 1 else roman


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(
        -value if any(later > value for later in values[place + 1 : place + 2]) else value
        for place, value in enumerate(values)
    )


def list_rules(style_sheet: str) -> dict[tuple[str, int], int | None]:
    """For each level of each list that a style sheet defines: its first number, or None for bullets."""
    rules: dict[tuple[str, int], int | None] = {}
    for name, level, text in _RULE.findall(style_sheet[:_LONGEST_SHEET]):
        parts = (part.partition(":") for part in text.lower().split(";"))
        pairs = {key.strip(): value.strip() for key, _, value in parts}
        is_bullet = pairs.get("mso-level-number-format") in {"bullet", "image"}
        rules[name, number_in(level, 1)] = (
            None if is_bullet else number_in(pairs.get("mso-level-start-at", "1"), 1)
        )
    return rules
