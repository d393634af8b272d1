"""A case as it is read."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.history import case_history, exempt_in_history
from app.cases.queries.show import show_case
from app.cases.service.readings import Reading
from app.kernel.errors import NotFound
from app.web.cases.pages import case_page, note_exempt
from app.web.shared.history import ONE_MORE, Before, history_page
from app.web.shared.pages import Pages
from app.web.shared.templating import page
from app.web.shared.visit import CurrentVisit

pages = Pages()


@pages.get("/cases/{case_id}", name="cases:show", access=Permission.CASE_READ)
def show(visit: CurrentVisit, case_id: UUID, treatment: UUID | None = None, view: str = "") -> Response:
    """The case in one forum: the one asked for, else where it was changed last; on request as the public sees it."""
    as_public = view == "public"
    case = show_case(visit.db, visit.actor, case_id, treatment, as_public=as_public)
    return case_page(visit, case, as_public=as_public)


@pages.get("/cases/{case_id}/history", name="cases:history", access=Permission.CASE_HISTORY)
def history(
    visit: CurrentVisit, case_id: UUID, treatment: UUID | None = None, before: Before = None
) -> Response:
    """Who changed what, the newest first."""
    case = show_case(visit.db, visit.actor, case_id, treatment)
    if not case.may_see_history:
        raise NotFound
    lines = case_history(visit.db, visit.actor, case_id, before=before, limit=ONE_MORE)
    for treatment_id in exempt_in_history(visit.db, visit.actor, case_id):
        note_exempt(visit, treatment_id, Reading.HISTORY)
    context = {"case": case, "treatment": case.treatment, **history_page(visit, lines, before)}
    return page(visit, "cases/history.html", context)
