"""The block tree: the only form in which rich text is stored.

Nothing that does not fit these classes can be stored, so nothing unknown reaches a page or a Word file.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text with one look. ``link`` is an http, https or mailto address."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note whose mark stands here. Notes are numbered through the whole paper."""

    runs: tuple[Text, ...]


Run: TypeAlias = Text | Break | Footnote
Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section. Level 1 is the section's own heading and is not part of the tree."""

    level: Literal[2, 3]
    runs: Runs


@dataclass(frozen=True, slots=True)
class ListItem:
    """What stands behind one bullet or number: a paragraph first, then lists below it."""

    blocks: "tuple[Paragraph | BulletList | NumberedList, ...]"


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    items: tuple[ListItem, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of runs. The first row is the header. Every row has the same number of cells."""

    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    paragraphs: tuple[Paragraph, ...]


Block: TypeAlias = Paragraph | Heading | BulletList | NumberedList | Table | Quote
Tree: TypeAlias = tuple[Block, ...]
EMPTY: Tree = ()
