"""A page of a long list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

LINES_A_PAGE = 50

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some lines of ``total``; ``page`` is one of 1–``pages``, the nearest to the one asked for."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int


def place(total: int, wanted: int) -> tuple[int, int, int]:
    """The page to show, how many there are, and how many lines to skip."""
    pages = max(1, -(-total // LINES_A_PAGE))
    page = min(max(wanted, 1), pages)
    return page, pages, (page - 1) * LINES_A_PAGE
