"""HTML of other programs → block tree: what is pasted from Word, Outlook, Google Docs, LibreOffice and web pages.

Lists, bold and italic type, links, headings, tables, quotations, line breaks and notes are kept; everything else is
dropped but for its words. The tree has no place for anything that could do harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from app.documents.richtext.blocks import (
    Block,
    Break,
    Footnote,
    Heading,
    Paragraph,
    Quote,
    Run,
    Table,
    Text,
    Tree,
)
from app.documents.richtext.html_events import HtmlEvents, HtmlTooLong
from app.documents.richtext.html_lists import OpenLists
from app.documents.richtext.html_parts import Box, Grid, Jump, Line
from app.documents.richtext.html_tables import as_lines, rectangle, row_as_line
from app.documents.richtext.html_word import list_rules
from app.documents.richtext.normalise import normalise

__all__ = ["HtmlTooLong", "LONGEST_HTML", "Pasted", "read_html"]

LONGEST_HTML: Final = 2_000_000  # characters; Word writes about ten for each that is read
_LARGEST_TABLE = 5_000  # cells, the empty ones that make it even included


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood, and how many images were left out."""

    tree: Tree
    images: int


def read_html(html: str) -> Pasted:
    """Read HTML of any origin. Fetches nothing, and loses no visible word but those of deleted or hidden text.

    :raise HtmlTooLong: for more than ``LONGEST_HTML`` characters, or for too many elements.
    """
    from lxml import etree  # only who pastes waits for it

    if len(html) > LONGEST_HTML:
        raise HtmlTooLong
    events = HtmlEvents()
    parser = etree.HTMLParser(target=cast(Any, events), encoding="utf-8", no_network=True)
    parser.feed(html.replace("\x00", "").encode("utf-8", "ignore"))
    try:
        parser.close()
    except etree.XMLSyntaxError:  # an empty document
        events.close()
    _find_notes(events.jumps)
    folding = _Folding(list_rules("".join(events.style_sheet)), min(events.headings, default=3))
    return Pasted(normalise(folding.blocks(events.root)), events.images)


def _find_notes(jumps: Sequence[Jump]) -> None:
    """Tie each mark to the note it leads to: the one that leads back to it."""
    by_name: dict[str, tuple[int, Jump]] = {}
    for place, jump in enumerate(jumps):
        for name in jump.names:
            by_name.setdefault(name, (place, jump))
    for place, mark in enumerate(jumps):
        later, back = by_name.get(mark.target, (-1, mark))
        if mark.line is None or back.line is None or mark.line.is_note:
            continue
        if (
            later > place
            and back.target in mark.names
            and back.line is not mark.line
            and not back.line.is_note
        ):
            mark.note, back.line.is_note = back.line, True
            back.line.runs.remove(back)


class _Folding:
    """Puts lines, quotations and tables together, from the inside out."""

    def __init__(self, rules: dict[tuple[str, int], int | None], first_heading: int) -> None:
        self._rules = rules
        self._first_heading = first_heading

    def blocks(self, box: Box) -> list[Block]:
        lists = OpenLists(self._rules)
        found: list[Block] = []
        for part in box.parts:
            if isinstance(part, Line):
                if part.is_note:
                    continue
                runs = tuple(_resolved(part))
                if part.item is not None:
                    found.extend(lists.add(part.item, runs, is_first=part.is_first))
                    continue
                found.extend(lists.close())
                found.append(Heading(self._level(part.heading), runs) if part.heading else Paragraph(runs))
                continue
            blocks = list(self._quote(part)) if isinstance(part, Box) else list(self._grid(part))
            if part.inside is not None and blocks:
                for number, runs in enumerate(as_lines(blocks)):
                    is_first = part.begins and number == 0
                    found.extend(lists.add(part.inside, runs, is_first=is_first))
            elif blocks:
                found.extend(lists.close())
                found.extend(blocks)
        found.extend(lists.close())
        return found

    def _level(self, heading: int) -> Literal[2, 3]:
        """Our own pages begin at h3; others begin where they like, and have their second level as ours."""
        first = self._first_heading if self._first_heading < 3 else 3
        return 2 if heading <= first else 3

    def _quote(self, box: Box) -> Iterator[Block]:
        """A quotation holds paragraphs; lists and tables in it stand between."""
        paragraphs: list[Paragraph] = []
        for block in self.blocks(box):
            if isinstance(block, Paragraph):
                paragraphs.append(block)
            elif isinstance(block, Quote):
                paragraphs.extend(block.paragraphs)
            else:
                if paragraphs:
                    yield Quote(tuple(paragraphs))
                    paragraphs = []
                yield block
        if paragraphs:
            yield Quote(tuple(paragraphs))

    def _grid(self, grid: Grid) -> Iterator[Block]:
        """A table; or what stands in its cells, when it is there for the layout alone."""
        rows = [[(cell, self.blocks(cell)) for cell in row] for row in grid.rows if row]
        cells = [cell for row in rows for cell in row]
        if any(isinstance(block, Table) for _, blocks in cells for block in blocks) or (
            len(cells) == 1 and not cells[0][0].is_head
        ):
            for _, blocks in cells:
                yield from blocks
            return
        width = max((sum(cell.columns for cell, _ in row) for row in rows), default=0)
        if width * len(rows) > _LARGEST_TABLE:
            for row in rows:
                yield Paragraph(row_as_line([as_lines(blocks) for _, blocks in row]))
            return
        if rows:
            yield Table(rectangle([[(cell, as_lines(blocks)) for cell, blocks in row] for row in rows]))


def _resolved(line: Line) -> Iterator[Run]:
    for run in line.runs:
        if isinstance(run, Jump):
            yield from (Footnote(_note(run.note)),) if run.note is not None else run.runs
        else:
            yield run


def _note(line: Line) -> tuple[Text, ...]:
    texts: list[Text] = []
    for run in line.runs:
        if isinstance(run, Jump):
            texts.extend(run.runs)
        else:
            texts.append(Text(" ") if isinstance(run, Break) else run)
    return tuple(texts)
