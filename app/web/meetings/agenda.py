"""What stands on a meeting's agenda, and the call that sends it out."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken
from app.meetings.service.agenda import move_item, put_on_agenda, take_off_agenda
from app.meetings.service.meetings import STEPS, take_step
from app.web.meetings.forms import MoveForm, PutOnForm, StepForm
from app.web.meetings.pages import kind_words, meeting_for_change, meeting_page
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit

pages = Pages()


@pages.post("/meetings/{meeting_id}/agenda", name="meetings:put_on", access=Permission.MEETING_EDIT)
def put_on(visit: CurrentVisit, meeting_id: UUID, form: FormBody) -> Response:
    meeting_for_change(visit, meeting_id)
    bound = bind(PutOnForm, form)
    if bound.errors:
        reasons = [Reason("agenda.choose_case")]
        return meeting_page(visit, meeting_id, reasons=reasons, status=422)
    try:
        put_on_agenda(visit.db, visit.actor, meeting_id, bound.value.treatment_id)
    except RuleBroken as broken:
        return meeting_page(visit, meeting_id, reasons=broken.reasons, status=422)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash="on_agenda", anchor="agenda")


@pages.post(
    "/meetings/{meeting_id}/agenda/{treatment_id}/move", name="meetings:move", access=Permission.MEETING_EDIT
)
def move(visit: CurrentVisit, meeting_id: UUID, treatment_id: UUID, form: FormBody) -> Response:
    meeting_for_change(visit, meeting_id)
    bound = bind(MoveForm, form)
    if bound.errors:
        return meeting_page(visit, meeting_id, reasons=[Reason("workflow.unknown_step")], status=422)
    move_item(visit.db, visit.actor, meeting_id, treatment_id, direction=bound.value.direction)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash="moved", anchor="agenda")


@pages.post(
    "/meetings/{meeting_id}/agenda/{treatment_id}/take-off",
    name="meetings:take_off",
    access=Permission.MEETING_EDIT,
)
def take_off(visit: CurrentVisit, meeting_id: UUID, treatment_id: UUID) -> Response:
    meeting_for_change(visit, meeting_id)
    try:
        take_off_agenda(visit.db, visit.actor, meeting_id, treatment_id)
    except RuleBroken as broken:
        return meeting_page(visit, meeting_id, reasons=broken.reasons, status=422)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash="off_agenda", anchor="agenda")


@pages.get("/meetings/{meeting_id}/steps/{step}", name="meetings:ask_step", access=Permission.MEETING_EDIT)
def ask_step(visit: CurrentVisit, meeting_id: UUID, step: str) -> Response:
    """Ask before a meeting is called, or its call withdrawn; and say what stands against it."""
    meeting = meeting_for_change(visit, meeting_id)
    offer = next((each for each in meeting.steps if each.name == step), None)
    if offer is None or step not in STEPS:  # what needs more than the asking has a page of its own
        raise NotFound
    context = {
        "meeting": meeting,
        "meeting_kinds": kind_words(visit),
        "step": step,
        "reasons": reason_messages(visit.language, offer.objections),
    }
    return page(visit, "meetings/confirm_step.html", context)


@pages.post("/meetings/{meeting_id}/steps/{step}", name="meetings:step", access=Permission.MEETING_EDIT)
def step(visit: CurrentVisit, meeting_id: UUID, step: str, form: FormBody) -> Response:
    meeting_for_change(visit, meeting_id)
    bound = bind(StepForm, form)
    if bound.errors or step not in STEPS:
        return meeting_page(visit, meeting_id, reasons=[Reason("workflow.unknown_step")], status=422)
    try:
        take_step(visit.db, visit.actor, meeting_id, version=bound.value.version, step=step)
    except RuleBroken as broken:
        return meeting_page(visit, meeting_id, reasons=broken.reasons, status=422)
    except Conflict:
        return meeting_page(visit, meeting_id, reasons=[Reason("changed_meanwhile")], status=409)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash=STEPS[step])
