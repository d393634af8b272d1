"""Points that follow each other → lists in lists."""

from dataclasses import dataclass, field

from app.documents.richtext.blocks import BulletList, ListItem, NumberedList, Paragraph, Runs
from app.documents.richtext.html_parts import Item
from app.documents.richtext.html_word import numbers_of


@dataclass(slots=True)
class _Open:
    """A list that more points may follow in."""

    key: tuple[object, ...]
    start: int | None  # None for bullets
    items: list[list["Paragraph | _Open"]] = field(default_factory=list)

    def closed(self) -> BulletList | NumberedList:
        items = tuple(
            ListItem(tuple(block.closed() if isinstance(block, _Open) else block for block in item))
            for item in self.items
        )
        return BulletList(items) if self.start is None else NumberedList(items, self.start)


class OpenLists:
    """The lists that are open at the place that is being read, the outermost first."""

    def __init__(self, rules: dict[tuple[str, int], int | None]) -> None:
        self._rules = rules
        self._open: list[_Open] = []

    def add(self, item: Item, runs: Runs, *, is_first: bool) -> list[BulletList | NumberedList]:
        """Add a line of a point; returns the lists that are over because another begins."""
        over: list[BulletList | NumberedList] = []
        del self._open[item.level :]
        here = self._open[-1] if len(self._open) == item.level else None
        if not is_first and here is not None and here.items:
            here.items[-1].append(Paragraph(runs))
            return over
        first = self._first_number(item, here)
        key = (*item.key, item.level, first is None)
        goes_on = here is not None and here.key == key
        if goes_on and here is not None and here.start is not None and item.number is not None:
            goes_on = item.number == here.start + len(here.items)
        if goes_on and here is not None and here.start is not None and numbers_of(item.marker):
            goes_on = here.start + len(here.items) in numbers_of(item.marker)
        if here is not None and not goes_on:
            self._open.pop()
            if not self._open:
                over.append(here.closed())
        while len(self._open) < item.level:
            is_last = len(self._open) == item.level - 1
            self._begin(_Open(key, first) if is_last else _Open((), None))
        self._open[-1].items.append([Paragraph(runs)])
        return over

    def close(self) -> list[BulletList | NumberedList]:
        """End all lists; returns the outermost, which holds the others."""
        over = [self._open[0].closed()] if self._open else []
        self._open.clear()
        return over

    def _begin(self, new: _Open) -> None:
        if self._open:
            around = self._open[-1]
            if not around.items:
                around.items.append([])
            around.items[-1].append(new)
        self._open.append(new)

    def _first_number(self, item: Item, here: _Open | None) -> int | None:
        """The number that a list beginning with this point has; None for bullets. Word's marker says which it is."""
        if item.is_numbered is not None:
            return (item.number if item.number is not None else item.start) if item.is_numbered else None
        if not item.marker:
            return self._rules.get((item.key[1], item.level))
        numbers = numbers_of(item.marker)
        return numbers[0] if numbers else None
