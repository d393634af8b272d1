"""Block tree → Markdown, for the text field in which it is edited.

The promise is ``parse_markdown(to_markdown(tree)) == tree`` for every normalised tree, with as few backslashes as that
allows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.documents.richtext.blocks import (
    Block,
    Break,
    BulletList,
    Footnote,
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
from app.documents.richtext.markdown_rules import begins_with_month, is_date, is_plain_star

_SPECIAL = re.compile(r"[\\*_\[\]^!|<]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_LINE_START = re.compile(r"#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=[ \t]|$)")


def to_markdown(tree: Tree) -> str:
    """The tree as Markdown, without a line end at the end."""
    return "\n".join(_lines(tree))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    before: Block | None = None
    other = False
    for block in blocks:
        if before is not None:
            yield ""
        # Two lists of one kind that follow each other would grow together under one sign.
        other = type(before) is type(block) and not other
        match block:
            case Paragraph(runs):
                yield from _paragraph(runs)
            case Heading(level, runs):
                text = _inline(runs)
                yield "#" * level + " " + (text[:-1] + "\\#" if text.endswith("#") else text)
            case BulletList() | NumberedList():
                yield from _list(block, other)
            case Table(rows):
                yield from _table(rows)
            case Quote(paragraphs):
                for number, paragraph in enumerate(paragraphs):
                    if number:
                        yield ">"
                    yield from ("> " + line for line in _paragraph(paragraph.runs))
        before = block


def _paragraph(runs: Runs) -> Iterator[str]:
    return (_guard(line) for line in _inline(runs).split("\n"))


def _guard(line: str) -> str:
    """Escape what a line would mean at its start."""
    if _is_rule(line) or _LINE_START.match(line):
        return "\\" + line
    if (number := _NUMBERED.match(line)) and not is_date(int(number[1]), line[number.end() :]):
        return number[1] + "\\" + line[number.start(2) :]
    return line


def _is_rule(line: str) -> bool:
    """Whether the line would make a table of the line above it, or vanish as a row of empty bullets."""
    return "-" in line and not line.strip("-:| \t")


def _list(block: BulletList | NumberedList, other: bool) -> Iterator[str]:
    for offset, item in enumerate(block.items):
        lines = list(_item(item))
        if isinstance(block, NumberedList):
            number = block.start + offset
            # Two spaces tell a number in a list from a date or a year at the start of a sentence.
            alone = number > 99 and len(block.items) == 1
            space = "  " if alone or begins_with_month(" " + lines[0]) else " "
            sign = f"{number}{')' if other else '.'}{space}"
        else:
            sign = "* " if other else "- "
        yield sign + lines[0]
        yield from (" " * len(sign) + line if line else "" for line in lines[1:])


def _item(item: ListItem) -> Iterator[str]:
    """Sub-lists stand close to the item's text, so that a simple list reads as people write it."""
    before: Paragraph | BulletList | NumberedList | None = None
    other = False
    for block in item.blocks:
        close = isinstance(before, Paragraph) and (
            isinstance(block, BulletList) or (isinstance(block, NumberedList) and block.start == 1)
        )
        if before is not None and not close:
            yield ""
        other = type(before) is type(block) and not other
        if isinstance(block, Paragraph):
            yield from _paragraph(block.runs)
        else:
            yield from _list(block, other)
        before = block


def _table(rows: Sequence[Sequence[Runs]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield "| " + " | ".join(_inline(cell, in_cell=True) for cell in row) + " |"
        if number == 0:
            yield "|" + " --- |" * len(row)


def _inline(runs: Sequence[Run], *, in_cell: bool = False, in_note: bool = False) -> str:
    parts: list[str] = []
    bold = italic = False
    for position, run in enumerate(runs):
        if isinstance(run, Break):
            parts.append("<br>" if in_cell else "\n")
            continue
        if isinstance(run, Footnote):
            parts.append("^[" + _inline(run.runs, in_cell=in_cell, in_note=True) + "]")
            continue
        beside = runs[position + 1] if position + 1 < len(runs) else None
        following = _next_text(runs, position)
        if run.link and not (position and _same_link(run, runs[position - 1])):
            parts.append("[")
        parts.append(_stars(run.bold and not bold, run.italic and not italic))
        parts.append(_escape(run, beside, in_cell=in_cell, in_note=in_note))
        bold = run.bold and following is not None and following.bold
        italic = run.italic and following is not None and following.italic
        parts.append(_stars(run.bold and not bold, run.italic and not italic))
        if run.link and not _same_link(run, beside):
            parts.append(f"](<{run.link}>)" if "(" in run.link or ")" in run.link else f"]({run.link})")
    return "".join(parts)


def _stars(bold: bool, italic: bool) -> str:
    return "*" * (2 * bold + italic)


def _next_text(runs: Sequence[Run], position: int) -> Text | None:
    """The next text, to which bold and italic type may go on: not over the end of a link."""
    here = runs[position]
    for beside in runs[position + 1 :]:
        if isinstance(beside, Text):
            return beside if isinstance(here, Text) and beside.link == here.link else None
        if isinstance(here, Text) and here.link:
            return None
    return None


def _same_link(run: Text, beside: Run | None) -> bool:
    return isinstance(beside, Text) and beside.link == run.link


def _escape(run: Text, beside: Run | None, *, in_cell: bool, in_note: bool) -> str:
    text = run.text
    bracketed = in_note or run.link is not None

    def escaped(found: re.Match[str]) -> str:
        sign, before, after = found.group(), text[: found.start()][-1:], text[found.end() : found.end() + 1]
        at_end = not after and beside is not None
        match sign:
            case "\\":
                needed = not after or after in _PUNCTUATION
            case "*" | "_":
                needed = not _stands_plain(before, after)
            case "[":
                needed = bracketed
            case "]":
                needed = bracketed or after == "(" or at_end
            case "^":
                needed = after == "[" or at_end
            case "!":
                needed = after == "[" or (at_end and isinstance(beside, Text) and beside.link is not None)
            case "|":
                needed = in_cell
            case _:
                needed = in_cell and text[found.start() : found.start() + 3].lower() == "<br"
        return "\\" + sign if needed else sign

    return _SPECIAL.sub(escaped, text)


def _stands_plain(before: str, after: str) -> bool:
    """Whether a single star between these two signs is read as a star."""
    if not before or not after:
        return False
    return is_plain_star("*", before, after) or (before.isspace() and after.isspace())
