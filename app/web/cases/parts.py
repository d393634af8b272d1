"""Writing, adding, moving and removing the parts of a paper."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import EditView, PartSource, edit_view
from app.cases.service.parts import add_part, move_part, remove_part, save_part
from app.cases.service.readings import Reading
from app.documents.case_presentation import PartKind
from app.forums.queries import list_forums
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.cases.conflict import Sent, part_conflict
from app.web.cases.editor import editor_page
from app.web.cases.forms import MoveForm, NewPartForm, PartForm
from app.web.cases.lookups import Directory
from app.web.cases.pages import note_reading
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.writing.shown import forget_saved
from app.writing.rules import part_key

pages = Pages()


@pages.post("/treatments/{treatment_id}/parts", name="cases:add_part", access=Permission.CASE_EDIT)
def add(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Add an empty part after the others."""
    bound = bind(NewPartForm, form)
    view = edit_view(visit.db, visit.actor, treatment_id)
    if bound.errors:
        return editor_page(visit, view, new_part=bound, status=422)
    wanted = bound.value
    try:
        part = add_part(visit.db, visit.actor, treatment_id, kind=wanted.kind, heading=wanted.heading)
    except RuleBroken as broken:
        return editor_page(visit, view, new_part=refused(bound, broken), status=422)
    return _back(visit, view, part.id, flash="saved")


@pages.post("/treatments/{treatment_id}/parts/{part_id}", name="cases:save_part", access=Permission.CASE_EDIT)
def save(visit: CurrentVisit, treatment_id: UUID, part_id: UUID, form: FormBody) -> Response:
    """Save what a part says."""
    sent = Sent.read(form)
    bound = bind(PartForm, sent.plain)
    view = edit_view(visit.db, visit.actor, treatment_id)
    stored = view.part(part_id)
    if stored is None:
        return part_conflict(visit, view, part_id, bound).answer(visit)
    if sent.again:
        return part_conflict(visit, view, part_id, bound, sent=sent).answer(visit)
    if bound.errors:
        return editor_page(visit, view, parts={part_id: bound}, status=422)
    try:
        try:
            _save(visit, stored, bound.value, version=bound.value.version)
        except Conflict:
            now = edit_view(visit.db, visit.actor, treatment_id)
            found = part_conflict(visit, now, part_id, bound)
            if not found.is_untouched:
                return found.answer(visit)
            _save(visit, now.part(part_id) or stored, bound.value, version=found.version)
    except RuleBroken as broken:
        return editor_page(visit, view, parts={part_id: refused(bound, broken)}, status=422)
    forget_saved(visit, part_key(treatment_id, part_id), form)
    return _back(visit, view, part_id, flash="saved")


@pages.post(
    "/treatments/{treatment_id}/parts/{part_id}/move", name="cases:move_part", access=Permission.CASE_EDIT
)
def move(visit: CurrentVisit, treatment_id: UUID, part_id: UUID, form: FormBody) -> Response:
    """Let a part change places with its neighbour."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    _part(view, part_id)
    bound = bind(MoveForm, form)
    if not bound.errors:
        move_part(visit.db, visit.actor, part_id, direction=bound.value.direction)
    return _back(visit, view, part_id, flash="moved")


@pages.get(
    "/treatments/{treatment_id}/parts/{part_id}/remove",
    name="cases:confirm_remove_part",
    access=Permission.CASE_EDIT,
)
def confirm_remove(visit: CurrentVisit, treatment_id: UUID, part_id: UUID) -> Response:
    """Ask before a part is taken out."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    context = {"case": view.page, "treatment": view.page.treatment, "part": _part(view, part_id)}
    note_reading(visit, view.page, Reading.EDITOR)  # the question names the part
    return page(visit, "cases/confirm_remove_part.html", context)


@pages.post(
    "/treatments/{treatment_id}/parts/{part_id}/remove", name="cases:remove_part", access=Permission.CASE_EDIT
)
def remove(visit: CurrentVisit, treatment_id: UUID, part_id: UUID) -> Response:
    """Take a part out of the paper."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    remove_part(visit.db, visit.actor, _part(view, part_id).id)
    case_id = view.page.case_id
    return redirect(visit, "cases:edit", case_id=case_id, treatment=treatment_id, flash="removed")


def _part(view: EditView, part_id: UUID) -> PartSource:
    part = view.part(part_id)
    if part is None:
        raise NotFound
    return part


def _save(visit: Visit, stored: PartSource, wanted: PartForm, *, version: int) -> None:
    organisation_id, forum_id = stored.party_organisation_id, stored.party_forum_id
    if wanted.party != stored.party:
        organisation_id, forum_id = _party(visit, stored.kind, wanted.party)
    save_part(
        visit.db,
        visit.actor,
        stored.id,
        version=version,
        heading=wanted.heading,
        lead_in_markdown=wanted.lead_in,
        body_markdown=wanted.body,
        closing_markdown=wanted.closing,
        party=wanted.party,
        party_organisation_id=organisation_id,
        party_forum_id=forum_id,
    )


def _party(visit: Visit, kind: PartKind, name: str) -> tuple[UUID | None, UUID | None]:
    """The organisation that a proposal is addressed to, or the forum that an input came from."""
    if kind is PartKind.INPUT:
        forums = [
            each for each in list_forums(visit.db, visit.actor) if each.name.casefold() == name.casefold()
        ]
        return None, forums[0].id if len(forums) == 1 else None
    return Directory.load(visit).organisation(name), None


def _back(visit: Visit, view: EditView, part_id: UUID, *, flash: str) -> Response:
    return redirect(
        visit,
        "cases:edit",
        case_id=view.page.case_id,
        treatment=view.page.treatment.id,
        flash=flash,
        anchor=f"part-{part_id}",
    )
