"""``/forums/{key}/mandates``: what the forum is to do and may do, from day to day."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.forums.models import Forum, Mandate
from app.forums.queries import get_forum
from app.forums.service.mandates import MandateFields, add_mandate, remove_mandate, update_mandate
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.forums.forms import EditMandateForm, MandateForm, RemoveForm
from app.web.forums.pages import for_change, frame
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()

_FIELDS = ("valid_from", "valid_to", "text", "may_advise", "may_decide", "may_start_stop", "may_grant")


@pages.get("/forums/{key}/mandates/new", name="forums:new_mandate", access=Permission.FORUM_EDIT)
def new(visit: CurrentVisit, key: str) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    return _new_page(visit, forum, filled(MandateForm, may_advise=True))


@pages.post("/forums/{key}/mandates", name="forums:add_mandate", access=Permission.FORUM_EDIT)
def add(visit: CurrentVisit, key: str, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    bound = bind(MandateForm, form)
    if bound.errors:
        return _new_page(visit, forum, bound, status=422)
    try:
        add_mandate(visit.db, visit.actor, forum.id, **_typed(bound.value))
    except RuleBroken as broken:
        return _new_page(visit, forum, refused(bound, broken), status=422)
    return redirect(visit, "forums:settings", key=key, flash="saved", anchor="mandates")


@pages.get("/forums/{key}/mandates/{mandate_id}", name="forums:edit_mandate", access=Permission.FORUM_EDIT)
def edit(visit: CurrentVisit, key: str, mandate_id: UUID) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    mandate = _mandate(forum, mandate_id)
    values = {field: getattr(mandate, field) for field in _FIELDS}
    return _edit_page(visit, forum, mandate, filled(EditMandateForm, version=forum.version, **values))


@pages.post("/forums/{key}/mandates/{mandate_id}", name="forums:update_mandate", access=Permission.FORUM_EDIT)
def update(visit: CurrentVisit, key: str, mandate_id: UUID, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    mandate = _mandate(forum, mandate_id)
    bound = bind(EditMandateForm, form)
    if bound.errors:
        return _edit_page(visit, forum, mandate, bound, status=422)
    try:
        update_mandate(visit.db, visit.actor, mandate_id, version=bound.value.version, **_typed(bound.value))
    except RuleBroken as broken:
        return _edit_page(visit, forum, mandate, refused(bound, broken), status=422)
    except Conflict:
        forum = get_forum(visit.db, visit.actor, key)
        return _edit_page(visit, forum, _mandate(forum, mandate_id), bound, status=409)
    return redirect(visit, "forums:settings", key=key, flash="saved", anchor="mandates")


@pages.get(
    "/forums/{key}/mandates/{mandate_id}/remove",
    name="forums:ask_remove_mandate",
    access=Permission.FORUM_EDIT,
)
def ask_remove(visit: CurrentVisit, key: str, mandate_id: UUID) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    return _remove_page(visit, forum, mandate_id, filled(RemoveForm, version=forum.version))


@pages.post(
    "/forums/{key}/mandates/{mandate_id}/remove", name="forums:remove_mandate", access=Permission.FORUM_EDIT
)
def remove(visit: CurrentVisit, key: str, mandate_id: UUID, form: FormBody) -> Response:
    forum = for_change(visit, key, Permission.FORUM_EDIT)
    mandate = _mandate(forum, mandate_id)
    bound = bind(RemoveForm, form)
    if bound.errors:
        return _remove_page(visit, forum, mandate_id, bound, status=422)
    try:
        remove_mandate(visit.db, visit.actor, mandate.id, version=bound.value.version)
    except Conflict:
        forum = get_forum(visit.db, visit.actor, key)
        bound = bound.with_errors(FieldError("", "changed_meanwhile"))
        return _remove_page(visit, forum, mandate_id, bound, status=409)
    return redirect(visit, "forums:settings", key=key, flash="removed", anchor="mandates")


def _mandate(forum: Forum, mandate_id: UUID) -> Mandate:
    found = next((mandate for mandate in forum.mandates if mandate.id == mandate_id), None)
    if found is None:
        raise NotFound
    return found


def _typed(form: MandateForm) -> MandateFields:
    return {
        "valid_from": form.valid_from,
        "valid_to": form.valid_to,
        "text": form.text,
        "may_advise": form.may_advise,
        "may_decide": form.may_decide,
        "may_start_stop": form.may_start_stop,
        "may_grant": form.may_grant,
    }


def _new_page(visit: Visit, forum: Forum, bound: Bound[MandateForm], status: int = 200) -> Response:
    return page(visit, "forums/mandate_new.html", {**frame(forum), "bound": bound}, status=status)


def _edit_page(
    visit: Visit, forum: Forum, mandate: Mandate, bound: Bound[EditMandateForm], status: int = 200
) -> Response:
    context = {**frame(forum), "mandate": mandate, "bound": bound, "is_conflict": status == 409}
    return page(visit, "forums/mandate_edit.html", context, status=status)


def _remove_page(
    visit: Visit, forum: Forum, mandate_id: UUID, bound: Bound[RemoveForm], status: int = 200
) -> Response:
    context = {**frame(forum), "mandate": _mandate(forum, mandate_id), "bound": bound}
    return page(visit, "forums/mandate_remove.html", context, status=status)
