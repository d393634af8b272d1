"""Two people saved the same thing: both texts, what differs word by word, and what comes out when they are merged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response
from starlette.datastructures import FormData

from app.cases.queries.earlier import began_from
from app.cases.queries.editing import EditView
from app.cases.service.readings import Reading
from app.web.cases.compared import HEAD, PART, Compared, Labels, compare, is_untouched, with_edits
from app.web.cases.editor import head_form, part_form
from app.web.cases.forms import HeadForm, PartForm
from app.web.cases.pages import note_reading
from app.web.shared.forms import AnyForm, Bound, bind
from app.web.shared.templating import page, templates_of
from app.web.shared.visit import Visit
from app.web.writing.shown import FormDraft, find_form_draft
from app.writing.rules import DraftKey, head_key, part_key


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that may come from the page of a conflict: what is to be saved, and how it came about.

    ``began`` is the version that the writer began from, ``mine`` what they wrote, ``was`` the merged text as it was proposed,
    ``choices`` what they chose where both had changed a place. ``again`` is true when they want to see the merged text anew
    instead of saving it.
    """

    plain: FormData
    mine: FormData
    was: FormData
    began: str
    choices: Mapping[str, str]
    again: bool

    @classmethod
    def read(cls, form: FormData) -> "Sent":
        """Take the form apart by its names; those of the fields themselves hold no hyphen."""
        taken: dict[str, list[tuple[str, Any]]] = {"mine": [], "was": [], "shown": [], "": []}
        choices = {}
        for name, value in form.multi_items():
            group, _, field = name.partition("-")
            if field and group in taken:
                taken[group].append((field, value))
            elif name.startswith("place-"):
                choices[name.removeprefix("place-")] = value if isinstance(value, str) else ""
            elif name not in {"began", "again"}:
                taken[""].append((name, value))
        began = form.get("began")
        return cls(
            FormData(taken[""]),
            FormData(taken["mine"]),
            FormData(taken["was"]),
            began if isinstance(began, str) else "",
            choices,
            "again" in form,
        )


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What is stored, what was typed and what both began from, field by field."""

    view: EditView
    fields: list[Compared]
    action: str
    version: int
    anchor: str
    form: FormDraft
    began: str
    name: str

    @property
    def is_untouched(self) -> bool:
        """Whether nobody changed anything that the writer began from: the save may go through."""
        return bool(self.action) and is_untouched(self.fields)

    def answer(self, visit: Visit, *, status: int = 409) -> Response:
        """The page."""
        note_reading(visit, self.view.page, Reading.EDITOR)
        context = {
            "case": self.view.page,
            "treatment": self.view.page.treatment,
            "fields": self.fields,
            "action": self.action,
            "version": self.version,
            "anchor": self.anchor,
            "draft": self.form,
            "began": self.began,
            "name": self.name,
        }
        return page(visit, "cases/conflict.html", context, status=status)


def head_conflict(
    visit: Visit, view: EditView, typed: Bound[HeadForm], *, sent: Sent | None = None
) -> Disagreement:
    """The facts as stored and as typed."""
    treatment = view.page.treatment
    action = templates_of(visit).addresses("cases:save_head", treatment_id=treatment.id)
    return _disagreement(
        visit,
        view,
        HEAD,
        HeadForm,
        typed,
        stored=head_form(view.page),
        subject_id=treatment.id,
        version=treatment.version,
        action=action,
        anchor="head",
        key=head_key(treatment.id),
        sent=sent,
    )


def part_conflict(
    visit: Visit, view: EditView, part_id: UUID, typed: Bound[PartForm], *, sent: Sent | None = None
) -> Disagreement:
    """A part as stored and as typed; when somebody has removed it, only as typed."""
    stored = view.part(part_id)
    action = ""
    if stored:
        values: dict[str, UUID] = {"treatment_id": view.page.treatment.id, "part_id": part_id}
        action = templates_of(visit).addresses("cases:save_part", **values)
    return _disagreement(
        visit,
        view,
        PART,
        PartForm,
        typed,
        stored=part_form(stored) if stored else None,
        subject_id=part_id,
        version=stored.version if stored else 0,
        action=action,
        anchor=f"part-{part_id}",
        key=part_key(view.page.treatment.id, part_id),
        sent=sent,
    )


def _disagreement(
    visit: Visit,
    view: EditView,
    labels: Labels,
    model: type[AnyForm],
    typed: Bound[AnyForm],
    *,
    stored: Bound[Any] | None,
    subject_id: UUID,
    version: int,
    action: str,
    anchor: str,
    key: DraftKey,
    sent: Sent | None,
) -> Disagreement:
    again = sent is not None and sent.again
    began = sent.began if sent is not None and again else typed.raw("version")
    mine = bind(model, sent.mine) if sent is not None and again else typed
    base = _base(visit, subject_id, began, version, stored)
    choices = sent.choices if sent is not None and again else {}
    fields = compare(visit, labels, base=base, mine=mine, stored=stored, choices=choices)
    if sent is not None and again:
        fields = [
            with_edits(field, sent.was.getlist(field.name), typed.raw_list(field.name)) for field in fields
        ]
    # The facts have no heading of their own; a part goes by the one it has, or had.
    name = (stored or typed).raw("heading")
    return Disagreement(view, fields, action, version, anchor, find_form_draft(visit, key), began, name)


def _base(
    visit: Visit, subject_id: UUID, began: str, version: int, stored: Bound[Any] | None
) -> Mapping[str, list[str]] | None:
    """What the writer began from, by field; None when nobody remembers."""
    if stored is None or not (began.isascii() and began.isdigit()) or len(began) > 9:
        return None
    stands = {name: list(stored.raw_list(name)) for name in stored.data}
    if int(began) > version:  # there has never been such a version
        return None
    if int(began) == version:
        return stands
    found = began_from(visit.db, subject_id, int(began))
    if found is None:
        return None
    return stands if found.fields is None else found.fields
