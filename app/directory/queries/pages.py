"""A page of a long list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from app.kernel.text import clean_line

LINES_A_PAGE = 50
LONGEST_SEARCH = 200  # characters; SQLite refuses a pattern of more than 50,000 bytes

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some lines of ``total``; ``page`` is one of 1–``pages``, the nearest to the one asked for."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int


def searched(typed: str) -> str:
    """What is searched for, as one line no longer than any name; empty when nothing is."""
    return clean_line(clean_line(typed)[:LONGEST_SEARCH])


def place(total: int, wanted: int) -> tuple[int, int, int]:
    """The page to show, how many there are, and how many lines to skip."""
    pages = max(1, -(-total // LINES_A_PAGE))
    page = min(max(wanted, 1), pages)
    return page, pages, (page - 1) * LINES_A_PAGE
