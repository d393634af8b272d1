"""``/forums``: the list, a new one, the overview and the history of each."""

from fastapi import Response

from app.access.actor import require
from app.access.permissions import Permission
from app.audit.queries import history
from app.cases.queries.lists import list_cases
from app.forums.queries import forum_overview, get_forum, list_forums
from app.forums.service.forums import create_forum
from app.kernel.errors import RuleBroken
from app.meetings.queries.lists import list_meetings, upcoming
from app.platform.clock import today
from app.web.forums.forms import NewForumForm
from app.web.forums.pages import (
    forum_words,
    frame,
    is_active,
    organisation_choices,
    parent_choices,
    refused_under,
)
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.history import ONE_MORE, Before, history_page
from app.web.shared.pages import Pages
from app.web.shared.templating import page, redirect
from app.web.shared.visit import SIGNED_IN, CurrentVisit, Visit
from app.web.shared.words import LANGUAGES, LEVELS, MEETING_KINDS, word

pages = Pages()

_NEXT_MEETINGS = 3
_RECENT_CASES = 6


@pages.get("/forums", name="forums:list", access=SIGNED_IN)
def show_list(visit: CurrentVisit) -> Response:
    forums = list_forums(visit.db, visit.actor)
    names = {forum.id: forum.name for forum in forums}
    lines = [
        {
            "forum": forum,
            "parent": names.get(forum.parent_id) if forum.parent_id else None,
            "level": word(LEVELS, forum.level, visit.language),
            "is_active": is_active(forum, today()),
        }
        for forum in forums
    ]
    return page(visit, "forums/list.html", {"lines": lines})


@pages.get("/forums/new", name="forums:new", access=Permission.FORUM_CREATE)
def new(visit: CurrentVisit) -> Response:
    return _new_page(visit, filled(NewForumForm))


@pages.post("/forums", name="forums:create", access=Permission.FORUM_CREATE)
def create(visit: CurrentVisit, form: FormBody) -> Response:
    bound = bind(NewForumForm, form)
    if bound.errors:
        return _new_page(visit, bound, status=422)
    try:
        forum = create_forum(visit.db, visit.actor, **bound.value.model_dump())
    except RuleBroken as broken:
        return _new_page(visit, refused_under(bound, broken, valid_to="active_to"), status=422)
    return redirect(visit, "forums:show", key=forum.key, flash="created")


@pages.get("/forums/{key}", name="forums:show", access=Permission.FORUM_READ)
def show(visit: CurrentVisit, key: str) -> Response:
    forum = forum_overview(visit.db, visit.actor, key, today())
    cases = list_cases(visit.db, visit.actor, forum_id=forum.id).lines[:_RECENT_CASES]
    meetings = upcoming(visit.db, visit.actor, forum_id=forum.id, limit=_NEXT_MEETINGS)
    earlier = () if meetings else list_meetings(visit.db, visit.actor, forum.id).lines[:_NEXT_MEETINGS]
    context = {
        **frame(forum),
        "level": word(LEVELS, forum.level, visit.language),
        "paper_language": word(LANGUAGES, forum.language, visit.language),
        "meeting_kinds": {kind: word(MEETING_KINDS, kind, visit.language) for kind in MEETING_KINDS},
        "meetings": meetings,
        "earlier": earlier,
        "cases": cases,
    }
    return page(visit, "forums/show.html", context)


@pages.get("/forums/{key}/history", name="forums:history", access=Permission.FORUM_HISTORY)
def show_history(visit: CurrentVisit, key: str, before: Before = None) -> Response:
    forum = get_forum(visit.db, visit.actor, key)
    require(visit.actor, Permission.FORUM_HISTORY, forum.id)
    lines = history(visit.db, forum_id=forum.id, before=before, limit=ONE_MORE)
    return page(visit, "forums/history.html", {**frame(forum), **history_page(visit, lines, before)})


def _new_page(visit: Visit, bound: Bound[NewForumForm], status: int = 200) -> Response:
    context = {
        **forum_words(visit),
        "bound": bound,
        "parents": parent_choices(visit),
        "organisations": organisation_choices(visit, today()),
    }
    return page(visit, "forums/new.html", context, status=status)
