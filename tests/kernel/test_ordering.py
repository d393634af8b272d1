"""Lists that people put in order."""

from dataclasses import dataclass

import pytest

from app.kernel.ordering import Direction, move


@dataclass
class Line:
    name: str
    position: int


@pytest.mark.parametrize(
    ("name", "direction", "moved", "names"),
    [
        ("b", "up", (2, 1), "bac"),
        ("b", "down", (2, 3), "acb"),
        ("a", "up", None, "abc"),
        ("c", "down", None, "abc"),
    ],
)
def test_a_line_changes_places_with_its_neighbour(
    name: str, direction: Direction, moved: tuple[int, int] | None, names: str
) -> None:
    stored = [Line("a", 1), Line("b", 2), Line("c", 4)]  # the one before c was taken out
    assert move(list(stored), next(line for line in stored if line.name == name), direction) == moved
    assert "".join(line.name for line in sorted(stored, key=lambda line: line.position)) == names
