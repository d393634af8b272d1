"""Exempting from public access that somebody was at a meeting, and ending that."""

from uuid import UUID

from fastapi import Response

from app.access.actor import require
from app.access.permissions import Permission
from app.exemptions.rules import Covers
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.meetings.queries.attendance import AttendanceView
from app.meetings.queries.show import MeetingPage, show_meeting
from app.meetings.service.exempt import end_attendance_exemption, exempt_attendance
from app.web.meetings.pages import note_exempt, who_was_there
from app.web.shared.exemptions import (
    EndExemptionForm,
    ExemptionForm,
    basis_options,
    draft_of,
    replacing,
    sent_form,
    standing_form,
)
from app.web.shared.forms import Bound, FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()

_THING = "/meetings/{meeting_id}/attendance/{line_id}/exempt"


@pages.get(_THING, name="meetings:ask_exempt", access=Permission.CASE_EXEMPT)
def ask(visit: CurrentVisit, meeting_id: UUID, line_id: UUID) -> Response:
    """The form, filled with the decision that stands, when there is one."""
    meeting = _meeting(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    return _form(visit, meeting, line, standing_form(line.exemption))


@pages.post(_THING, name="meetings:exempt", access=Permission.CASE_EXEMPT)
def decide(visit: CurrentVisit, meeting_id: UUID, line_id: UUID, form: FormBody) -> Response:
    """Decide, or decide again."""
    meeting = _meeting(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    bound = sent_form(form)
    if bound.errors:
        return _form(visit, meeting, line, bound, status=422)
    made = bound.value
    try:
        exempt_attendance(
            visit.db,
            visit.actor,
            meeting_id,
            line_id,
            draft_of(made, Covers.ATTENDANCE),
            replaces=made.replaces,
        )
    except RuleBroken as broken:
        return _form(visit, meeting, line, refused(bound, broken), status=422)
    except Conflict:
        now = who_was_there(visit, meeting).line(line_id)
        return _form(visit, meeting, now, replacing(bound, now.exemption), status=409)
    return _back(visit, meeting_id, flash="line_exempted")


@pages.get(f"{_THING}/end", name="meetings:ask_end_exemption", access=Permission.CASE_EXEMPT)
def ask_end(visit: CurrentVisit, meeting_id: UUID, line_id: UUID) -> Response:
    """Ask before the line is given free."""
    meeting = _meeting(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    if line.exemption is None:
        raise NotFound
    return _ending(visit, meeting, line)


@pages.post(f"{_THING}/end", name="meetings:end_exemption", access=Permission.CASE_EXEMPT)
def end(visit: CurrentVisit, meeting_id: UUID, line_id: UUID, form: FormBody) -> Response:
    """Give it free."""
    meeting = _meeting(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    bound = bind(EndExemptionForm, form)
    if line.exemption is None:
        return _back(visit, meeting_id, flash="exemption_ended")
    if bound.errors:
        return _ending(visit, meeting, line, status=422)
    try:
        end_attendance_exemption(
            visit.db, visit.actor, meeting_id, line_id, exemption_id=bound.value.exemption_id
        )
    except Conflict:
        return _ending(visit, meeting, line, status=409)
    return _back(visit, meeting_id, flash="exemption_ended")


def _meeting(visit: Visit, meeting_id: UUID) -> MeetingPage:
    meeting = show_meeting(visit.db, visit.actor, meeting_id)
    require(visit.actor, Permission.CASE_EXEMPT, meeting.forum_id)
    return meeting


def _form(
    visit: Visit, meeting: MeetingPage, line: AttendanceView, bound: Bound[ExemptionForm], status: int = 200
) -> Response:
    if line.exemption:
        note_exempt(visit, meeting)
    context = {
        "meeting": meeting,
        "line": line,
        "bound": bound,
        "is_conflict": status == 409,
        "bases": basis_options(visit),
    }
    return page(visit, "meetings/attendance_exempt.html", context, status=status)


def _ending(visit: Visit, meeting: MeetingPage, line: AttendanceView, status: int = 200) -> Response:
    note_exempt(visit, meeting)
    context = {"meeting": meeting, "line": line, "is_conflict": status == 409}
    return page(visit, "meetings/attendance_end_exemption.html", context, status=status)


def _back(visit: Visit, meeting_id: UUID, *, flash: str) -> Response:
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash=flash, anchor="attendance")
