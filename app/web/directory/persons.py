"""``/persons``."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.directory.queries import PersonLine, get_person, list_persons
from app.directory.service import create_person, update_person
from app.forums.queries import ForumLine, list_forums, roles_of
from app.kernel.errors import Conflict, RuleBroken
from app.kernel.words import N_
from app.platform.clock import today
from app.web.directory.forms import EditPersonForm, NewPersonForm
from app.web.directory.pages import may_edit, organisation_choices, page_base, wanted_lines
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import ROLES, word

pages = Pages()

_NO_ORGANISATION = N_("None")


@pages.get("/persons", name="directory:persons", access=Permission.DIRECTORY_READ)
def show_list(visit: CurrentVisit) -> Response:
    search, number = wanted_lines(visit)
    context = {
        "found": list_persons(visit.db, visit.actor, search=search, day=today(), page=number),
        "search": search,
        "base": page_base(visit, "directory:persons", search),
        "may_edit": may_edit(visit),
    }
    return page(visit, "directory/persons.html", context)


@pages.get("/persons/new", name="directory:new_person", access=Permission.DIRECTORY_EDIT)
def new(visit: CurrentVisit) -> Response:
    return _new_page(visit, filled(NewPersonForm))


@pages.post("/persons", name="directory:create_person", access=Permission.DIRECTORY_EDIT)
def create(visit: CurrentVisit, form: FormBody) -> Response:
    bound = bind(NewPersonForm, form)
    if bound.errors:
        return _new_page(visit, bound, status=422)
    try:
        person = create_person(visit.db, visit.actor, **bound.value.model_dump())
    except RuleBroken as broken:
        return _new_page(visit, refused(bound, broken), status=422)
    return redirect(visit, "directory:person", person_id=person.id, flash="created")


@pages.get("/persons/{person_id}", name="directory:person", access=Permission.DIRECTORY_READ)
def show(visit: CurrentVisit, person_id: UUID) -> Response:
    person = get_person(visit.db, visit.actor, person_id)
    context = {"person": person, "roles": _roles_today(visit, person_id), "may_edit": may_edit(visit)}
    return page(visit, "directory/person.html", context)


@pages.get("/persons/{person_id}/edit", name="directory:edit_person", access=Permission.DIRECTORY_EDIT)
def edit(visit: CurrentVisit, person_id: UUID) -> Response:
    person = get_person(visit.db, visit.actor, person_id)
    bound = filled(
        EditPersonForm,
        version=person.version,
        name=person.name,
        email=person.email,
        organisation_id=person.organisation_id,
    )
    return _edit_page(visit, person, bound)


@pages.post("/persons/{person_id}/edit", name="directory:update_person", access=Permission.DIRECTORY_EDIT)
def update(visit: CurrentVisit, person_id: UUID, form: FormBody) -> Response:
    bound = bind(EditPersonForm, form)
    stored = get_person(visit.db, visit.actor, person_id)
    if bound.errors:
        return _edit_page(visit, stored, bound, status=422)
    try:
        update_person(visit.db, visit.actor, person_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _edit_page(visit, stored, refused(bound, broken), status=422)
    except Conflict:
        stored = get_person(visit.db, visit.actor, person_id)
        return _edit_page(visit, stored, bound, status=409)
    return redirect(visit, "directory:person", person_id=person_id, flash="saved")


def _roles_today(visit: Visit, person_id: UUID) -> list[tuple[ForumLine, list[str]]]:
    """Where the person sits today, of the forums that the visitor may read."""
    held = roles_of(visit.db, person_id, today())
    return [
        (forum, sorted(word(ROLES, role, visit.language) for role in held[forum.id]))
        for forum in list_forums(visit.db, visit.actor)
        if forum.id in held
    ]


def _new_page(visit: Visit, bound: Bound[NewPersonForm], status: int = 200) -> Response:
    context = {"bound": bound, "organisations": organisation_choices(visit, _NO_ORGANISATION)}
    return page(visit, "directory/person_new.html", context, status=status)


def _edit_page(visit: Visit, person: PersonLine, bound: Bound[EditPersonForm], status: int = 200) -> Response:
    context = {
        "person": person,
        "bound": bound,
        "organisations": organisation_choices(visit, _NO_ORGANISATION),
        "is_conflict": status == 409,
    }
    return page(visit, "directory/person_edit.html", context, status=status)
