"""Case numbers in addresses, and numbers typed for papers that have theirs already."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import edit_view
from app.cases.queries.find import find_by_number
from app.cases.queries.show import CasePage
from app.cases.service.numbers import set_number
from app.kernel.case_number import CaseNumber, parse_case_number
from app.kernel.errors import RuleBroken
from app.platform.clock import today
from app.web.cases.forms import NumberForm
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get("/sak/{key}/{spelling:path}", name="cases:number", access=Permission.CASE_READ)
def by_number(visit: CurrentVisit, key: str, spelling: str) -> Response:
    """Go to the case that a number names, however it is spelled."""
    # Addresses are typed by hand and pasted from papers: in capitals, with a slash at the end, with + for a space.
    number = spelling.replace("+", " ").strip("/ ")
    case_id, treatment_id = find_by_number(visit.db, visit.actor, key.casefold(), number)
    return redirect(visit, "cases:show", case_id=case_id, treatment=treatment_id)


@pages.get("/treatments/{treatment_id}/number", name="cases:edit_number", access=Permission.CASE_EDIT)
def edit(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """The form for a number that was given outside this system."""
    case = edit_view(visit.db, visit.actor, treatment_id).page
    return _form(visit, case, filled(NumberForm, number=case.treatment.number))


@pages.post("/treatments/{treatment_id}/number", name="cases:save_number", access=Permission.CASE_EDIT)
def save(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Give the case the number that its paper has."""
    case = edit_view(visit.db, visit.actor, treatment_id).page
    bound = bind(NumberForm, form)
    if bound.errors:
        return _form(visit, case, bound, status=422)
    number = _read(bound.value.number)
    if number is None:
        return _form(visit, case, bound.with_errors(FieldError("number", "number.not_a_number")), status=422)
    try:
        set_number(
            visit.db,
            visit.actor,
            treatment_id,
            sequence=number.sequence,
            year=number.year or today().year,
            prefix=number.prefix or None,
        )
    except RuleBroken as broken:
        return _form(visit, case, refused(bound, broken), status=422)
    return redirect(visit, "cases:show", case_id=case.case_id, treatment=treatment_id, flash="saved")


def _read(text: str) -> CaseNumber | None:
    try:
        return parse_case_number(text, today_year=today().year)
    except ValueError:
        return None


def _form(visit: Visit, case: CasePage, bound: Bound[NumberForm], *, status: int = 200) -> Response:
    context = {"case": case, "treatment": case.treatment, "bound": bound}
    return page(visit, "cases/number.html", context, status=status)
