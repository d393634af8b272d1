"""Headings: those that are known by their words, and short lines above a paragraph."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.documents.reading.lines import SourceLine, runs_on
from app.documents.reading.vocabulary import INPUT, Known, Vocabulary
from app.kernel.language import Language

_NUMBERING: Final = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]? +(?=[^\W\d])")
_LONGEST_KNOWN: Final = 140
_LONGEST_LABEL: Final = 80
_LONGEST_FREE: Final = 90


@dataclass(frozen=True, slots=True)
class KnownHeading:
    """``heading`` is the words as they stood, ``rest`` what followed a colon on the same line."""

    role: str  # the key of a section, or one of the part kinds of the vocabulary
    heading: str
    rest: str = ""
    party: str = ""


def known_heading(line: SourceLine, words: Vocabulary, votes: Counter[Language]) -> KnownHeading | None:
    """The heading that the line is by its words, if it is one; its languages get a vote."""
    plain = line.plain
    before, colon, after = plain.partition(":")
    if len(before) > _LONGEST_KNOWN or not before or before[0].islower():
        return None
    label, rest = before.strip(), after.strip()
    numbering = _NUMBERING.match(label)
    core = label[numbering.end() :] if numbering else label
    known = words.headings.get(core.casefold())
    if known is None and (line.bold or line.after_blank or (colon and not numbering)):
        known = _by_its_ends(core, words)
        if rest and len(core) > _LONGEST_LABEL:
            known = None
    if known is None:
        return None
    votes.update(dict.fromkeys(known.languages, 3))
    heading = plain if not rest else f"{before}:"
    return KnownHeading(known.role, heading, rest, _party(core, words) if known.role == INPUT else "")


def _by_its_ends(core: str, words: Vocabulary) -> Known | None:
    if core[-1:] in ".,;!?" or ". " in core:
        return None
    folded = core.casefold()
    parts = folded.split()
    for phrase, known in words.begins.get(parts[0], ()) if parts else ():
        if folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalnum():
            return known
    if len(parts) > 6:
        return None
    for phrase, known in words.ends.get(parts[-1], ()) if parts else ():
        if folded.endswith(" " + phrase):
            return known
    return None


def _party(core: str, words: Vocabulary) -> str:
    """Who gave the input, where the heading says so: what follows "Input from"."""
    folded = core.casefold()
    for phrase, known in words.begins.get(folded.split()[0], ()):
        if known.role == INPUT and folded.startswith(phrase + " "):
            return core[len(phrase) :].strip()
    return ""


def is_free_heading(
    index: int,
    lines: Sequence[SourceLine],
    is_other: Sequence[bool],
    width: int,
    words: Vocabulary,
) -> bool:
    """Whether the line is a heading in the paper's own words: short, no full stop, and a paragraph below it.

    ``is_other`` tells for each line whether it is known to be something else than a paragraph.
    """
    line = lines[index]
    plain = line.plain
    if is_other[index] or len(plain) > _LONGEST_KNOWN or not any(map(str.isalpha, plain)):
        return False
    if line.bold:
        return plain[-1] not in ".,;"
    numbering = _NUMBERING.match(plain)
    first = plain[numbering.end()] if numbering else plain[0]
    if len(plain) > _LONGEST_FREE or plain[-1] in ".,:;!?" or not first.isupper():
        return False
    if plain.split()[-1].casefold() in words.lead_ends or not line.after_blank or index + 1 >= len(lines):
        return False
    after = lines[index + 1]
    if is_other[index + 1] or after.bold:
        return False
    if not after.after_blank and (runs_on(line, after, width) or len(after.plain) <= len(plain)):
        return False
    return len(after.plain) > _LONGEST_FREE or after.plain[-1] in ".:?" or _goes_on(index + 1, lines, width)


def section_level(lines: Sequence[SourceLine], known: Sequence[KnownHeading | None]) -> int:
    """How deep the headings of parts stand in a Word file, as the first known ones do; 0 where Word knew no headings."""
    levels = [
        (heading is None, line.word.level)
        for line, heading in zip(lines, known, strict=True)
        if line.word is not None and line.word.level
    ]
    return min(levels)[1] if levels else 0


def _goes_on(index: int, lines: Sequence[SourceLine], width: int) -> bool:
    return index + 1 < len(lines) and runs_on(lines[index], lines[index + 1], width)
