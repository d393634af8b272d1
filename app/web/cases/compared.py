"""One field of a form that two people saved: whose it is now, and what it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.kernel.differences import Merge, Piece, Place, Side, merge, merge_without_base, word_differences
from app.kernel.words import N_
from app.web.shared.forms import Bound
from app.web.shared.templating import say
from app.web.shared.visit import Visit
from app.web.shared.words import CASE_KINDS, LANGUAGES, Words, word

Labels = Mapping[str, str]

HEAD: Labels = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "wanted_result": N_("Wanted result"),
    "presenters": N_("Presented by"),
    "preparer": N_("Prepared by"),
    "language": N_("Language of the paper"),
    "place": N_("Place"),
    "dated": N_("Date"),
}
PART: Labels = {
    "heading": N_("Heading"),
    "party": N_("To or from whom"),
    "lead_in": N_("Before the points"),
    "body": N_("Text"),
    "closing": N_("After the points"),
}
_PROSE = frozenset({"lead_in", "body", "closing"})
_LISTS = frozenset({"presenters"})
_CHOSEN: Mapping[str, Words] = {"kind": CASE_KINDS, "language": LANGUAGES}
_TAKEN = ("theirs", "mine")


@dataclass(frozen=True, slots=True)
class DisputedPlace:
    """A place that both changed: both texts, and which of them is chosen; ``both`` until somebody chooses."""

    name: str
    stored: str
    mine: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A field as it is stored, as it was typed, and as it is proposed. ``side`` says who changed it.

    ``typed`` and ``proposed`` are lists, because a name may stand for several fields. ``shown`` are the words for values
    that are chosen from a list, as (stored, typed).
    """

    name: str
    label: str
    side: Side
    stored: str
    typed: tuple[str, ...]
    proposed: tuple[str, ...]
    is_prose: bool
    pieces: tuple[Piece, ...] = ()
    places: tuple[DisputedPlace, ...] = ()
    shown: tuple[str, str] | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether the writer has to look at it."""
        return self.side is Side.BOTH


def compare(
    visit: Visit,
    labels: Labels,
    *,
    base: Mapping[str, list[str]] | None,
    mine: Bound[Any],
    stored: Bound[Any] | None,
    choices: Mapping[str, str],
) -> list[Compared]:
    """Every field of the form, in order."""
    fields = []
    for name, label in labels.items():
        typed = _clean(mine.raw_list(name))
        stands = _clean(stored.raw_list(name)) if stored else ()
        began = None if base is None else _clean(base.get(name, ()))
        fields.append(_field(visit, name, say(visit)(label), began, typed, stands, choices))
    return fields


def with_edits(field: Compared, was: Sequence[Any], edited: Sequence[str]) -> Compared:
    """The field with what the writer has changed in the merged text, brought over into the one that is proposed now."""
    before, after, now = ("\n".join(_clean(values)) for values in (was, edited, field.proposed))
    if not field.is_disputed or field.name in _CHOSEN or before == after:
        return field
    text = merge(before, after, now).text if field.is_prose else after
    lines = tuple(line for line in text.split("\n") if line) if field.name in _LISTS else (text,)
    return replace(field, proposed=lines)


def is_untouched(fields: list[Compared]) -> bool:
    """Whether nobody but the writer changed any of the fields."""
    return all(field.side in {Side.NEITHER, Side.MINE, Side.ALIKE} for field in fields)


def _field(
    visit: Visit,
    name: str,
    label: str,
    began: tuple[str, ...] | None,
    typed: tuple[str, ...],
    stands: tuple[str, ...],
    choices: Mapping[str, str],
) -> Compared:
    side = _side(began, typed, stands)
    stored, wrote = "\n".join(stands), "\n".join(typed)
    proposed = typed
    pieces: tuple[Piece, ...] = ()
    places: tuple[DisputedPlace, ...] = ()
    if side is Side.THEIRS:
        proposed = stands
    elif side is Side.BOTH and name in _PROSE | _LISTS:
        merged = (
            merge_without_base(wrote, stored) if began is None else merge("\n".join(began), wrote, stored)
        )
        text, places = _chosen(name, merged, choices)
        proposed = tuple(line for line in text.split("\n") if line) if name in _LISTS else (text,)
    if side is Side.BOTH and name not in _CHOSEN:
        pieces = word_differences(stored, wrote)
    shown = None
    if name in _CHOSEN:
        shown = (word(_CHOSEN[name], stored, visit.language), word(_CHOSEN[name], wrote, visit.language))
    return Compared(name, label, side, stored, typed, proposed, name in _PROSE, pieces, places, shown)


def _side(began: tuple[str, ...] | None, typed: tuple[str, ...], stands: tuple[str, ...]) -> Side:
    if typed == stands:
        return Side.NEITHER if began in {None, typed} else Side.ALIKE
    if began is None:
        return Side.BOTH
    if began == stands:
        return Side.MINE
    return Side.THEIRS if began == typed else Side.BOTH


def _chosen(name: str, merged: Merge, choices: Mapping[str, str]) -> tuple[str, tuple[DisputedPlace, ...]]:
    """The merged text with one side only where one was chosen, and the places that there are to choose in."""
    text: list[Place] = []
    places: list[DisputedPlace] = []
    for place in merged.places:
        if place.side is not Side.BOTH:
            text.append(place)
            continue
        key = f"{name}-{len(places)}"
        choice = choices.get(key, "")
        places.append(
            DisputedPlace(key, place.their_text, place.my_text, choice if choice in _TAKEN else "both")
        )
        text.append(_one_side(place, choice))
    return Merge(tuple(text)).text, tuple(places)


def _one_side(place: Place, choice: str) -> Place:
    if choice == "theirs":
        return Place(Side.THEIRS, place.base, place.mine, place.theirs)
    if choice == "mine":
        return Place(Side.MINE, place.base, place.mine, place.theirs)
    return place


def _clean(values: Any) -> tuple[str, ...]:
    """Values as they are stored: one kind of line break, and nothing where nothing was typed."""
    cleaned = (str(value).replace("\r\n", "\n").replace("\r", "\n").strip("\n") for value in values)
    return tuple(value for value in cleaned if value)
