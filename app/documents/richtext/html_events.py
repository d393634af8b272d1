"""HTML read from start to end: the parser says what begins and ends, and lines, lists and tables are collected."""

import re
from collections.abc import Mapping
from dataclasses import replace

from app.documents.richtext.blocks import Break, Text
from app.documents.richtext.html_looks import (
    BLOCKS,
    SKIPPED,
    is_hidden,
    is_spacer,
    number_in,
    styles_of,
    symbol_of,
)
from app.documents.richtext.html_parts import Box, Grid, Item, Jump, Line, RawRun
from app.documents.richtext.html_state import Look, block_look, inline_look
from app.documents.richtext.html_word import DEEPEST, is_marker

_SPACE = re.compile(r"[ \t\r\n\f]+")
_MOST_ELEMENTS = 30_000  # a hundred pages of Word have about half of that
_DEEPEST_BOX = 12  # tables in tables in quotations; what is deeper is read as paragraphs
_MOST_SPAN = 100


class HtmlTooLong(ValueError):
    """More than anybody pastes into a section."""


class HtmlEvents:
    """A target for lxml's parser. ``root`` holds what was collected."""

    def __init__(self) -> None:
        self.root = Box()
        self.images = 0
        self.style_sheet: list[str] = []
        self.jumps: list[Jump] = []
        self.headings: set[int] = set()
        self._boxes = [self.root]
        self._grids: list[Grid] = []
        self._open: list[tuple[Look, str]] = [(Look(), "")]
        self._nests: list[str] = []  # the tables, cells and quotations that are open, by their kind
        self._saved: list[Item | None] = []
        self._line: Line | None = None
        self._ends_in_space = False
        self._marker: list[str] = []
        self._in_marker = self._in_style = False
        self._lists = self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise HtmlTooLong
        tag = tag.lower()
        look = self._open[-1][0]
        if look.skipped:
            self._open.append((look, ""))
            return
        styles = styles_of(attributes.get("style", ""))
        if tag in SKIPPED or is_hidden(attributes, styles):
            self._in_style = tag == "style"
            self._open.append((replace(look, skipped=True), "style"))
            return
        closer = ""
        if tag in BLOCKS:
            self._flush()
            closer = self._begin(tag, attributes)
            if closer in {"box", "grid"}:
                self._nests.append(closer)
            look = block_look(look, tag, attributes, styles)
        elif tag == "br":
            self._break(look)
        elif tag == "img":
            self._image(look, attributes)
        inner = inline_look(look, tag, attributes, styles)
        if inner.jump is not None and inner.jump is not look.jump:
            self.jumps.append(inner.jump)
        self._open.append((inner, closer))

    def end(self, tag: str) -> None:
        if len(self._open) == 1:
            return
        look, closer = self._open.pop()
        if look.skipped:
            self._in_style = self._in_style and closer != "style"
            return
        if tag.lower() in BLOCKS:
            self._flush()
        box = self._boxes[-1]
        match closer:
            case "list":
                box.lists.pop()
            case "item":
                box.item = self._saved.pop()
            case "box":
                self._nests.pop()
                self._boxes.pop()
            case "grid":
                self._nests.pop()
                self._boxes[-1].parts.append(self._grids.pop())

    def data(self, text: str) -> None:
        look = self._open[-1][0]
        if self._in_style:
            self.style_sheet.append(text)
        elif look.skipped:
            return
        elif look.marker or self._in_marker:
            self._marker.append(text)
        else:
            self._text(look, text)

    def comment(self, text: str) -> None:
        # Word writes the marker of a point for programs that know no lists of its kind.
        if text.startswith("[if !supportLists]"):
            self._in_marker = True
        elif text.startswith("[endif]"):
            self._in_marker = False

    def close(self) -> "HtmlEvents":
        self._flush()
        while self._grids:
            self._boxes[0].parts.append(self._grids.pop(0))
        return self

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> str:
        """Begin a list, a point, a table or a quotation; returns what its end will close."""
        box = self._boxes[-1]
        if tag in {"ul", "ol", "menu", "dir"}:
            self._lists += 1
            start = number_in(attributes.get("start", ""), 1)
            box.lists.append((("html", str(self._lists)), tag == "ol", start))
            return "list"
        if tag == "li":
            self._saved.append(box.item)
            key, is_numbered, start = box.lists[-1] if box.lists else (("html", ""), False, 1)
            value = attributes.get("value")
            box.item = Item(
                level=min(max(len(box.lists), 1), DEEPEST),
                key=key,
                is_numbered=is_numbered,
                start=start,
                number=number_in(value, 1) if value and is_numbered else None,
            )
            return "item"
        if tag == "table" and len(self._boxes) < _DEEPEST_BOX:
            self._grids.append(Grid(*_place(box)))
            return "grid"
        if tag == "tr" and self._grids:
            self._grids[-1].rows.append([])
        elif tag in {"td", "th"} and self._grids and self._grids[-1].rows and self._nests[-1:] == ["grid"]:
            cell = Box(
                "cell",
                is_head=tag == "th",
                columns=min(max(number_in(attributes.get("colspan", ""), 1), 1), _MOST_SPAN),
                rows=min(max(number_in(attributes.get("rowspan", ""), 1), 1), _MOST_SPAN),
            )
            self._grids[-1].rows[-1].append(cell)
            self._boxes.append(cell)
            return "box"
        elif tag == "blockquote" and len(self._boxes) < _DEEPEST_BOX:
            quote = Box("quote", *_place(box))
            box.parts.append(quote)
            self._boxes.append(quote)
            return "box"
        return ""

    def _text(self, look: Look, text: str) -> None:
        if not look.spaced:
            text = _SPACE.sub(" ", text)
            if (self._line is None or self._ends_in_space) and text.startswith(" "):
                text = text[1:]
        elif self._line is None and text.isspace():
            return
        if not text:
            return
        run = Text(text, look.bold, look.italic, look.link)
        line = self._here(look)
        if look.jump is not None and look.jump.line in {None, line}:
            if look.jump.line is None:
                look.jump.line = line
                line.runs.append(look.jump)
            look.jump.runs.append(run)
        else:
            line.runs.append(run)
        self._ends_in_space = not look.spaced and text.endswith(" ")

    def _break(self, look: Look) -> None:
        if self._line is not None:
            self._here(look).runs.append(Break())
            self._ends_in_space = True

    def _image(self, look: Look, attributes: Mapping[str, str]) -> None:
        if symbol := symbol_of(attributes):
            self._text(look, symbol)
        elif not is_spacer(attributes):
            self.images += 1

    def _here(self, look: Look) -> Line:
        """The line that is being written; a new one knows the list it stands in."""
        if self._line is None:
            box = self._boxes[-1]
            item = box.item
            if item is None and look.word is not None and not look.heading:
                key = ("word", look.word.name, look.word.lists)
                item = Item(look.word.level, key)
            elif item is None and look.goes_on and box.parts and isinstance(before := box.parts[-1], Line):
                item = before.item
            self._line = Line(
                heading=look.heading, item=item, is_first=item is not None and not item.has_begun
            )
            if item is not None:
                item.has_begun = True
            self._ends_in_space = True
        return self._line

    def _flush(self) -> None:
        """End the line. Two line ends in a row end a paragraph, as mail programs write them."""
        line, self._line = self._line, None
        marker = " ".join("".join(self._marker).split())
        self._marker.clear()
        self._in_marker = False
        if line is None:
            if not is_marker(marker):
                self._boxes[-1].parts.append(Line(runs=[Text(marker)]))
            return
        if marker and (line.item is None or not is_marker(marker)):
            line.runs.insert(0, Text(marker + " "))
        elif marker and line.is_first and line.item is not None:
            line.item.marker = marker
        if not any(
            isinstance(run, Jump) or (isinstance(run, Text) and run.text.strip()) for run in line.runs
        ):
            if line.item is not None and line.is_first:
                line.item.has_begun = False
            return
        if line.heading:
            self.headings.add(line.heading)
        parts = self._boxes[-1].parts
        for number, runs in enumerate(_paragraphs(line.runs)):
            if number == 0:
                line.runs = runs
                parts.append(line)
            else:
                more = Line(line.heading, line.item, False, runs)
                for run in runs:
                    if isinstance(run, Jump):
                        run.line = more
                parts.append(more)


def _place(box: Box) -> tuple[Item | None, bool]:
    """The point that a quotation or a table stands in, and whether it begins it."""
    item = box.item
    if item is None:
        return None, False
    is_first, item.has_begun = not item.has_begun, True
    return item, is_first


def _paragraphs(runs: list[RawRun]) -> list[list[RawRun]]:
    found: list[list[RawRun]] = [[]]
    breaks = 0
    for run in runs:
        if isinstance(run, Break):
            breaks += 1
        elif isinstance(run, Text) and not run.text.strip() and breaks:
            continue
        else:
            if breaks > 1 and found[-1]:
                found.append([])
            elif breaks:
                found[-1].append(Break())
            breaks = 0
            found[-1].append(run)
    return found
