"""The numbers and bullets that Word prints before paragraphs, computed from the lists of a file."""

from dataclasses import dataclass
from typing import Any

from app.documents.docx.xml import w


@dataclass(frozen=True, slots=True)
class _Level:
    is_numbered: bool
    start: int
    style: str


class Lists:
    """Counts through a file as Word does. ``numbering`` is the root of its part, or None."""

    def __init__(self, numbering: Any | None) -> None:
        self._formats: dict[str, dict[int, _Level]] = {}
        self._instances: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read(numbering)

    def marker(self, number_id: str, level: int | None, style_id: str) -> tuple[int, int | None] | None:
        """The level of the next paragraph of a list and its number, None for a bullet; nothing when it is in no list."""
        instance = self._instances.get(number_id)
        if instance is None:
            return None
        abstract, starts = instance
        levels = self._formats.get(abstract, {})
        if level is None:
            level = next((key for key, each in levels.items() if each.style == style_id and style_id), 0)
        found = levels.get(level, _Level(False, 1, ""))
        counts = self._counts.setdefault(number_id if starts else f"format {abstract}", {})
        counts[level] = counts.get(level, starts.get(level, found.start) - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        return level, counts[level] if found.is_numbered else None

    def _read(self, numbering: Any) -> None:
        for abstract in numbering.iterfind(w("abstractNum")):
            self._formats[str(abstract.get(w("abstractNumId")))] = {
                _number(lvl.get(w("ilvl"))): _Level(
                    _value(lvl, "numFmt") not in {"bullet", "none"},
                    _number(_value(lvl, "start"), 1),
                    _value(lvl, "pStyle"),
                )
                for lvl in abstract.iterfind(w("lvl"))
            }
        for instance in numbering.iterfind(w("num")):
            starts = {
                _number(each.get(w("ilvl"))): _number(_value(each, "startOverride"), 1)
                for each in instance.iterfind(w("lvlOverride"))
                if each.find(w("startOverride")) is not None
            }
            number_id = str(instance.get(w("numId")))
            self._instances[number_id] = (_value(instance, "abstractNumId"), starts)


def _value(element: Any, name: str) -> str:
    child = element.find(w(name))
    return str(child.get(w("val")) or "") if child is not None else ""


def _number(value: str | None, default: int = 0) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else default
