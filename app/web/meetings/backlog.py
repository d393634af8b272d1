"""``/forums/{key}/backlog``: the cases that wait for an agenda, and the meetings that they can be put on."""

from collections.abc import Sequence

from fastapi import Response

from app.access.permissions import Permission
from app.cases.rules import TreatmentState
from app.forums.models import Forum
from app.forums.queries import get_forum
from app.kernel.errors import NotFound, Reason, RuleBroken
from app.meetings.queries.lists import upcoming
from app.meetings.queries.show import may_be_listed
from app.meetings.service.agenda import put_on_agenda
from app.web.forums.pages import for_change, frame
from app.web.meetings.forms import FromBacklogForm
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()

_CAN_BE_TREATED = (TreatmentState.READY, TreatmentState.POSTPONED)
_MEETINGS_AHEAD = 12


@pages.get("/forums/{key}/backlog", name="meetings:backlog", access=Permission.FORUM_READ)
def show(visit: CurrentVisit, key: str) -> Response:
    return _page(visit, get_forum(visit.db, visit.actor, key))


@pages.post("/forums/{key}/backlog", name="meetings:put_on_from_backlog", access=Permission.MEETING_EDIT)
def put_on(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.MEETING_EDIT)
    bound = bind(FromBacklogForm, form)
    if bound.errors:
        undecided = bound.raw("treatment_id")
        return _page(visit, forum, reasons=[Reason("agenda.choose_meeting")], undecided=undecided, status=422)
    try:
        put_on_agenda(visit.db, visit.actor, bound.value.meeting_id, bound.value.treatment_id)
    except NotFound:
        return _page(visit, forum, reasons=[Reason("agenda.gone")], status=422)
    except RuleBroken as broken:
        return _page(visit, forum, reasons=broken.reasons, status=422)
    return redirect(visit, "meetings:backlog", key=key, flash="on_agenda")


def _page(
    visit: Visit, forum: Forum, *, reasons: Sequence[Reason] = (), undecided: str = "", status: int = 200
) -> Response:
    waiting = may_be_listed(visit.db, visit.actor, forum.id)
    context = {
        **frame(forum),
        "ready": [case for case in waiting if case.state in _CAN_BE_TREATED],
        "prepared": [case for case in waiting if case.state not in _CAN_BE_TREATED],
        "meetings": upcoming(visit.db, visit.actor, forum_id=forum.id, limit=_MEETINGS_AHEAD),
        "may_plan": visit.actor.may(Permission.MEETING_EDIT, forum.id),
        "undecided": next(
            (case.treatment_id for case in waiting if str(case.treatment_id) == undecided), None
        ),
        "reasons": reason_messages(visit.language, tuple(reasons)),
    }
    return page(visit, "meetings/backlog.html", context, status=status)
