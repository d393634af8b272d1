"""Putting a case on the agenda of a meeting, from the case's own page."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.find import case_of_treatment
from app.cases.queries.show import CasePage, show_case
from app.kernel.errors import NotFound, RuleBroken
from app.meetings.queries.lists import MeetingLine, list_meetings
from app.meetings.service.agenda import put_on_agenda
from app.platform.i18n import format_date
from app.web.cases.forms import AgendaForm
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import MEETING_KINDS, word

pages = Pages()


@pages.get("/treatments/{treatment_id}/agenda", name="cases:ask_agenda", access=Permission.MEETING_EDIT)
def ask(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Which meeting; the newest stands first."""
    return _form(visit, _case(visit, treatment_id), filled(AgendaForm))


@pages.post("/treatments/{treatment_id}/agenda", name="cases:put_on_agenda", access=Permission.MEETING_EDIT)
def put(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Put the case last on the agenda of the chosen meeting; it is given a number when it has none."""
    case = _case(visit, treatment_id)
    bound = bind(AgendaForm, form)
    meeting_id = bound.form.meeting_id if bound.form else None
    if meeting_id is None:
        missing = bound if bound.errors else bound.with_errors(FieldError("meeting_id", "missing"))
        return _form(visit, case, missing, status=422)
    try:
        put_on_agenda(visit.db, visit.actor, meeting_id, treatment_id)
    except RuleBroken as broken:
        return _form(visit, case, refused(bound, broken), status=422)
    return redirect(visit, "cases:show", case_id=case.case_id, treatment=treatment_id, flash="on_agenda")


def _case(visit: Visit, treatment_id: UUID) -> CasePage:
    case = show_case(visit.db, visit.actor, case_of_treatment(visit.db, treatment_id), treatment_id)
    if not visit.actor.may(Permission.MEETING_EDIT, case.treatment.forum_id):
        raise NotFound
    return case


def _form(visit: Visit, case: CasePage, bound: Bound[AgendaForm], *, status: int = 200) -> Response:
    meetings = list_meetings(visit.db, visit.actor, case.treatment.forum_id)
    context = {
        "case": case,
        "treatment": case.treatment,
        "bound": bound,
        "meetings": [(each.id, _named(visit, each)) for each in meetings.lines if each.is_held],
    }
    return page(visit, "cases/agenda.html", context, status=status)


def _named(visit: Visit, meeting: MeetingLine) -> str:
    kind = word(MEETING_KINDS, meeting.kind, visit.language)
    return ", ".join(part for part in (format_date(meeting.day), kind, meeting.place) if part)
