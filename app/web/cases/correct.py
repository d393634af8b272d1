"""Adding a correction to a paper that has been treated."""

from functools import partial
from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import edit_view
from app.cases.queries.show import CasePage
from app.cases.rules import TreatmentState
from app.cases.service.correct import add_correction
from app.cases.service.readings import Reading
from app.documents.wording import label
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.cases.forms import CorrectionForm
from app.web.cases.pages import note_reading, shown_corrections
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.writing.shown import drafted, find_form_draft, forget_saved
from app.writing.rules import correction_key

pages = Pages()


@pages.get("/treatments/{treatment_id}/correction", name="cases:new_correction", access=Permission.CASE_EDIT)
def new(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """The form for a correction."""
    case = _treated(visit, treatment_id)
    draft = drafted(CorrectionForm, find_form_draft(visit, correction_key(treatment_id)))
    return _form(visit, case, draft or filled(CorrectionForm, version=case.treatment.version))


@pages.post("/treatments/{treatment_id}/correction", name="cases:correct", access=Permission.CASE_EDIT)
def correct(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Put the correction after the paper."""
    bound = bind(CorrectionForm, form)
    case = _treated(visit, treatment_id)
    if bound.errors:
        return _form(visit, case, bound, status=422)
    wanted = bound.value
    try:
        made = add_correction(
            visit.db,
            visit.actor,
            treatment_id,
            version=wanted.version,
            body_markdown=wanted.body,
            reason=wanted.reason,
        )
    except RuleBroken as broken:
        return _form(visit, case, refused(bound, broken), status=422)
    except Conflict:
        # Somebody corrected the paper meanwhile. What was typed is kept, and the other correction stands beside it.
        case = _treated(visit, treatment_id)
        again = filled(CorrectionForm, version=case.treatment.version, body=wanted.body, reason=wanted.reason)
        return _form(visit, case, again.with_errors(FieldError("body", "correction.overtaken")), status=409)
    forget_saved(visit, correction_key(treatment_id), form)
    return redirect(
        visit,
        "cases:show",
        case_id=case.case_id,
        treatment=treatment_id,
        flash="corrected",
        anchor=f"correction-{made.number}",
    )


def _treated(visit: Visit, treatment_id: UUID) -> CasePage:
    case = edit_view(visit.db, visit.actor, treatment_id).page
    if case.treatment.state is not TreatmentState.TREATED:
        raise NotFound
    return case


def _form(visit: Visit, case: CasePage, bound: Bound[CorrectionForm], *, status: int = 200) -> Response:
    note_reading(visit, case, Reading.EDITOR)  # the corrections before it may speak of what is exempt
    context = {
        "case": case,
        "treatment": case.treatment,
        "bound": bound,
        "draft": find_form_draft(visit, correction_key(case.treatment.id)),
        "corrections": shown_corrections(case),
        "printed": partial(label, case.treatment.language, wording=case.treatment.wording),
    }
    return page(visit, "cases/correct.html", context, status=status)
