"""Opening a case to everybody who is signed in: looked over first, then done, and taken back."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.find import case_of_treatment
from app.cases.queries.published import published_files
from app.cases.queries.show import CasePage, show_case
from app.cases.service.readings import Reading
from app.cases.service.release import obstacles, release, withdraw_release
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken
from app.platform.i18n import LOCAL_ZONE
from app.web.cases.forms import ReleaseForm
from app.web.cases.looking import look_through
from app.web.cases.pages import case_page, note_reading
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages, refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get(
    "/treatments/{treatment_id}/release",
    name="cases:ask_release",
    access=Permission.CASE_RELEASE,
)
def ask(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """What becomes visible, what stays exempt, and what stands against it."""
    case = _case(visit, treatment_id)
    return _form(visit, case, _filled(case))


def _look_through(visit: Visit, values: Mapping[str, Any]) -> None:
    """Look through the files while nobody has to wait for us. What is found is known when the release asks for it."""
    treatment_id: UUID = values["treatment_id"]
    with visit.unit_of_work(writes=False, access=Permission.CASE_RELEASE):
        _case(visit, treatment_id)
        files = published_files(visit.db, treatment_id)
    look_through(visit, files)


@pages.post(
    "/treatments/{treatment_id}/release",
    name="cases:release",
    access=Permission.CASE_RELEASE,
    prepared=_look_through,
)
def let_go(visit: CurrentVisit, treatment_id: UUID, form: FormBody) -> Response:
    """Release what the person has looked over."""
    case = _case(visit, treatment_id)
    bound = bind(ReleaseForm, form)
    if bound.form is not None and bound.form.embargo_time and not bound.form.embargo_day:
        bound = bound.with_errors(FieldError("embargo_day", "release.embargo_no_day"))
    if bound.errors:
        return _form(visit, case, bound, status=422)
    try:
        release(
            visit.db,
            visit.actor,
            visit.store,
            treatment_id,
            version=bound.value.version,
            revision=bound.value.revision,
            embargo_until=_moment(bound.value),
        )
    except RuleBroken as broken:
        return _form(visit, case, refused(bound, broken), status=422)
    except Conflict:
        now = _case(visit, treatment_id)
        again: Bound[ReleaseForm] = Bound({**bound.data, **_filled(now).data})
        return _form(visit, now, again, status=409)
    return _back(visit, case, flash="released")


@pages.get(
    "/treatments/{treatment_id}/release/withdraw",
    name="cases:ask_withdraw_release",
    access=Permission.CASE_RELEASE,
)
def ask_withdraw(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Ask before the case is closed to the outside again."""
    case = _case(visit, treatment_id)
    if case.treatment.released_at is None:
        raise NotFound
    context = {"case": case, "treatment": case.treatment}
    return page(visit, "cases/withdraw_release.html", context)


@pages.post(
    "/treatments/{treatment_id}/release/withdraw",
    name="cases:withdraw_release",
    access=Permission.CASE_RELEASE,
)
def withdraw(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """Close the case to the outside again."""
    case = _case(visit, treatment_id)
    try:
        withdraw_release(visit.db, visit.actor, treatment_id)
    except RuleBroken as broken:
        return case_page(visit, case, reasons=broken.reasons, status=422)
    return _back(visit, case, flash="release_withdrawn")


def _case(visit: Visit, treatment_id: UUID) -> CasePage:
    case = show_case(visit.db, visit.actor, case_of_treatment(visit.db, treatment_id), treatment_id)
    if not case.may_release:
        raise NotFound
    return case


def _filled(case: CasePage) -> Bound[ReleaseForm]:
    return filled(ReleaseForm, version=case.treatment.version, revision=case.treatment.revision)


def _moment(form: ReleaseForm) -> datetime | None:
    if form.embargo_day is None:
        return None
    return datetime.combine(form.embargo_day, form.embargo_time or time(), LOCAL_ZONE)


def _form(visit: Visit, case: CasePage, bound: Bound[ReleaseForm], *, status: int = 200) -> Response:
    treatment = case.treatment
    note_reading(visit, case, Reading.PAGE)
    public = show_case(visit.db, visit.actor, case.case_id, treatment.id, as_public=True)
    blocking: tuple[Reason, ...] = ()
    if treatment.shared_at is None:
        blocking += (Reason("release.not_shared"),)
    blocking += obstacles(visit.db, visit.store, treatment.id, visit.language)
    context = {
        "case": case,
        "treatment": treatment,
        "public": public,
        "bound": bound,
        "blocking": reason_messages(visit.language, blocking),
        "is_conflict": status == 409,
    }
    return page(visit, "cases/release.html", context, status=status)


def _back(visit: Visit, case: CasePage, *, flash: str) -> Response:
    values = {"case_id": case.case_id, "treatment": case.treatment.id}
    return redirect(visit, "cases:show", flash=flash, anchor="access", **values)
