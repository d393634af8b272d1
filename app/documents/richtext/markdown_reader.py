"""Markdown → block tree.

markdown-it-py finds the blocks (paragraphs, headings, lists, tables, quotes); ``markdown_inline`` reads the runs. Raw
HTML, images, entities, code and rules are not part of the form and stay text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.documents.richtext.blocks import (
    Block,
    BulletList,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    Runs,
    Table,
    Text,
    Tree,
)
from app.documents.richtext.markdown_inline import read_runs
from app.documents.richtext.markdown_rules import MARKER, RULE_LINE, is_date, is_lone_number
from app.documents.richtext.normalise import HIGHEST_NUMBER, normalise
from app.kernel.text import clean_text

_NUMBER = re.compile(r"^[ \t>]*(?:[-+*][ \t]+)*(\d{1,9})[.)](?=[ \t]|$)", re.MULTILINE)
_MOST_MARKERS = 8
_DEEPEST_INDENT = 48
# The two limits above keep every text below this depth; beyond it markdown-it drops text without a word.
_BLOCKS = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
_BLOCKS.disable(["code", "fence", "hr", "html_block", "lheading", "reference"])
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])


def parse_markdown(text: str) -> Tree:
    """Read what a person wrote in a text field. Never raises, and loses no words: what is no markup is text.

    ``13. juni`` and ``2019.`` at the start of a line are a date and a year, not the beginning of a list, unless two
    spaces follow the dot. Every line end inside a paragraph is a line break. ``^[…]`` is a footnote.
    """
    cleaned = clean_text(text)
    numbers = frozenset(int(number) for number in _NUMBER.findall(cleaned))
    tamed = "\n".join(_tame(line, numbers) for line in cleaned.split("\n"))
    return normalise(_read(_BLOCKS.parse(tamed)))


def _tame(line: str, numbers: frozenset[int]) -> str:
    """Put a backslash before what looks like a marker and is none."""
    if len(line) - len(line.lstrip(" \t")) > _DEEPEST_INDENT:
        line = line[:_DEEPEST_INDENT].replace("\t", " ") + line.lstrip(" \t")
    position = 0
    for count in range(_MOST_MARKERS + 1):
        if RULE_LINE.fullmatch(line, position):
            return _escape_at(line, position)
        marker = MARKER.match(line, position)
        if marker is None:
            return line
        if marker[3] and not _is_list_number(int(marker[3]), line[marker.end() :], numbers):
            return line[: marker.start(4)] + "\\" + line[marker.start(4) :]
        if count == _MOST_MARKERS or marker.end() > 2 * _DEEPEST_INDENT:
            return _escape_at(line, position)
        position = marker.end()
    return line


def _is_list_number(number: int, after: str, numbers: frozenset[int]) -> bool:
    if number > HIGHEST_NUMBER:
        return number - 1 in numbers
    if is_lone_number(number, numbers):
        return after.startswith("  ")
    return not is_date(number, after)


def _escape_at(line: str, position: int) -> str:
    """Escape the first sign at or after ``position``, which is a marker; a number's sign is its dot."""
    start = position + len(line[position:]) - len(line[position:].lstrip(" \t"))
    while line[start].isdigit():
        start += 1
    return line[:start] + "\\" + line[start:]


def _read(tokens: Sequence[Token]) -> Iterator[Block]:
    """Yield the blocks of a sequence of tokens of which every opening one is closed."""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _end(tokens, position)
        inside = tokens[position + 1 : end]
        match token.type:
            case "heading_open":
                yield Heading(2 if token.tag in {"h1", "h2"} else 3, _content(inside))
            case "bullet_list_open":
                yield BulletList(tuple(_items(inside)))
            case "ordered_list_open":
                start = token.attrGet("start")
                yield NumberedList(tuple(_items(inside)), 1 if start is None else int(start))
            case "table_open":
                yield Table(tuple(_rows(inside)))
            case "blockquote_open":
                yield from _quote(inside)
            case _:
                yield Paragraph(_content(inside))
        position = end + 1


def _end(tokens: Sequence[Token], position: int) -> int:
    level = tokens[position].level
    while not (tokens[position].nesting == -1 and tokens[position].level == level):
        position += 1
    return position


def _content(tokens: Sequence[Token]) -> Runs:
    return read_runs(tokens[0].content) if tokens else ()


def _items(tokens: Sequence[Token]) -> Iterator[ListItem]:
    position = 0
    while position < len(tokens):
        end = _end(tokens, position)
        blocks: list[Paragraph | BulletList | NumberedList] = []
        for block in _read(tokens[position + 1 : end]):
            match block:
                case Paragraph() | BulletList() | NumberedList():
                    blocks.append(block)
                case Heading(_, runs):
                    blocks.append(Paragraph(runs))
                case Quote(paragraphs):
                    blocks.extend(paragraphs)
                case Table(rows):
                    blocks.extend(Paragraph(_joined(row)) for row in rows)
        yield ListItem(tuple(blocks))
        position = end + 1


def _joined(row: tuple[Runs, ...]) -> Runs:
    """A table row inside a list, where tables have no place."""
    joined: Runs = ()
    for cell in row:
        joined += (Text(" | "), *cell) if joined else cell
    return joined


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[Runs, ...]]:
    row: list[Runs] = []
    for token in tokens:
        if token.type == "inline":
            row.append(read_runs(token.content, in_cell=True))
        elif token.type == "tr_close":
            yield tuple(row)
            row = []


def _quote(tokens: Sequence[Token]) -> Iterator[Block]:
    """A quote holds paragraphs. A list or a table that was quoted stands after or between the quotes."""
    for is_paragraph, blocks in groupby(_read(tokens), lambda block: isinstance(block, Paragraph)):
        if is_paragraph:
            yield Quote(tuple(block for block in blocks if isinstance(block, Paragraph)))
        else:
            yield from blocks
