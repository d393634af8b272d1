"""Writing the head of a case's paper."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import EditView, edit_view
from app.cases.queries.show import show_case
from app.cases.service.edit import edit_treatment
from app.cases.service.presenters import PresenterDraft
from app.kernel.errors import Conflict, RuleBroken
from app.web.cases.conflict import Sent, head_conflict
from app.web.cases.editor import editor_page
from app.web.cases.forms import HeadForm
from app.web.cases.lookups import Directory
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.writing.shown import forget_saved
from app.writing.rules import head_key

pages = Pages()


@pages.get("/cases/{case_id}/edit", name="cases:edit", access=Permission.CASE_EDIT)
def edit(visit: CurrentVisit, case_id: UUID, treatment: UUID | None = None) -> Response:
    """The editor of one treatment; without one, of that which was changed last."""
    case = show_case(visit.db, visit.actor, case_id, treatment)
    return editor_page(visit, edit_view(visit.db, visit.actor, case.treatment.id))


@pages.post("/treatments/{treatment_id}", name="cases:save_head", access=Permission.CASE_EDIT)
def save_head(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Save title, kind, people, language, place and date."""
    sent = Sent.read(form)
    bound = bind(HeadForm, sent.plain)
    view = edit_view(visit.db, visit.actor, treatment_id)
    if sent.again:
        return head_conflict(visit, view, bound, sent=sent).answer(visit)
    if bound.errors:
        return editor_page(visit, view, head=bound, status=422)
    try:
        try:
            _save(visit, view, bound.value, version=bound.value.version)
        except Conflict:
            now = edit_view(visit.db, visit.actor, treatment_id)
            found = head_conflict(visit, now, bound)
            if not found.is_untouched:
                return found.answer(visit)
            # The case has moved on, been numbered or shared since, but nobody has changed what this form holds.
            _save(visit, now, bound.value, version=found.version)
    except RuleBroken as broken:
        return editor_page(visit, view, head=refused(bound, broken), status=422)
    forget_saved(visit, head_key(treatment_id), form)
    case_id = view.page.case_id
    return redirect(
        visit, "cases:edit", case_id=case_id, treatment=treatment_id, flash="saved", anchor="head"
    )


def _save(visit: Visit, view: EditView, wanted: HeadForm, *, version: int) -> None:
    stored = view.page.treatment
    directory = Directory.load(visit)
    known = {
        each.text: PresenterDraft(each.text, each.person_id, each.organisation_id)
        for each in view.page.presenters
    }
    same_preparer = wanted.preparer == stored.preparer
    edit_treatment(
        visit.db,
        visit.actor,
        stored.id,
        version=version,
        title=wanted.title,
        kind=wanted.kind,
        # The name that an imported paper had for its kind goes when the kind becomes another.
        kind_label=stored.own_kind_label if wanted.kind is stored.kind else "",
        wanted_result=wanted.wanted_result,
        presenters=directory.presenters(wanted.presenters, known),
        preparer=wanted.preparer,
        preparer_organisation_id=stored.preparer_organisation_id
        if same_preparer
        else directory.organisation(wanted.preparer),
        language=wanted.language,
        place=wanted.place,
        dated=wanted.dated,
    )
