"""Steps of a treatment: taken at once, or asked about first."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import edit_view
from app.cases.queries.find import case_of_treatment
from app.cases.queries.show import CasePage, show_case
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.forums.queries import members_on
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken
from app.meetings.service.agenda import mark_ready
from app.platform.clock import today
from app.web.cases.forms import StepForm
from app.web.cases.pages import case_page
from app.web.cases.words import CONSEQUENCES, QUESTIONS, STEPS
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import word

pages = Pages()


@pages.get("/treatments/{treatment_id}/steps/{step}", name="cases:confirm_step", access=Permission.CASE_EDIT)
def confirm_step(visit: CurrentVisit, treatment_id: UUID, step: str) -> Response:
    """Ask before a step that others will notice."""
    case = edit_view(visit.db, visit.actor, treatment_id).page
    offer = next((each for each in case.steps if each.name == step), None)
    if step not in QUESTIONS or offer is None:
        raise NotFound
    context = {
        "case": case,
        "treatment": case.treatment,
        "step": step,
        "question": word(QUESTIONS, step, visit.language),
        "consequence": word(CONSEQUENCES, step, visit.language),
        "label": word(STEPS, step, visit.language),
        "reasons": reason_messages(visit.language, offer.objections),
    }
    return page(visit, "cases/confirm_step.html", context)


@pages.post("/treatments/{treatment_id}/steps/{step}", name="cases:step", access=Permission.CASE_EDIT)
def step(visit: CurrentVisit, treatment_id: UUID, step: str, form: FormBody) -> Response:
    """Take the step, and say on the page of the case what stands against it."""
    version = _version(form)
    try:
        if step == "make_ready":
            treatment = mark_ready(visit.db, visit.actor, treatment_id, version=version)
        else:
            treatment = take_step(visit.db, visit.actor, treatment_id, version=version, step=step)
    except RuleBroken as broken:
        return case_page(visit, _case(visit, treatment_id), reasons=broken.reasons, status=422)
    except Conflict:
        moved_on = (Reason("workflow.wrong_state"),)
        return case_page(visit, _case(visit, treatment_id), reasons=moved_on, status=409)
    flash = "ready" if step == "make_ready" else "stepped"
    return redirect(visit, "cases:show", case_id=treatment.case_id, treatment=treatment.id, flash=flash)


@pages.get("/treatments/{treatment_id}/share", name="cases:confirm_share", access=Permission.CASE_SHARE)
def confirm_share(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Ask before a draft is shown, and say to whom."""
    case = _case(visit, treatment_id)
    if not case.may_share:
        raise NotFound
    seats = members_on(visit.db, case.treatment.forum_id, today())
    names = list(dict.fromkeys(person.name for seat in seats for person in seat.people))
    context = {"case": case, "treatment": case.treatment, "names": names}
    return page(visit, "cases/confirm_share.html", context)


@pages.post("/treatments/{treatment_id}/share", name="cases:share", access=Permission.CASE_SHARE)
def share_treatment(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Let everybody in the forum read the case."""
    treatment = share(visit.db, visit.actor, treatment_id)
    return redirect(visit, "cases:show", case_id=treatment.case_id, treatment=treatment.id, flash="shared")


def _version(form: FormBody) -> int:
    bound = bind(StepForm, form)
    return bound.value.version if not bound.errors else 0


def _case(visit: Visit, treatment_id: UUID) -> CasePage:
    return show_case(visit.db, visit.actor, case_of_treatment(visit.db, treatment_id), treatment_id)
