"""``/``: the meetings that come, the cases that move, and the way to one's forums."""

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.lists import recent_work
from app.cases.rules import CLOSED
from app.forums.queries import list_forums
from app.meetings.queries.lists import upcoming
from app.platform.clock import today
from app.web.forums.pages import is_active
from app.web.meetings.pages import kind_words
from app.web.shared.pages import Pages
from app.web.shared.templating import page
from app.web.shared.visit import SIGNED_IN, CurrentVisit
from app.web.shared.words import LEVELS, word

pages = Pages()

_MOVED_CASES = 12


@pages.get("/", name="home", access=SIGNED_IN)
def show(visit: CurrentVisit) -> Response:
    actor = visit.actor
    forums = list_forums(visit.db, actor)
    cases = recent_work(visit.db, actor, limit=_MOVED_CASES)
    mine = [
        case for case in cases if case.state not in CLOSED and actor.may(Permission.CASE_EDIT, case.forum_id)
    ]
    context = {
        "first_name": actor.name.split(" ")[0],
        "meetings": upcoming(visit.db, actor),
        "meeting_kinds": kind_words(visit),
        "work": mine,
        "changed": [case for case in cases if case not in mine],
        "forums": [
            (forum, word(LEVELS, forum.level, visit.language))
            for forum in forums
            if is_active(forum, today())
        ],
        "may_write_in": [forum.key for forum in forums if actor.may(Permission.CASE_EDIT, forum.id)],
        "has_forums": bool(forums),
    }
    return page(visit, "home/show.html", context)
