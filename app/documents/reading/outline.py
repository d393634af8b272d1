"""From the lines of a part to its block tree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.documents.reading.lines import Marker, SourceLine, runs_on
from app.documents.reading.word import runs_of
from app.documents.richtext.blocks import (
    Block,
    BulletList,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    Run,
    Runs,
    Table,
    Text,
    Tree,
)
from app.documents.richtext.normalise import normalise

_DEEPEST: Final = 4  # lists below lists; what is indented further stands on the last level
_QUOTES: Final = frozenset({"quote", "intense quote"})
_BOLD: Final = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line inside a part. ``text`` is what the part prints of it, without the marker of a list."""

    line: SourceLine
    text: str
    marker: Marker | None = None
    heading: bool = False


@dataclass(slots=True)
class _Item:
    words: list[Piece]
    below: "list[_List]" = field(default_factory=list)


@dataclass(slots=True)
class _List:
    indent: int
    marker: Marker
    items: list[_Item] = field(default_factory=list)

    def takes(self, marker: Marker) -> bool:
        """Whether an item with this marker may stand next: the same glyph, or the next number."""
        if marker.number is None or self.marker.number is None:
            return marker.glyph == self.marker.glyph
        return marker.number == self.marker.number + len(self.items)


def build_tree(pieces: Sequence[Piece], width: int) -> Tree:
    """Paragraphs, headings of level 2 and nested lists, in the order of the source.

    Lines that were wrapped at ``width`` columns are joined. A list number that does not follow the one before begins a
    list of its own, so that every number is printed as it stood.
    """
    blocks: list[Block] = []
    stack: list[_List] = []
    open_paragraph: list[Piece] = []
    rows: list[Piece] = []
    before: Piece | None = None

    def close_paragraph() -> None:
        if open_paragraph:
            blocks.append(_paragraph(open_paragraph))
            open_paragraph.clear()

    def close_lists() -> None:
        if stack:
            blocks.append(_frozen_list(stack[0]))
            stack.clear()

    def close_table() -> None:
        if rows:
            blocks.extend(_table(rows))
            rows.clear()

    for piece in pieces:
        word = piece.line.word
        if rows and rows[-1].line.word is not None:
            last = rows[-1].line.word
            if word is None or not word.cells or last.table != word.table:
                close_table()
        if word is not None and word.cells:
            close_paragraph()
            close_lists()
            rows.append(piece)
            before = piece
            continue
        joined = before is not None and not piece.heading and _joins(before, piece, bool(stack), width)
        if piece.marker is not None:
            close_paragraph()
            if not _add_item(stack, piece, piece.marker):
                close_lists()
                stack.append(_List(piece.line.indent, piece.marker, [_Item([piece])]))
        elif joined and stack:
            stack[-1].items[-1].words.append(piece)
        elif joined:
            open_paragraph.append(piece)
        else:
            close_paragraph()
            close_lists()
            if piece.heading:
                blocks.append(_heading(piece))
            else:
                open_paragraph.append(piece)
        before = piece
    close_paragraph()
    close_lists()
    close_table()
    return normalise(blocks) if any(piece.line.word for piece in pieces) else tuple(blocks)


def _joins(before: Piece, piece: Piece, in_list: bool, width: int) -> bool:
    if before.heading or piece.marker is not None or piece.line.number != before.line.number + 1:
        return False
    return runs_on(before.line, piece.line, width) or (in_list and piece.line.indent > 0)


def _add_item(stack: list[_List], piece: Piece, marker: Marker) -> bool:
    """Put the item where indent and marker say; False when it begins a new list at the top."""
    if not stack:
        return False
    indent = piece.line.indent
    while len(stack) > 1 and indent <= stack[-2].indent and indent < stack[-1].indent:
        stack.pop()
    stack[-1].indent = min(indent, stack[-1].indent)  # between two levels means the inner one
    top = stack[-1]
    if indent > top.indent and len(stack) < _DEEPEST:
        _nest(stack, piece, marker)
        return True
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].takes(marker) and (depth == len(stack) - 1 or stack[depth].indent == top.indent):
            del stack[depth + 1 :]
            stack[depth].items.append(_Item([piece]))
            return True
    same_sort = (marker.number is None) == (top.marker.number is None)
    if not piece.line.after_blank and len(stack) < _DEEPEST and not (same_sort and marker.number is not None):
        _nest(stack, piece, marker)
        return True
    if len(stack) == 1:
        return False
    stack.pop()
    _nest(stack, piece, marker)
    return True


def _nest(stack: list[_List], piece: Piece, marker: Marker) -> None:
    below = _List(piece.line.indent, marker, [_Item([piece])])
    stack[-1].items[-1].below.append(below)
    stack.append(below)


def _frozen_list(found: _List) -> BulletList | NumberedList:
    items = tuple(
        ListItem((Paragraph(_words(item.words)), *(_frozen_list(below) for below in item.below)))
        for item in found.items
    )
    return (
        BulletList(items) if found.marker.number is None else NumberedList(items, start=found.marker.number)
    )


def _heading(piece: Piece) -> Heading:
    word = piece.line.word
    return Heading(3 if word is not None and word.level > 2 else 2, (Text(piece.text),))


def _paragraph(pieces: Sequence[Piece]) -> Block:
    paragraph = Paragraph(_words(pieces))
    word = pieces[0].line.word
    return Quote((paragraph,)) if word is not None and word.style in _QUOTES else paragraph


def _table(rows: Sequence[Piece]) -> Tree:
    cells = [row.line.word.cells for row in rows if row.line.word is not None]
    return (Table(tuple(cells)),)


def _words(pieces: Sequence[Piece]) -> Runs:
    """The words of the pieces of a paragraph. Where Word knew their look, they have it."""
    if not any(piece.line.word for piece in pieces):
        return _runs(" ".join(piece.text for piece in pieces))
    runs: list[Run] = []
    for piece in pieces:
        if runs:
            runs.append(Text(" "))
        word = piece.line.word
        looked = runs_of(word, piece.text) if word is not None else None
        runs += looked if looked is not None else _runs(piece.text)
    return tuple(runs)


def _runs(text: str) -> Runs:
    runs: list[Run] = []
    for position, words in enumerate(_BOLD.split(text)):
        if words:
            runs.append(Text(words, bold=position % 2 == 1))
    return tuple(runs)
