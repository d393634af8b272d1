"""Lines of a paper that was read in and not understood in full."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.service.unplaced import clear_unplaced
from app.web.cases.forms import StepForm
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.templating import redirect
from app.web.shared.visit import CurrentVisit

pages = Pages()


@pages.post("/treatments/{treatment_id}/unplaced", name="cases:clear_unplaced", access=Permission.CASE_EDIT)
def clear(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Let go of the lines, because they have been placed."""
    bound = bind(StepForm, form)
    version = bound.value.version if bound.form else 0
    treatment = clear_unplaced(visit.db, visit.actor, treatment_id, version=version)
    return redirect(visit, "cases:edit", case_id=treatment.case_id, treatment=treatment.id, flash="removed")
