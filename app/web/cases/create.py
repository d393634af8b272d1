"""A new case: first where, then what."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.service.create import create_case
from app.forums.queries import ForumLine, get_forum, labels_of, list_forums
from app.kernel.errors import NotFound, RuleBroken
from app.web.cases.forms import NewCaseForm
from app.web.cases.lookups import Directory
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import LANGUAGES, choices
from app.web.writing.shown import drafted, find_form_draft, forget_saved
from app.writing.rules import DraftKind, forum_key

pages = Pages()


@pages.get("/cases/new", name="cases:new", access=Permission.CASE_EDIT)
def new(visit: CurrentVisit, forum: str = "") -> Response:
    """The form, in the words of the forum; without a forum, the forums to choose from."""
    if forum:
        return _form(visit, forum)
    possible = _possible(visit)
    if len(possible) == 1:
        return _form(visit, possible[0].key)
    return page(visit, "cases/choose_forum.html", {"forums": possible})


@pages.post("/cases/new", name="cases:create", access=Permission.CASE_EDIT)
def create(visit: CurrentVisit, form: FormBody) -> Response:
    """Make the case and go on to write its paper."""
    bound = bind(NewCaseForm, form)
    key = bound.raw("forum")
    if bound.errors:
        return _form(visit, key, bound)
    wanted = bound.value
    forum = get_forum(visit.db, visit.actor, wanted.forum)
    directory = Directory.load(visit)
    try:
        treatment = create_case(
            visit.db,
            visit.actor,
            forum_id=forum.id,
            title=wanted.title,
            kind=wanted.kind,
            wanted_result=wanted.wanted_result,
            language=wanted.language,
            presenters=directory.presenters(wanted.presenters),
            preparer=wanted.preparer,
            preparer_organisation_id=directory.organisation(wanted.preparer),
        )
    except RuleBroken as broken:
        return _form(visit, key, refused(bound, broken))
    forget_saved(visit, forum_key(forum.id, DraftKind.NEW_CASE), form)
    return redirect(visit, "cases:edit", case_id=treatment.case_id, treatment=treatment.id, flash="created")


def _form(visit: Visit, key: str, bound: Bound[NewCaseForm] | None = None) -> Response:
    forum = get_forum(visit.db, visit.actor, key)
    if not _may_create(visit, forum.id):
        raise NotFound
    labels = labels_of(visit.db, forum.id, forum.language)
    draft = find_form_draft(visit, forum_key(forum.id, DraftKind.NEW_CASE))
    begins = filled(NewCaseForm, forum=key, kind="decide", language=forum.language.value)
    context = {
        "forum": forum,
        "has_others": len(_possible(visit)) > 1,
        "kinds": list(labels.case_kind.items()),
        "languages": choices(LANGUAGES, visit.language),
        "directory": Directory.load(visit),
        "bound": bound or drafted(NewCaseForm, draft) or begins,
        "draft": draft,
    }
    return page(visit, "cases/new.html", context, status=422 if bound else 200)


def _possible(visit: Visit) -> list[ForumLine]:
    return [each for each in list_forums(visit.db, visit.actor) if _may_create(visit, each.id)]


def _may_create(visit: Visit, forum_id: UUID) -> bool:
    return visit.actor.may(Permission.CASE_EDIT, forum_id)
