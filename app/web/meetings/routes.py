"""``/forums/{key}/meetings`` and ``/meetings/{id}``: the list, and one meeting with its day, place and call."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.forums.deadline_rules import dues
from app.forums.models import Forum
from app.forums.queries import deadline_rules, get_forum
from app.kernel.errors import Conflict, RuleBroken
from app.meetings.models import Meeting
from app.meetings.queries.find import model_meeting
from app.meetings.queries.lists import list_meetings, upcoming, years_with_meetings
from app.meetings.queries.show import MeetingPage
from app.meetings.rules import FIRST_DAY, LAST_DAY
from app.meetings.service.meetings import create_meeting, edit_meeting
from app.platform.clock import today
from app.web.forums.pages import for_change, frame
from app.web.meetings.forms import EditMeetingForm, MeetingForm
from app.web.meetings.pages import kind_words, meeting_for_change, meeting_page
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page as answer
from app.web.shared.templating import redirect, templates_of
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import DEADLINES, MEETING_KINDS, choices

pages = Pages()


@pages.get("/forums/{key}/meetings", name="meetings:list", access=Permission.FORUM_READ)
def show_list(visit: CurrentVisit, key: str, year: int | None = None, page: int = 1) -> Response:
    """The meetings of a year: that of the next one, or of the last."""
    forum = get_forum(visit.db, visit.actor, key)
    years = years_with_meetings(visit.db, visit.actor, forum.id)
    if year is None or not FIRST_DAY.year <= year <= LAST_DAY.year:
        ahead = upcoming(visit.db, visit.actor, forum_id=forum.id, limit=1)
        year = ahead[0].day.year if ahead else max(years, default=today().year)
    found = list_meetings(visit.db, visit.actor, forum.id, year=year, page=page)
    rules = deadline_rules(visit.db, forum.id)
    context = {
        **frame(forum),
        "meeting_kinds": kind_words(visit),
        "deadline_words": dict(choices(DEADLINES, visit.language)),
        "year": year,
        "has_meetings": bool(years),
        "years": sorted({*years, year}, reverse=True),
        "upcoming": [line for line in reversed(found.lines) if line.day >= today()],
        "past": [line for line in found.lines if line.day < today()],
        "dues": {line.id: dues(rules, line.day, today()) if line.is_held else () for line in found.lines},
        "found": found,
        "page_base": f"{templates_of(visit).addresses('meetings:list', key=key)}?year={year}&page=",
    }
    return answer(visit, "meetings/list.html", context)


@pages.get("/forums/{key}/meetings/new", name="meetings:new", access=Permission.MEETING_EDIT)
def new(visit: CurrentVisit, key: str, like: UUID | None = None) -> Response:
    """A meeting like the forum's last one, or like the one that is asked for."""
    forum = for_change(visit, key, Permission.MEETING_EDIT)
    model = model_meeting(visit.db, visit.actor, forum.id, like=like)
    start = filled(MeetingForm, kind="ordinary", place=forum.default_place)
    if model is not None:
        facts = {name: getattr(model, name) for name in ("kind", "starts", "ends", "place", "link")}
        start = filled(MeetingForm, **facts)
    return _new_page(visit, forum, start, like=model)


@pages.post("/forums/{key}/meetings", name="meetings:create", access=Permission.MEETING_EDIT)
def create(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.MEETING_EDIT)
    bound = bind(MeetingForm, form)
    if bound.errors:
        return _new_page(visit, forum, bound, status=422)
    try:
        meeting = create_meeting(visit.db, visit.actor, forum.id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _new_page(visit, forum, refused(bound, broken), status=422)
    return redirect(visit, "meetings:show", meeting_id=meeting.id, flash="created")


@pages.get("/meetings/{meeting_id}", name="meetings:show", access=Permission.FORUM_READ)
def show(visit: CurrentVisit, meeting_id: UUID) -> Response:
    return meeting_page(visit, meeting_id)


@pages.get("/meetings/{meeting_id}/edit", name="meetings:edit", access=Permission.MEETING_EDIT)
def edit(visit: CurrentVisit, meeting_id: UUID) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    bound = filled(
        EditMeetingForm,
        version=meeting.version,
        kind=meeting.kind,
        day=meeting.day,
        starts=meeting.starts,
        ends=meeting.ends,
        place=meeting.place,
        link=meeting.link,
    )
    return _edit_page(visit, meeting, bound)


@pages.post("/meetings/{meeting_id}/edit", name="meetings:update", access=Permission.MEETING_EDIT)
def update(visit: CurrentVisit, meeting_id: UUID, form: FormBody) -> Response:
    meeting = meeting_for_change(visit, meeting_id)
    bound = bind(EditMeetingForm, form)
    if bound.errors:
        return _edit_page(visit, meeting, bound, status=422)
    try:
        edit_meeting(visit.db, visit.actor, meeting_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _edit_page(visit, meeting, refused(bound, broken), status=422)
    except Conflict:
        return _edit_page(visit, meeting_for_change(visit, meeting_id), bound, status=409)
    return redirect(visit, "meetings:show", meeting_id=meeting_id, flash="saved")


def _new_page(
    visit: Visit, forum: Forum, bound: Bound[MeetingForm], *, like: Meeting | None = None, status: int = 200
) -> Response:
    kinds = choices(MEETING_KINDS, visit.language)
    context = {**frame(forum), "bound": bound, "kinds": kinds, "like": like}
    return answer(visit, "meetings/new.html", context, status=status)


def _edit_page(
    visit: Visit, meeting: MeetingPage, bound: Bound[EditMeetingForm], status: int = 200
) -> Response:
    context = {
        "meeting": meeting,
        "bound": bound,
        "kinds": choices(MEETING_KINDS, visit.language),
        "meeting_kinds": kind_words(visit),
        "is_conflict": status == 409,
    }
    return answer(visit, "meetings/edit.html", context, status=status)
