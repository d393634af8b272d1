"""Block tree → lines of plain text, for searching, comparing and mail."""

from collections.abc import Iterator

from app.documents.richtext.blocks import (
    Block,
    Break,
    BulletList,
    Footnote,
    Heading,
    NumberedList,
    Paragraph,
    Quote,
    Runs,
    Table,
    Tree,
)


def plain_lines(tree: Tree) -> list[str]:
    """One string a line: list items with ``-`` or their number, sub-lists indented, notes in square brackets."""
    return [line for block in tree for line in _block(block)]


def plain_text(tree: Tree) -> str:
    """The lines joined with line ends."""
    return "\n".join(plain_lines(tree))


def plain_runs(runs: Runs) -> str:
    """The words of one paragraph."""
    parts = []
    for run in runs:
        match run:
            case Break():
                parts.append("\n")
            case Footnote(note):
                parts.append(f" [{plain_runs(note)}]")
            case _:
                parts.append(run.text)
    return "".join(parts)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(runs) | Heading(_, runs):
            yield from plain_runs(runs).split("\n")
        case BulletList() | NumberedList():
            yield from _list(block)
        case Table(rows):
            for row in rows:
                yield " | ".join(plain_runs(cell).replace("\n", " ") for cell in row)
        case Quote(paragraphs):
            for paragraph in paragraphs:
                yield from _block(paragraph)


def _list(block: BulletList | NumberedList) -> Iterator[str]:
    for offset, item in enumerate(block.items):
        sign = f"{block.start + offset}. " if isinstance(block, NumberedList) else "- "
        lines = [line for inner in item.blocks for line in _block(inner)]
        for number, line in enumerate(lines):
            yield (" " * len(sign) if number else sign) + line
