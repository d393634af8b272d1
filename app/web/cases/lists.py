"""The list of cases."""

from urllib.parse import urlencode

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.lists import list_cases
from app.cases.rules import TreatmentState
from app.forums.queries import list_forums
from app.kernel.text import clean_line
from app.web.cases.words import STATES
from app.web.shared.pages import Pages
from app.web.shared.templating import page as answer
from app.web.shared.templating import say
from app.web.shared.visit import CurrentVisit
from app.web.shared.words import choices

pages = Pages()


@pages.get("/cases", name="cases:list", access=Permission.CASE_READ)
def show_list(visit: CurrentVisit, q: str = "", forum: str = "", state: str = "", page: int = 1) -> Response:
    """The cases that the caller may read, those changed last first; what the filters do not know is left out."""
    _ = say(visit)
    forums = list_forums(visit.db, visit.actor)
    chosen = next((each for each in forums if each.key == forum), None)
    wanted_state = TreatmentState(state) if state in set(TreatmentState) else None
    words = clean_line(q)
    found = list_cases(
        visit.db,
        visit.actor,
        forum_id=chosen.id if chosen else None,
        state=wanted_state,
        search=words,
        page=page,
    )
    filters = {"q": words, "forum": chosen.key if chosen else "", "state": wanted_state or ""}
    kept = {name: str(value) for name, value in filters.items() if value}
    context = {
        "found": found,
        "filters": filters,
        "is_filtered": bool(kept),
        "page_base": f"/cases?{urlencode({**kept, 'page': ''})}",
        "forum_options": [("", _("All forums")), *((each.key, each.name) for each in forums)],
        "state_options": [("", _("All states")), *choices(STATES, visit.language)],
        "may_create": any(visit.actor.may(Permission.CASE_EDIT, each.id) for each in forums),
    }
    return answer(visit, "cases/list.html", context)
