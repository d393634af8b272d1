"""What is collected while HTML is read, before it is known which paragraphs are lists, notes or tables."""

from dataclasses import dataclass, field
from typing import TypeAlias

from app.documents.richtext.blocks import Break, Text


@dataclass(slots=True)
class Jump:
    """A link inside the page, which may lead to a note, or back from one."""

    target: str
    names: tuple[str, ...]  # by which other links find this place
    runs: list[Text] = field(default_factory=list)
    line: "Line | None" = None
    note: "Line | None" = None


RawRun: TypeAlias = Text | Break | Jump


@dataclass(slots=True, eq=False)
class Item:
    """A point of a list. ``key`` tells lists from each other; ``marker`` is what Word writes before the text."""

    level: int
    key: tuple[str, ...]
    is_numbered: bool | None = None  # None: the marker says it
    start: int = 1
    number: int | None = None
    marker: str = ""
    has_begun: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """A paragraph or a heading, perhaps in a list. The first line of an item begins it, the others go on."""

    heading: int = 0
    item: Item | None = None
    is_first: bool = False
    runs: list[RawRun] = field(default_factory=list)
    is_note: bool = False


@dataclass(slots=True, eq=False)
class Box:
    """What holds parts: the whole, a cell or a quotation; with the lists that are open in it."""

    kind: str = "root"
    inside: Item | None = None  # the point that it stands in
    begins: bool = False  # that point
    parts: "list[Line | Grid | Box]" = field(default_factory=list)
    item: Item | None = None  # the point that is being read in it
    lists: list[tuple[tuple[str, ...], bool, int]] = field(default_factory=list)
    is_head: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(slots=True, eq=False)
class Grid:
    """A table as it is written: cells may span others, and rows may differ in length."""

    inside: Item | None = None  # the point that it stands in
    begins: bool = False  # that point
    rows: list[list[Box]] = field(default_factory=list)
