"""The list of who was at a meeting."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.kernel.errors import Conflict, Reason, RuleBroken
from app.meetings.queries.attendance import AttendanceView
from app.meetings.queries.show import MeetingPage
from app.meetings.service.attendance import (
    add_attendance,
    edit_attendance,
    move_attendance,
    remove_attendance,
)
from app.web.cases.lookups import Directory
from app.web.meetings.forms import AttendanceForm, EditAttendanceForm, MoveForm, RemoveAttendanceForm
from app.web.meetings.pages import meeting_for_change, meeting_page, note_exempt, who_was_there
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import ATTENDANCE_ROLES, choices, word

pages = Pages()

_LIST = "/meetings/{meeting_id}/attendance"
_LINE = f"{_LIST}/{{line_id}}"


@pages.get(f"{_LIST}/new", name="meetings:new_attendance", access=Permission.MEETING_EDIT)
def new(visit: CurrentVisit, meeting_id: UUID) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    return _new_page(visit, meeting, filled(AttendanceForm, role="member"))


@pages.post(_LIST, name="meetings:add_attendance", access=Permission.MEETING_EDIT)
def add(visit: CurrentVisit, meeting_id: UUID, form: FormBody) -> Response:
    """Add somebody after the others; then perhaps the next one at once."""
    meeting = meeting_for_change(visit, meeting_id)
    bound = bind(AttendanceForm, form)
    if bound.errors:
        return _new_page(visit, meeting, bound, status=422)
    try:
        add_attendance(visit.db, visit.actor, meeting_id, bound.value.draft())
    except RuleBroken as broken:
        return _new_page(visit, meeting, refused(bound, broken), status=422)
    if bound.value.then == "another":
        return redirect(visit, "meetings:new_attendance", meeting_id=meeting_id, flash="saved")
    return _back(visit, meeting_id, flash="saved")


@pages.get(f"{_LINE}/edit", name="meetings:edit_attendance", access=Permission.MEETING_EDIT)
def edit(visit: CurrentVisit, meeting_id: UUID, line_id: UUID) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    bound = filled(
        EditAttendanceForm,
        version=line.version,
        name=line.name,
        organisation=line.organisation,
        role=line.role,
        standing_in_for=line.standing_in_for,
        is_absent=line.is_absent,
    )
    return _edit_page(visit, meeting, line, bound)


@pages.post(_LINE, name="meetings:save_attendance", access=Permission.MEETING_EDIT)
def save(visit: CurrentVisit, meeting_id: UUID, line_id: UUID, form: FormBody) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    bound = bind(EditAttendanceForm, form)
    if bound.errors:
        return _edit_page(visit, meeting, line, bound, status=422)
    wanted = bound.value
    try:
        edit_attendance(visit.db, visit.actor, meeting_id, line_id, wanted.draft(), version=wanted.version)
    except RuleBroken as broken:
        return _edit_page(visit, meeting, line, refused(bound, broken), status=422)
    except Conflict:
        return _edit_page(visit, meeting, who_was_there(visit, meeting).line(line_id), bound, status=409)
    return _back(visit, meeting_id, flash="saved")


@pages.post(f"{_LINE}/move", name="meetings:move_attendance", access=Permission.MEETING_EDIT)
def move(visit: CurrentVisit, meeting_id: UUID, line_id: UUID, form: FormBody) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    who_was_there(visit, meeting).line(line_id)
    bound = bind(MoveForm, form)
    if bound.errors:
        return meeting_page(visit, meeting_id, reasons=[Reason("workflow.unknown_step")], status=422)
    move_attendance(visit.db, visit.actor, meeting_id, line_id, direction=bound.value.direction)
    return _back(visit, meeting_id, flash="moved")


@pages.get(f"{_LINE}/remove", name="meetings:ask_remove_attendance", access=Permission.MEETING_EDIT)
def ask_remove(visit: CurrentVisit, meeting_id: UUID, line_id: UUID) -> Response:
    """Ask before somebody is taken out of the list."""
    meeting = meeting_for_change(visit, meeting_id)
    return _remove_page(visit, meeting, who_was_there(visit, meeting).line(line_id))


@pages.post(f"{_LINE}/remove", name="meetings:remove_attendance", access=Permission.MEETING_EDIT)
def remove(visit: CurrentVisit, meeting_id: UUID, line_id: UUID, form: FormBody) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    line = who_was_there(visit, meeting).line(line_id)
    bound = bind(RemoveAttendanceForm, form)
    if bound.errors:
        return _remove_page(visit, meeting, line, status=422)
    try:
        remove_attendance(visit.db, visit.actor, meeting_id, line_id, version=bound.value.version)
    except Conflict:
        return _remove_page(visit, meeting, who_was_there(visit, meeting).line(line_id), status=409)
    return _back(visit, meeting_id, flash="removed")


def _new_page(
    visit: Visit, meeting: MeetingPage, bound: Bound[AttendanceForm], status: int = 200
) -> Response:
    context = {"meeting": meeting, "bound": bound, **_suggestions(visit)}
    return page(visit, "meetings/attendance_new.html", context, status=status)


def _edit_page(
    visit: Visit,
    meeting: MeetingPage,
    line: AttendanceView,
    bound: Bound[EditAttendanceForm],
    status: int = 200,
) -> Response:
    if line.exemption:
        note_exempt(visit, meeting)
    context = {
        "meeting": meeting,
        "line": line,
        "role_name": word(ATTENDANCE_ROLES, line.role, visit.language),
        "bound": bound,
        "is_conflict": status == 409,
        "may_remove": _may_remove(visit, meeting, line),
        **_suggestions(visit),
    }
    return page(visit, "meetings/attendance_edit.html", context, status=status)


def _remove_page(visit: Visit, meeting: MeetingPage, line: AttendanceView, status: int = 200) -> Response:
    if line.exemption:
        note_exempt(visit, meeting)
    context = {
        "meeting": meeting,
        "line": line,
        "is_conflict": status == 409,
        "may_remove": _may_remove(visit, meeting, line),
    }
    return page(visit, "meetings/attendance_remove.html", context, status=status)


def _may_remove(visit: Visit, meeting: MeetingPage, line: AttendanceView) -> bool:
    """Removing an exempt line ends its exemption, which is for those who may."""
    return line.exemption is None or visit.actor.may(Permission.CASE_EXEMPT, meeting.forum_id)


def _suggestions(visit: Visit) -> dict[str, object]:
    return {"roles": choices(ATTENDANCE_ROLES, visit.language), "directory": Directory.load(visit)}


def _back(visit: Visit, meeting_id: UUID, *, flash: str) -> Response:
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash=flash, anchor="attendance")
