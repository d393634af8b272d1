"""Lists that people put in order, one line at a time."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeVar

Direction = Literal["up", "down"]


class Placed(Protocol):
    """Anything that has a place in a list, counted from 1."""

    position: Any


AnyPlaced = TypeVar("AnyPlaced", bound=Placed)


def number(lines: Sequence[Placed]) -> None:
    """Give every line the place at which it stands."""
    for position, line in enumerate(lines, start=1):
        line.position = position


def move(lines: list[AnyPlaced], line: AnyPlaced, direction: Direction) -> tuple[int, int] | None:
    """Let a line change places with its neighbour. Says from where to where; None for the first up and the last down."""
    place = lines.index(line)
    other = place - 1 if direction == "up" else place + 1
    if not 0 <= other < len(lines):
        return None
    lines[place], lines[other] = lines[other], lines[place]
    number(lines)
    return place + 1, other + 1
