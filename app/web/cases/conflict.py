"""Two people saved the same thing: both texts side by side, and nothing typed is lost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response

from app.cases.queries.editing import EditView
from app.cases.service.readings import Reading
from app.kernel.words import N_
from app.web.cases.editor import head_form, part_form
from app.web.cases.forms import HeadForm, PartForm
from app.web.cases.pages import note_reading
from app.web.shared.forms import Bound
from app.web.shared.templating import page, say, templates_of
from app.web.shared.visit import Visit
from app.web.shared.words import CASE_KINDS, LANGUAGES, Words, word

_HEAD = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "wanted_result": N_("Wanted result"),
    "presenters": N_("Presented by"),
    "preparer": N_("Prepared by"),
    "language": N_("Language of the paper"),
    "place": N_("Place"),
    "dated": N_("Date"),
}
_PART = {
    "heading": N_("Heading"),
    "party": N_("To or from whom"),
    "lead_in": N_("Before the points"),
    "body": N_("Text"),
    "closing": N_("After the points"),
}
_PROSE = {"lead_in", "body", "closing"}
_CHOSEN: dict[str, Words] = {"kind": CASE_KINDS, "language": LANGUAGES}


@dataclass(frozen=True, slots=True)
class Compared:
    """A field as it is stored and as it was typed. What cannot be edited here is shown in words and sent as typed."""

    name: str
    label: str
    stored: str
    typed: tuple[str, ...]
    is_prose: bool
    shown: str = ""

    @property
    def is_same(self) -> bool:
        """Whether nobody needs to choose."""
        return self.stored == "\n".join(self.typed)


def head_conflict(visit: Visit, view: EditView, bound: Bound[HeadForm]) -> Response:
    """The head as stored and as typed."""
    action = templates_of(visit).addresses("cases:save_head", treatment_id=view.page.treatment.id)
    stored = head_form(view.page)
    fields = [_compared(visit, name, label, stored, bound) for name, label in _HEAD.items()]
    version = view.page.treatment.version
    return _page(visit, view, fields, action=action, version=version, anchor="head")


def part_conflict(visit: Visit, view: EditView, part_id: UUID, bound: Bound[PartForm]) -> Response:
    """A part as stored and as typed; when somebody has removed it, only as typed."""
    stored = view.part(part_id)
    there = part_form(stored) if stored else None
    fields = [_compared(visit, name, label, there, bound) for name, label in _PART.items()]
    action = ""
    if stored:
        values: dict[str, UUID] = {"treatment_id": view.page.treatment.id, "part_id": part_id}
        action = templates_of(visit).addresses("cases:save_part", **values)
    version = stored.version if stored else 0
    return _page(visit, view, fields, action=action, version=version, anchor=f"part-{part_id}")


def _compared(visit: Visit, name: str, label: str, stored: Bound[Any] | None, typed: Bound[Any]) -> Compared:
    was = "\n".join(stored.raw_list(name)) if stored else ""
    now = tuple(line.replace("\r\n", "\n") for line in typed.raw_list(name) if name != "presenters" or line)
    words = _CHOSEN.get(name)
    if words is None:
        return Compared(name, say(visit)(label), was, now, name in _PROSE)
    shown = word(words, now[0] if now else "", visit.language)
    return Compared(name, say(visit)(label), was, now, False, shown)


def _page(
    visit: Visit, view: EditView, fields: list[Compared], *, action: str, version: int, anchor: str
) -> Response:
    note_reading(visit, view.page, Reading.EDITOR)
    context = {
        "case": view.page,
        "treatment": view.page.treatment,
        "fields": fields,
        "action": action,
        "version": version,
        "anchor": anchor,
        "stored_words": {
            field.name: word(_CHOSEN[field.name], field.stored, visit.language)
            for field in fields
            if field.name in _CHOSEN
        },
    }
    return page(visit, "cases/conflict.html", context, status=409)
