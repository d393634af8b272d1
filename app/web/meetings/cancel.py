"""Calling a meeting off, and planning it again."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.kernel.errors import Conflict, Reason, RuleBroken
from app.meetings.queries.show import MeetingPage
from app.meetings.service.cancel import cancel_meeting, restore_meeting
from app.web.meetings.forms import CancelForm, StepForm
from app.web.meetings.pages import kind_words, meeting_for_change, meeting_page
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get("/meetings/{meeting_id}/cancel", name="meetings:ask_cancel", access=Permission.MEETING_EDIT)
def ask(visit: CurrentVisit, meeting_id: UUID) -> Response:
    """Ask why the meeting is not held, and say what follows."""
    meeting = meeting_for_change(visit, meeting_id)
    return _page(visit, meeting, filled(CancelForm, version=meeting.version))


@pages.post("/meetings/{meeting_id}/cancel", name="meetings:cancel", access=Permission.MEETING_EDIT)
def cancel(visit: CurrentVisit, meeting_id: UUID, form: FormBody) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    bound = bind(CancelForm, form)
    if bound.errors:
        return _page(visit, meeting, bound, status=422)
    try:
        cancel_meeting(visit.db, visit.actor, meeting_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _page(visit, meeting, refused(bound, broken), status=422)
    except Conflict:
        return _page(visit, meeting_for_change(visit, meeting_id), bound, status=409)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash="cancelled")


@pages.post("/meetings/{meeting_id}/restore", name="meetings:restore", access=Permission.MEETING_EDIT)
def restore(visit: CurrentVisit, meeting_id: UUID, form: FormBody) -> Response:
    meeting_for_change(visit, meeting_id)
    bound = bind(StepForm, form)
    if bound.errors:
        return meeting_page(visit, meeting_id, reasons=[Reason("workflow.unknown_step")], status=422)
    try:
        restore_meeting(visit.db, visit.actor, meeting_id, version=bound.value.version)
    except RuleBroken as broken:
        return meeting_page(visit, meeting_id, reasons=broken.reasons, status=422)
    except Conflict:
        return meeting_page(visit, meeting_id, reasons=[Reason("changed_meanwhile")], status=409)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash="restored")


def _page(visit: Visit, meeting: MeetingPage, bound: Bound[CancelForm], status: int = 200) -> Response:
    context = {
        "meeting": meeting,
        "meeting_kinds": kind_words(visit),
        "bound": bound,
        "is_conflict": status == 409,
    }
    return page(visit, "meetings/cancel.html", context, status=status)
