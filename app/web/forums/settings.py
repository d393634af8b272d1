"""``/forums/{key}/settings``: an overview, what the forum is, and how it numbers its cases."""

from typing import Any

from fastapi import Response

from app.access.permissions import Permission
from app.directory.queries import organisation_names
from app.forums.models import Forum
from app.forums.queries import deadline_rules, forum_overview, get_forum, labels_of
from app.forums.service.forums import update_forum
from app.kernel.case_number import format_case_number
from app.kernel.errors import Conflict, RuleBroken
from app.platform.clock import today
from app.platform.i18n import weekdays
from app.web.forums.deadlines import named
from app.web.forums.forms import EditForumForm, NumberingForm
from app.web.forums.pages import (
    for_change,
    forum_words,
    frame,
    organisation_choices,
    parent_choices,
    refused_under,
)
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import CASE_KINDS, LANGUAGES, LEVELS, PART_KINDS, PERIODS, choices, word

pages = Pages()

_BASICS = (
    "name", "parent_id", "level", "language", "default_place", "secretariat_id", "active_from", "active_to",
)  # fmt: skip
_NUMBERING = ("series_period", "series_prefix", "paper_pattern", "minutes_pattern", "file_pattern")
_EXAMPLE = 13  # any number of two digits


@pages.get("/forums/{key}/settings", name="forums:settings", access=Permission.FORUM_EDIT)
def show(visit: CurrentVisit, key: str) -> Response:
    stored = for_change(visit, key, Permission.FORUM_EDIT)
    forum = forum_overview(visit.db, visit.actor, key, today())
    labels = labels_of(visit.db, forum.id, forum.language)
    context = {
        **frame(forum),
        "level": word(LEVELS, forum.level, visit.language),
        "paper_language": word(LANGUAGES, forum.language, visit.language),
        "period": word(PERIODS, stored.series_period, visit.language),
        "prefix": stored.series_prefix,
        "examples": _examples({field: getattr(stored, field) for field in _NUMBERING}),
        "deadlines": named(deadline_rules(visit.db, forum.id), visit.language),
        "weekdays": weekdays(visit.language),
        "labels": [(shown, labels.case_kind[kind]) for kind, shown in choices(CASE_KINDS, visit.language)],
        "sections": [
            (labels.section.get(section.key, section.key), word(PART_KINDS, section.kind, visit.language))
            for section in stored.sections
        ],
    }
    return page(visit, "forums/settings.html", context)


@pages.get("/forums/{key}/settings/basics", name="forums:edit", access=Permission.FORUM_EDIT)
def edit(visit: CurrentVisit, key: str) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = filled(EditForumForm, version=forum.version, **_values(forum, _BASICS))
    return _edit_page(visit, forum, bound)


@pages.post("/forums/{key}/settings/basics", name="forums:update", access=Permission.FORUM_EDIT)
def update(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = bind(EditForumForm, form)
    if bound.errors:
        return _edit_page(visit, forum, bound, status=422)
    try:
        update_forum(
            visit.db, visit.actor, forum.id, **_values(forum, _NUMBERING), **bound.value.model_dump()
        )
    except RuleBroken as broken:
        return _edit_page(visit, forum, refused_under(bound, broken, valid_to="active_to"), status=422)
    except Conflict:
        return _edit_page(visit, get_forum(visit.db, visit.actor, key), bound, status=409)
    return redirect(visit, "forums:settings", key=key, flash="saved")


@pages.get("/forums/{key}/settings/numbering", name="forums:edit_numbering", access=Permission.FORUM_EDIT)
def edit_numbering(visit: CurrentVisit, key: str) -> Response:
    """The form as it is stored; or, when the address carries the form, as it was typed, with the examples that it gives."""
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    asked = visit.request.query_params
    typed = {field: asked[field] for field in ("version", *_NUMBERING) if field in asked}
    bound = filled(NumberingForm, **{"version": forum.version, **_values(forum, _NUMBERING), **typed})
    return _numbering_page(visit, forum, bound)


@pages.post("/forums/{key}/settings/numbering", name="forums:update_numbering", access=Permission.FORUM_EDIT)
def update_numbering(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = bind(NumberingForm, form)
    if bound.errors:
        return _numbering_page(visit, forum, bound, status=422)
    try:
        update_forum(visit.db, visit.actor, forum.id, **_values(forum, _BASICS), **bound.value.model_dump())
    except RuleBroken as broken:
        return _numbering_page(visit, forum, refused(bound, broken), status=422)
    except Conflict:
        return _numbering_page(visit, get_forum(visit.db, visit.actor, key), bound, status=409)
    return redirect(visit, "forums:settings", key=key, flash="saved")


def _values(forum: Forum, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(forum, field) for field in fields}


def _examples(values: dict[str, str]) -> dict[str, str | None]:
    """What each pattern prints; None for one that cannot be used."""
    shown: dict[str, str | None] = {}
    for field in ("paper_pattern", "minutes_pattern", "file_pattern"):
        try:
            shown[field] = format_case_number(values[field], _EXAMPLE, today().year, values["series_prefix"])
        except ValueError:
            shown[field] = None
    return shown


def _edit_page(visit: Visit, forum: Forum, bound: Bound[EditForumForm], status: int = 200) -> Response:
    parents = parent_choices(visit, without=forum.id)
    names = organisation_names(visit.db, [forum.secretariat_id] if forum.secretariat_id else [], today())
    context = {
        **frame(forum),
        **forum_words(visit),
        "bound": bound,
        "parents": parents,
        "organisations": organisation_choices(visit, today()),
        "is_conflict": status == 409,
        "stored_level": word(LEVELS, forum.level, visit.language),
        "stored_language": word(LANGUAGES, forum.language, visit.language),
        "stored_parent": dict(parents).get(str(forum.parent_id)),
        "stored_secretariat": next((name.name for name in names.values()), None),
    }
    return page(visit, "forums/edit.html", context, status=status)


def _numbering_page(visit: Visit, forum: Forum, bound: Bound[NumberingForm], status: int = 200) -> Response:
    context = {
        **frame(forum),
        **forum_words(visit),
        "bound": bound,
        "examples": _examples({field: bound.raw(field).strip() for field in _NUMBERING}),
        "is_conflict": status == 409,
        "stored_period": word(PERIODS, forum.series_period, visit.language),
    }
    return page(visit, "forums/numbering.html", context, status=status, block="examples")
