"""``/organisations``."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.directory.queries import OrganisationDetails, get_organisation, list_organisations
from app.directory.service import create_organisation, rename_organisation, update_organisation
from app.kernel.errors import Conflict, RuleBroken
from app.kernel.words import N_
from app.platform.clock import today
from app.web.directory.forms import EditOrganisationForm, NewOrganisationForm, RenameForm
from app.web.directory.pages import may_edit, named, organisation_choices, page_base, wanted_lines
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import SIDES, choices

pages = Pages()

_NO_PREDECESSOR = N_("None that we know of")


@pages.get("/organisations", name="directory:organisations", access=Permission.DIRECTORY_READ)
def show_list(visit: CurrentVisit) -> Response:
    search, number = wanted_lines(visit)
    context = {
        "found": list_organisations(visit.db, visit.actor, search=search, day=today(), page=number),
        "search": search,
        "base": page_base(visit, "directory:organisations", search),
        "sides": dict(choices(SIDES, visit.language)),
        "may_edit": may_edit(visit),
    }
    return page(visit, "directory/organisations.html", context)


@pages.get("/organisations/new", name="directory:new_organisation", access=Permission.DIRECTORY_EDIT)
def new(visit: CurrentVisit) -> Response:
    return page(visit, "directory/organisation_new.html", _new_form(visit, filled(NewOrganisationForm)))


@pages.post("/organisations", name="directory:create_organisation", access=Permission.DIRECTORY_EDIT)
def create(visit: CurrentVisit, form: FormBody) -> Response:
    bound = bind(NewOrganisationForm, form)
    if bound.errors:
        return page(visit, "directory/organisation_new.html", _new_form(visit, bound), status=422)
    try:
        organisation = create_organisation(visit.db, visit.actor, **bound.value.model_dump())
    except RuleBroken as broken:
        bound = refused(bound, broken)
        return page(visit, "directory/organisation_new.html", _new_form(visit, bound), status=422)
    return redirect(visit, "directory:organisation", organisation_id=organisation.id, flash="created")


@pages.get(
    "/organisations/{organisation_id}", name="directory:organisation", access=Permission.DIRECTORY_READ
)
def show(visit: CurrentVisit, organisation_id: UUID) -> Response:
    context = {
        "organisation": get_organisation(visit.db, visit.actor, organisation_id),
        "sides": dict(choices(SIDES, visit.language)),
        "may_edit": may_edit(visit),
        "named": named,
    }
    return page(visit, "directory/organisation.html", context)


@pages.get(
    "/organisations/{organisation_id}/edit",
    name="directory:edit_organisation",
    access=Permission.DIRECTORY_EDIT,
)
def edit(visit: CurrentVisit, organisation_id: UUID) -> Response:
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    bound = filled(
        EditOrganisationForm,
        version=organisation.version,
        side=organisation.side,
        registration_number=organisation.registration_number,
        predecessor_id=organisation.predecessor.id if organisation.predecessor else None,
    )
    return _edit_page(visit, organisation, bound)


@pages.post(
    "/organisations/{organisation_id}/edit",
    name="directory:update_organisation",
    access=Permission.DIRECTORY_EDIT,
)
def update(visit: CurrentVisit, organisation_id: UUID, form: FormBody) -> Response:
    bound = bind(EditOrganisationForm, form)
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    if bound.errors:
        return _edit_page(visit, stored, bound, status=422)
    try:
        update_organisation(visit.db, visit.actor, organisation_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _edit_page(visit, stored, refused(bound, broken), status=422)
    except Conflict:
        stored = get_organisation(visit.db, visit.actor, organisation_id)
        return _edit_page(visit, stored, bound, status=409)
    return redirect(visit, "directory:organisation", organisation_id=organisation_id, flash="saved")


@pages.get(
    "/organisations/{organisation_id}/rename",
    name="directory:new_name",
    access=Permission.DIRECTORY_EDIT,
)
def new_name(visit: CurrentVisit, organisation_id: UUID) -> Response:
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    return _rename_page(visit, organisation, filled(RenameForm, version=organisation.version))


@pages.post(
    "/organisations/{organisation_id}/rename",
    name="directory:rename_organisation",
    access=Permission.DIRECTORY_EDIT,
)
def rename(visit: CurrentVisit, organisation_id: UUID, form: FormBody) -> Response:
    bound = bind(RenameForm, form)
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    if bound.errors:
        return _rename_page(visit, stored, bound, status=422)
    try:
        rename_organisation(visit.db, visit.actor, organisation_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _rename_page(visit, stored, refused(bound, broken), status=422)
    except Conflict:
        stored = get_organisation(visit.db, visit.actor, organisation_id)
        return _rename_page(visit, stored, bound, status=409)
    return redirect(visit, "directory:organisation", organisation_id=organisation_id, flash="saved")


def _new_form(visit: Visit, bound: Bound[NewOrganisationForm]) -> dict[str, object]:
    return {
        "bound": bound,
        "sides": choices(SIDES, visit.language),
        "predecessors": organisation_choices(visit, _NO_PREDECESSOR),
    }


def _edit_page(
    visit: Visit, organisation: OrganisationDetails, bound: Bound[EditOrganisationForm], status: int = 200
) -> Response:
    context = {
        "organisation": organisation,
        "bound": bound,
        "sides": choices(SIDES, visit.language),
        "predecessors": organisation_choices(visit, _NO_PREDECESSOR, without=organisation.id),
        "is_conflict": status == 409,
    }
    return page(visit, "directory/organisation_edit.html", context, status=status)


def _rename_page(
    visit: Visit, organisation: OrganisationDetails, bound: Bound[RenameForm], status: int = 200
) -> Response:
    context = {"organisation": organisation, "bound": bound, "is_conflict": status == 409}
    return page(visit, "directory/organisation_rename.html", context, status=status)
