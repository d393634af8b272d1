"""``/admin/users``: who may log in."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.directory.queries import person_options
from app.identity.queries import UserLine, get_user, list_users, own_identities
from app.identity.service import second_factor
from app.identity.service.identities import unlink_identity
from app.identity.service.invitations import invite as make_invitation
from app.identity.service.users import create_user, update_user
from app.kernel.errors import Conflict, RuleBroken
from app.web.admin.forms import EditUserForm, NewUserForm
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect, say
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import LANGUAGES, choices

pages = Pages()


@pages.get("/admin/users", name="admin:users", access=Permission.USER_MANAGE)
def show_users(visit: CurrentVisit) -> Response:
    return page(visit, "admin/users.html", {"users": list_users(visit.db, visit.actor)})


@pages.get("/admin/users/new", name="admin:new_user", access=Permission.USER_MANAGE)
def new(visit: CurrentVisit) -> Response:
    bound = filled(NewUserForm, language=visit.language)
    return page(visit, "admin/user_new.html", _new_form(visit, bound))


@pages.post("/admin/users", name="admin:create_user", access=Permission.USER_MANAGE)
def create(visit: CurrentVisit, form: FormBody) -> Response:
    """Answers with the invitation link itself: it is nowhere else to be found afterwards."""
    bound = bind(NewUserForm, form)
    context = _new_form(visit, bound)
    if bound.errors:
        return page(visit, "admin/user_new.html", context, status=422)
    try:
        user = create_user(visit.db, visit.actor, **bound.value.model_dump())
    except RuleBroken as broken:
        context["bound"] = refused(bound, broken)
        return page(visit, "admin/user_new.html", context, status=422)
    return _invited(visit, user.id)


@pages.get("/admin/users/{user_id}", name="admin:edit_user", access=Permission.USER_MANAGE)
def edit(visit: CurrentVisit, user_id: UUID) -> Response:
    user = get_user(visit.db, visit.actor, user_id)
    bound = filled(
        EditUserForm,
        version=user.version,
        name=user.name,
        person_id=user.person_id,
        is_administrator=user.is_administrator,
        is_active=user.is_active,
    )
    return _edit_page(visit, user, bound)


@pages.post("/admin/users/{user_id}", name="admin:update_user", access=Permission.USER_MANAGE)
def update(visit: CurrentVisit, user_id: UUID, form: FormBody) -> Response:
    bound = bind(EditUserForm, form)
    if bound.errors:
        return _edit_page(visit, get_user(visit.db, visit.actor, user_id), bound, status=422)
    try:
        update_user(visit.db, visit.actor, user_id, **bound.value.model_dump())
    except RuleBroken as broken:
        user = get_user(visit.db, visit.actor, user_id)
        return _edit_page(visit, user, refused(bound, broken), status=422)
    except Conflict:
        return _edit_page(visit, get_user(visit.db, visit.actor, user_id), bound, status=409)
    is_own_right = user_id == visit.actor.user_id and not bound.value.is_administrator
    return redirect(visit, "home" if is_own_right else "admin:users", flash="saved")


@pages.post("/admin/users/{user_id}/invite", name="admin:invite", access=Permission.USER_MANAGE)
def invite(visit: CurrentVisit, user_id: UUID) -> Response:
    return _invited(visit, user_id)


@pages.post("/admin/users/{user_id}/reset-codes", name="admin:reset_codes", access=Permission.USER_MANAGE)
def reset_codes(visit: CurrentVisit, user_id: UUID) -> Response:
    """For who has lost both the phone and the recovery codes."""
    second_factor.reset(visit.db, visit.actor, user_id)
    if user_id == visit.actor.user_id:
        return redirect(visit, "account:login")
    return redirect(visit, "admin:edit_user", user_id=user_id, flash="codes_reset")


@pages.post(
    "/admin/users/{user_id}/identities/{identity_id}/remove",
    name="admin:unlink_identity",
    access=Permission.USER_MANAGE,
)
def unlink(visit: CurrentVisit, user_id: UUID, identity_id: UUID) -> Response:
    unlink_identity(visit.db, visit.actor, user_id, identity_id)
    return redirect(visit, "admin:edit_user", user_id=user_id, flash="identity_unlinked")


def _invited(visit: Visit, user_id: UUID) -> Response:
    token = make_invitation(visit.db, visit.actor, user_id, hours=visit.settings.invite_hours)
    context = {
        "user": get_user(visit.db, visit.actor, user_id),
        "link": f"{visit.settings.origin}/invite/{token}",
        "hours": visit.settings.invite_hours,
    }
    return page(visit, "admin/invited.html", context)


def _new_form(visit: Visit, bound: Bound[NewUserForm]) -> dict[str, object]:
    return {"bound": bound, "languages": choices(LANGUAGES, visit.language), "persons": _persons(visit)}


def _edit_page(visit: Visit, user: UserLine, bound: Bound[EditUserForm], status: int = 200) -> Response:
    context = {
        "user": user,
        "bound": bound,
        "persons": _persons(visit),
        "is_conflict": status == 409,
        "identities": own_identities(visit.db, user.id),
        "provider_name": visit.providers.name,
    }
    return page(visit, "admin/user_edit.html", context, status=status)


def _persons(visit: Visit) -> list[tuple[str, str]]:
    people = person_options(visit.db)
    _ = say(visit)
    return [
        ("", _("Not linked to a person")),
        *((str(each.id), f"{each.name}, {each.organisation}".rstrip(", ")) for each in people),
    ]
