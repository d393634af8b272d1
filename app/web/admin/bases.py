"""``/admin/bases``: the provisions that something may be withheld by."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.exemptions.queries import BasisLine, all_bases, get_basis
from app.exemptions.service.bases import add_basis, end_basis
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.kernel.language import Language
from app.platform.clock import today
from app.web.admin.forms import BasisForm, EndBasisForm
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get("/admin/bases", name="admin:bases", access=Permission.BASIS_EDIT)
def show_bases(visit: CurrentVisit) -> Response:
    """Every basis there has been, those that are law today first in each act."""
    bases = all_bases(visit.db, visit.language)
    return page(visit, "admin/bases.html", {"bases": bases, "today": today()})


@pages.get("/admin/bases/new", name="admin:new_basis", access=Permission.BASIS_EDIT)
def new(visit: CurrentVisit) -> Response:
    return page(visit, "admin/basis_new.html", {"bound": filled(BasisForm)})


@pages.post("/admin/bases", name="admin:add_basis", access=Permission.BASIS_EDIT)
def add(visit: CurrentVisit, form: FormBody) -> Response:
    bound = bind(BasisForm, form)
    if bound.errors:
        return page(visit, "admin/basis_new.html", {"bound": bound}, status=422)
    wanted = bound.value.model_dump()
    printed = {language.value: wanted.pop(f"printed_{language.value}") for language in Language}
    try:
        add_basis(visit.db, visit.actor, printed=printed, **wanted)
    except RuleBroken as broken:
        return page(visit, "admin/basis_new.html", {"bound": refused(bound, broken)}, status=422)
    return redirect(visit, "admin:bases", flash="created")


@pages.get("/admin/bases/{basis_id}/end", name="admin:ask_end_basis", access=Permission.BASIS_EDIT)
def ask_end(visit: CurrentVisit, basis_id: UUID) -> Response:
    basis = _basis(visit, basis_id)
    return _ending(visit, basis, filled(EndBasisForm, version=basis.version, valid_to=basis.valid_to))


@pages.post("/admin/bases/{basis_id}/end", name="admin:end_basis", access=Permission.BASIS_EDIT)
def end(visit: CurrentVisit, basis_id: UUID, form: FormBody) -> Response:
    basis = _basis(visit, basis_id)
    bound = bind(EndBasisForm, form)
    if bound.errors:
        return _ending(visit, basis, bound, status=422)
    wanted = bound.value
    try:
        end_basis(visit.db, visit.actor, basis_id, version=wanted.version, valid_to=wanted.valid_to)
    except RuleBroken as broken:
        return _ending(visit, basis, refused(bound, broken), status=422)
    except Conflict:
        now = _basis(visit, basis_id)
        again: Bound[EndBasisForm] = Bound({**bound.data, "version": str(now.version)})
        return _ending(visit, now, again, status=409)
    return redirect(visit, "admin:bases", flash="ended")


def _basis(visit: Visit, basis_id: UUID) -> BasisLine:
    basis = get_basis(visit.db, basis_id, visit.language)
    if basis is None:
        raise NotFound
    return basis


def _ending(visit: Visit, basis: BasisLine, bound: Bound[EndBasisForm], *, status: int = 200) -> Response:
    context = {"basis": basis, "bound": bound, "is_conflict": status == 409}
    return page(visit, "admin/basis_end.html", context, status=status)
