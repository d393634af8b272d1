"""What two texts have in common, and what becomes of a text that two people changed from the same beginning.

Paragraphs are compared first and words inside those that differ. Comparing costs at most a fixed amount of work: texts that
would cost more, such as thousands of equal lines, are told as wholly different, which is safe and never wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_LINES: Final = re.compile(r"([^\n]+)(\n*)")
_MOST_WORK: Final = 400_000  # pairs of equal pieces that may be looked at
_MOST_WORDS: Final = 6_000  # of both sides of one place, before it is told as wholly different


class Change(StrEnum):
    """What became of a piece between an old text and a new one."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words and what became of them."""

    change: Change
    text: str


class Side(StrEnum):
    """Who changed a place: nobody, one of the two, both alike, or each in a way of their own."""

    NEITHER = "neither"
    MINE = "mine"
    THEIRS = "theirs"
    ALIKE = "alike"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something, and the line breaks after it."""

    text: str
    gap: str


@dataclass(frozen=True, slots=True)
class Place:
    """A run of lines of the three texts that belong together."""

    side: Side
    base: tuple[Line, ...]
    mine: tuple[Line, ...]
    theirs: tuple[Line, ...]

    @property
    def my_text(self) -> str:
        """What I wrote here."""
        return _joined(self.mine)

    @property
    def their_text(self) -> str:
        """What the other wrote here."""
        return _joined(self.theirs)

    @property
    def proposed(self) -> tuple[Line, ...]:
        """What goes into the merged text. Where both changed the place, both stand: theirs first, then mine."""
        match self.side:
            case Side.NEITHER:
                return tuple(
                    Line(mine.text, mine.gap if mine.gap != base.gap else theirs.gap)
                    for base, mine, theirs in zip(self.base, self.mine, self.theirs, strict=True)
                )
            case Side.THEIRS:
                return self.theirs
            case Side.BOTH:
                return (*self.theirs, *self.mine)
            case _:
                return self.mine


@dataclass(frozen=True, slots=True)
class Merge:
    """Two texts with a common beginning, place by place."""

    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """The merged text. Nothing that either side wrote is missing from it."""
        return _joined([line for place in self.places for line in place.proposed])

    @property
    def disputed(self) -> tuple[Place, ...]:
        """The places that both changed, each in a way of their own."""
        return tuple(place for place in self.places if place.side is Side.BOTH)


def word_differences(old: str, new: str) -> tuple[Piece, ...]:
    """The old and the new text in one, word by word.

    The pieces that were not added give the old text, and those that were not removed give the new one.
    """
    pieces: list[Piece] = []
    before, after = _with_breaks(old), _with_breaks(new)
    for same, first, last, start, stop in _regions(before, after):
        was, now = "".join(before[first:last]), "".join(after[start:stop])
        pieces.extend([Piece(Change.SAME, was)] if same else _inside(was, now))
    return tuple(_together(pieces))


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Bring together what two people made of the same text. What only one of them changed is taken over.

    Neighbouring lines count as places of their own: only where both changed the same lines, or put something in at the same
    point, is there anything to choose.
    """
    lines = [_lines(text) for text in (base, mine, theirs)]
    at = [0, 0, 0]
    places: list[Place] = []
    for stop, change in _changes(*lines):
        same = stop - at[0]
        if same:
            found = [tuple(every[a : a + same]) for every, a in zip(lines, at, strict=True)]
            places.append(Place(Side.NEITHER, *found))
            at = [a + same for a in at]
        ends = [a + grown for a, grown in zip(at, change, strict=True)]
        _add(places, [every[a:b] for every, a, b in zip(lines, at, ends, strict=True)])
        at = ends
    return Merge(tuple(places))


def merge_without_base(mine: str, theirs: str) -> Merge:
    """The same when nobody knows what the two began from: what they have in common stands for it."""
    ours, others = _lines(mine), _lines(theirs)
    common: list[Line] = []
    for same, first, last, _start, _stop in _regions([line.text for line in ours], [x.text for x in others]):
        if same:
            common.extend(ours[first:last])
    return merge("\n".join(line.text for line in common), mine, theirs)


def _add(places: list[Place], found: Sequence[Sequence[Line]]) -> None:
    base, mine, theirs = (tuple(lines) for lines in found)
    if not (base or mine or theirs):
        return
    said = [[line.text for line in lines] for lines in (base, mine, theirs)]
    if said[1] == said[2]:
        side = Side.ALIKE
    elif said[0] == said[1]:
        side = Side.THEIRS
    elif said[0] == said[2]:
        side = Side.MINE
    else:
        side = Side.BOTH
    places.append(Place(side, base, mine, theirs))


def _changes(
    base: Sequence[Line], mine: Sequence[Line], theirs: Sequence[Line]
) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Where something was changed: the line of the base, and how many lines each text has there. The end comes last."""
    texts = [[line.text for line in lines] for lines in (base, mine, theirs)]
    waiting = sorted(
        (from_, to, side, grown) for side in (0, 1) for from_, to, grown in _hunks(texts[0], texts[1 + side])
    )
    while waiting:
        begin, end, side, grown = waiting.pop(0)
        growth = [0, 0]
        growth[side] = grown - (end - begin)
        is_insertion = begin == end
        while waiting and (waiting[0][0] < end or (is_insertion and waiting[0][:2] == (begin, begin))):
            _, its_end, its_side, its_lines = waiting[0]
            growth[its_side] += its_lines - (its_end - waiting.pop(0)[0])
            end = max(end, its_end)
        length = end - begin
        yield begin, (length, length + growth[0], length + growth[1])
    yield len(base), (0, 0, 0)


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Changed runs as (from, to, lines now). As many lines as before are taken for the same lines, each rewritten."""
    for same, from_, to, start, stop in _regions(old, new):
        if same:
            continue
        if to - from_ == stop - start:
            yield from ((line, line + 1, 1) for line in range(from_, to))
        else:
            yield from_, to, stop - start


def _regions(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Runs that are the same and runs that are not, in order: (same, from, to in old, from, to in new)."""
    first = 0
    shorter = min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    ends = (len(old) - last, len(new) - last)
    if first:
        yield True, 0, first, 0, first
    yield from _middle(old, new, first, *ends)
    if last:
        yield True, ends[0], len(old), ends[1], len(new)


def _middle(
    old: Sequence[str], new: Sequence[str], first: int, old_end: int, new_end: int
) -> Iterator[tuple[bool, int, int, int, int]]:
    if first == old_end and first == new_end:
        return
    before, after = old[first:old_end], new[first:new_end]
    counts, others = Counter(before), Counter(after)
    if sum(count * others[piece] for piece, count in counts.items()) > _MOST_WORK:
        yield False, first, old_end, first, new_end
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield tag == "equal", first + a, first + b, first + c, first + d


def _inside(was: str, now: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(was), _WORDS.findall(now)
    if len(old) + len(new) > _MOST_WORDS:
        yield Piece(Change.REMOVED, was)
        yield Piece(Change.ADDED, now)
        return
    for same, first, last, start, stop in _regions(old, new):
        if same:
            yield Piece(Change.SAME, "".join(old[first:last]))
            continue
        yield Piece(Change.REMOVED, "".join(old[first:last]))
        yield Piece(Change.ADDED, "".join(new[start:stop]))


def _together(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; empty ones fall away."""
    waiting: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if waiting is not None and waiting.change is piece.change:
            waiting = Piece(piece.change, waiting.text + piece.text)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece
    if waiting is not None:
        yield waiting


def _with_breaks(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _lines(text: str) -> list[Line]:
    return [Line(said, gap) for said, gap in _LINES.findall(text.strip("\n"))]


def _joined(lines: Sequence[Line]) -> str:
    """The lines as one text. A line that was the last of its own text gets a paragraph's distance to the next."""
    return "".join(line.text + (line.gap or "\n\n") for line in lines).rstrip("\n")
