"""``/forums/{key}/settings/deadlines``: when things are due before and after the forum's meetings."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from fastapi import Response

from app.access.permissions import Permission
from app.forums.deadline_rules import DeadlineKind, DeadlineRule, dues
from app.forums.models import Forum
from app.forums.queries import deadline_rules, get_forum
from app.forums.service.deadlines import set_deadlines
from app.kernel.errors import Conflict, RuleBroken
from app.kernel.language import Language
from app.platform.clock import today
from app.platform.i18n import weekdays
from app.web.forums.forms import DEADLINE_PARTS, DeadlinesForm
from app.web.forums.pages import for_change, frame, refused_under
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import DEADLINES, choices, word

pages = Pages()


@pages.get("/forums/{key}/settings/deadlines", name="forums:edit_deadlines", access=Permission.FORUM_EDIT)
def edit(visit: CurrentVisit, key: str) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    stored = {
        f"{rule.kind}_{part}": getattr(rule, part)
        for rule in deadline_rules(visit.db, forum.id)
        for part in DEADLINE_PARTS
    }
    return _page(visit, forum, filled(DeadlinesForm, version=forum.version, **stored))


@pages.post("/forums/{key}/settings/deadlines", name="forums:update_deadlines", access=Permission.FORUM_EDIT)
def update(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = bind(DeadlinesForm, form)
    if bound.errors:
        return _page(visit, forum, bound, status=422)
    lonely = [FieldError(f"{kind}_days", "missing") for kind in bound.value.without_days()]
    if lonely:
        return _page(visit, forum, bound.with_errors(*lonely), status=422)
    try:
        set_deadlines(visit.db, visit.actor, forum.id, version=bound.value.version, rules=bound.value.rules())
    except RuleBroken as broken:
        fields = {kind.value: f"{kind}_days" for kind in DeadlineKind}
        return _page(visit, forum, refused_under(bound, broken, **fields), status=422)
    except Conflict:
        return _page(visit, get_forum(visit.db, visit.actor, key), bound, status=409)
    return redirect(visit, "forums:settings", key=key, flash="saved")


def named(rules: Iterable[DeadlineRule], language: Language) -> list[tuple[str, DeadlineRule | None]]:
    """Every kind of deadline with the forum's rule for it, or None."""
    by_kind = {rule.kind: rule for rule in rules}
    return [(shown, by_kind.get(DeadlineKind(kind))) for kind, shown in choices(DEADLINES, language)]


def _page(visit: Visit, forum: Forum, bound: Bound[DeadlinesForm], status: int = 200) -> Response:
    stored = deadline_rules(visit.db, forum.id)
    meeting_day = today() + timedelta(days=60)
    context: dict[str, Any] = {
        **frame(forum),
        "bound": bound,
        "kinds": choices(DEADLINES, visit.language),
        "weekdays": dict(enumerate(weekdays(visit.language))),
        "is_conflict": status == 409,
        "stored": named(stored, visit.language),
        "example_of": meeting_day,
        "examples": [
            (word(DEADLINES, due.kind, visit.language), due.day, due.at)
            for due in dues(stored, meeting_day, today())
        ],
    }
    return page(visit, "forums/deadlines.html", context, status=status)
