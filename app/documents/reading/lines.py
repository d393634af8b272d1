"""The source of a paper, line by line, with what the look of a line tells before its words are read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.documents.reading.word import WordLine
from app.kernel.text import clean_line, clean_text

_BULLET: Final = re.compile(r"([-–—•*·●▪‣◦\uf0b7])\s+(\S.*)")
_NUMBER: Final = re.compile(r"([0-9]{1,3})[.)]\s+(\S.*)")
_HASHES: Final = re.compile(r"#{1,6} +(?=\S)")
_WHOLE_BOLD: Final = re.compile(r"\*\*([^*]+)\*\*:?")
_TAB: Final = 4
_WIDEST_WRAP: Final = 100
_NARROWEST_WRAP: Final = 60


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line that is not blank. ``number`` counts from 1 in the source, blank lines included."""

    number: int
    raw: str  # as it stood, without white space at its end
    text: str  # without indent, with single spaces; no-break spaces and bold markers stay
    plain: str  # for comparing: one kind of space, no markers of bold or of headings
    indent: int
    after_blank: bool
    bold: bool  # the whole line is marked as bold or as a heading
    word: WordLine | None = None  # what Word knew of it


@dataclass(frozen=True, slots=True)
class Marker:
    """What makes a line an item of a list. ``number`` is None for bullets."""

    glyph: str
    number: int | None
    text: str


def source_lines(text: str) -> list[SourceLine]:
    """Every line that is not blank. Any line ending will do; a byte order mark is dropped."""
    lines: list[SourceLine] = []
    blank = True
    for number, raw in enumerate(clean_text(text.removeprefix("\ufeff")).split("\n"), start=1):
        stripped = raw.strip()
        if stripped:
            lines.append(_source_line(number, raw.rstrip(), stripped, blank))
        blank = not stripped
    return lines


def _source_line(number: int, raw: str, stripped: str, blank: bool) -> SourceLine:
    indent = 0
    for character in raw[: len(raw) - len(stripped)]:
        indent += _TAB if character == "\t" else 1
    text = re.sub(r"[ \t]+", " ", stripped)
    hashes = _HASHES.match(text)
    plain = clean_line(text[hashes.end() :] if hashes else text).replace("**", "").strip()
    bold = hashes is not None or _WHOLE_BOLD.fullmatch(text) is not None
    return SourceLine(number, raw, text, plain, indent, blank, bold)


def list_markers(
    lines: Sequence[SourceLine], headings: Sequence[bool], months: Mapping[str, int]
) -> list[Marker | None]:
    """The marker of each line that is an item of a list.

    A number is a marker when it begins a list or carries one on. "13. juni", or a number alone in the middle of the
    text ("1. halvår"), is not one.
    """
    numbers = [
        None if heading else _number(line, months) for line, heading in zip(lines, headings, strict=True)
    ]
    following: list[int | None] = [None] * len(lines)
    coming: int | None = None
    for index in range(len(lines) - 1, -1, -1):
        following[index] = coming
        found = numbers[index]
        if found is not None:
            coming = found.number
    markers: list[Marker | None] = []
    seen: set[int] = set()
    for index, (line, heading) in enumerate(zip(lines, headings, strict=True)):
        if heading:
            seen = set()
            markers.append(None)
            continue
        found = numbers[index]
        if found is None or found.number is None:
            bullet = _BULLET.fullmatch(line.text)
            markers.append(Marker(bullet[1], None, bullet[2]) if bullet else None)
            continue
        carried = found.number - 1 in seen or following[index] == found.number + 1
        if carried or (found.number == 1 and found.text[0].isupper()):
            seen.add(found.number)
            markers.append(found)
        else:
            markers.append(None)
    return markers


def word_marker(line: SourceLine) -> Marker | None:
    """The marker of a line that Word says is an item of a list."""
    word = line.word
    if word is None or not word.marker:
        return None
    return Marker("1" if word.number is not None else "-", word.number, word.text)


def _number(line: SourceLine, months: Mapping[str, int]) -> Marker | None:
    found = _NUMBER.fullmatch(line.text)
    if found is None or found[2].split(maxsplit=1)[0].rstrip(".,").casefold() in months:
        return None
    return Marker("1", int(found[1]), found[2])


def wrap_width(lines: Sequence[SourceLine]) -> int:
    """The column at which the source was wrapped by hand or by a program; 0 when its lines are whole paragraphs."""
    short = [len(line.raw) for line in lines if len(line.raw) <= _WIDEST_WRAP]
    if not short or len(lines) - len(short) > len(lines) // 50:
        return 0
    widest = max(short)
    return widest if widest >= _NARROWEST_WRAP else 0


def runs_on(line: SourceLine, after: SourceLine, width: int) -> bool:
    """Whether ``after`` carries on the paragraph of ``line``: its first word had no room left on the line above."""
    if after.after_blank or not width:
        return False
    return len(line.raw) + 1 + len(after.text.split(" ", 1)[0]) > width
