"""The lines at the foot: who presents the case, who prepared the paper, where and when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.documents.reading.headings import KnownHeading
from app.documents.reading.lines import SourceLine
from app.documents.reading.vocabulary import Vocabulary
from app.kernel.dates import parse_date
from app.kernel.language import Language

_LONGEST = 200
_LONGEST_PLACE = 40
_MOST_DATE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """``role`` is ``presenter``, ``preparer`` or ``place_and_date``; ``label`` the phrase as it stood."""

    role: str
    label: str
    value: str  # the names, or the place
    dated: date | None = None


def signature_lines(
    lines: Sequence[SourceLine],
    known: Sequence[KnownHeading | None],
    words: Vocabulary,
    votes: Counter[Language],
) -> tuple[list[Signature | None], list[bool]]:
    """For each line what it says, and whether it stands at the end of the paper or right above a heading.

    The same words in the middle of the text are a sentence like any other.
    """
    found: list[Signature | None] = []
    for index, line in enumerate(lines):
        above = found[index - 1] if index else None
        apart = line.after_blank or above is not None
        found.append(None if known[index] else _signature(line, apart, words, votes))
    closing = [False] * len(lines)
    at_end = True
    for index in range(len(lines) - 1, -1, -1):
        closing[index] = at_end and found[index] is not None
        at_end = closing[index] or known[index] is not None
    return found, closing


def _signature(
    line: SourceLine, apart: bool, words: Vocabulary, votes: Counter[Language]
) -> Signature | None:
    plain = line.plain
    if len(plain) > _LONGEST or not plain:
        return None
    folded = plain.casefold()
    for phrase, known in words.signature.get(folded.split()[0], ()):
        if folded.startswith(phrase):
            end = len(phrase) + (plain[len(phrase) : len(phrase) + 1] == ":")
            value = plain[end:].strip()
            if value and (phrase.endswith(":") or not plain[end].isalnum()):
                votes.update(dict.fromkeys(known.languages, 3))
                return Signature(known.role, plain[:end], value.removesuffix("."))
    return place_and_date(plain, words) if apart else None


def place_and_date(plain: str, words: Vocabulary) -> Signature | None:
    """``Oslo, 27.5.2019``, or a date behind a label. A place of several words needs its comma."""
    label, colon, rest = plain.partition(":")
    field = words.fields.get(label.strip().casefold())
    if colon and field is not None and field.role == "place_and_date":
        plain = rest.strip()
    elif colon:
        return None
    place, dated = date_at_end(plain, words)
    if dated is None or len(place) > _LONGEST_PLACE or any(map(str.isdigit, place)):
        return None
    if place and (not place[0].isupper() or len(place.split()) > (3 if "," in plain else 1) or "." in place):
        return None
    return Signature("place_and_date", "", place, dated)


def date_at_end(text: str, words: Vocabulary) -> tuple[str, date | None]:
    """The longest date at the end of a line, and what stands before it without comma and weekday."""
    tokens = text.removesuffix(".").split()
    for count in range(min(_MOST_DATE_WORDS, len(tokens)), 0, -1):
        try:
            dated = parse_date(" ".join(tokens[-count:]), words.months)
        except ValueError:
            continue
        before = tokens[:-count]
        while before and before[-1].rstrip(",").casefold() in words.weekdays:
            before.pop()
        return " ".join(before).rstrip(",").strip(), dated
    return text, None
