"""Cells that span others → rows of equal length; and cells and rows as lines of text."""

from collections.abc import Sequence

from app.documents.richtext.blocks import (
    Block,
    Break,
    BulletList,
    Heading,
    NumberedList,
    Paragraph,
    Quote,
    Run,
    Runs,
    Table,
    Text,
)
from app.documents.richtext.html_parts import Box


def as_lines(blocks: Sequence[Block]) -> list[Runs]:
    """Blocks where only paragraphs have a place: points of lists keep their signs, rows of tables become lines."""
    lines: list[Runs] = []
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(_, runs):
                lines.append(runs)
            case Quote(paragraphs):
                lines.extend(each.runs for each in paragraphs)
            case Table(rows):
                lines.extend(row_as_line([[cell] for cell in row]) for row in rows)
            case BulletList(items) | NumberedList(items):
                for place, item in enumerate(items):
                    sign = f"{block.start + place}. " if isinstance(block, NumberedList) else "– "
                    inner = as_lines(item.blocks)
                    lines.extend(
                        (Text(sign), *runs) if not number else runs for number, runs in enumerate(inner)
                    )
    return lines


def row_as_line(cells: Sequence[Sequence[Runs]]) -> Runs:
    """The cells of a row beside each other, where a table has no place."""
    joined: list[Run] = []
    for number, cell in enumerate(cells):
        if number:
            joined.append(Text(" | "))
        joined.extend(_cell(cell))
    return tuple(joined)


def rectangle(rows: Sequence[Sequence[tuple[Box, list[Runs]]]]) -> tuple[tuple[Runs, ...], ...]:
    """The rows of a table, with an empty cell wherever one reaches over from the left or from above."""
    made: list[tuple[Runs, ...]] = []
    above: dict[int, int] = {}  # column → rows that are still covered
    for row in rows:
        cells, above = _laid_out(row, above)
        made.append(tuple(cells))
    return tuple(made)


def _laid_out(
    row: Sequence[tuple[Box, list[Runs]]], above: dict[int, int]
) -> tuple[list[Runs], dict[int, int]]:
    cells: list[Runs] = []
    below: dict[int, int] = {}

    def fill() -> None:
        while above.get(len(cells), 0):
            below[len(cells)] = above[len(cells)] - 1
            cells.append(())

    for cell, lines in row:
        fill()
        for place in range(cell.columns):
            below[len(cells)] = cell.rows - 1
            cells.append(_cell(lines) if place == 0 else ())
    fill()
    return cells, below


def _cell(lines: Sequence[Runs]) -> Runs:
    joined: list[Run] = []
    for number, runs in enumerate(lines):
        if number:
            joined.append(Break())
        joined.extend(runs)
    return tuple(joined)
