"""Exempting a title, a paper, a part or an attachment from public access, and ending that."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.find import case_of_treatment
from app.cases.queries.show import CasePage, show_case
from app.cases.service.exempt import Target, end_exemption, exempt
from app.cases.service.readings import Reading
from app.exemptions.queries import ExemptionView
from app.exemptions.rules import MAY_BE_REDACTED, NEEDS_PUBLIC_TEXT, Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.files.models import Blob
from app.files.service import keep
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.cases.editor import ACCEPT
from app.web.cases.looking import look_at_everything, take_in_redacted
from app.web.cases.pages import note_reading
from app.web.shared.exemptions import (
    EndExemptionForm,
    ExemptionForm,
    basis_options,
    draft_of,
    replacing,
    sent_form,
    standing_form,
)
from app.web.shared.forms import Bound, FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.uploads import FileForm, FileFormBody, too_large
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()

_THING = "/treatments/{treatment_id}/exempt/{covers}/{record_id}"


@dataclass(frozen=True, slots=True)
class Thing:
    """What is exempted, as the page names it. ``record_id`` of a title or a whole paper is that of the treatment."""

    covers: Covers
    record_id: UUID
    name: str
    exemption: ExemptionView | None
    has_file: bool

    @property
    def target(self) -> Target:
        """The thing as the command wants it."""
        return Target(self.covers, self.record_id)


@pages.get(_THING, name="cases:ask_exempt", access=Permission.CASE_EXEMPT)
def ask(visit: CurrentVisit, treatment_id: UUID, covers: Covers, record_id: UUID) -> Response:
    """The form, filled with the decision that stands, when there is one."""
    case = _case(visit, treatment_id)
    thing = _thing(case, covers, record_id)
    return _form(visit, case, thing, standing_form(thing.exemption))


@pages.post(_THING, name="cases:exempt", access=Permission.CASE_EXEMPT, prepared=take_in_redacted)
def decide(
    visit: CurrentVisit, treatment_id: UUID, covers: Covers, record_id: UUID, upload: FileFormBody
) -> Response:
    """Decide, or decide again."""
    case = _case(visit, treatment_id)
    thing = _thing(case, covers, record_id)
    if upload.is_too_long:
        return _form(
            visit, case, thing, standing_form(thing.exemption).with_errors(too_large(visit)), status=413
        )
    bound = sent_form(upload.form)
    if bound.errors:
        return _form(visit, case, thing, bound, status=422)
    try:
        made = bound.value
        exempt(
            visit.db,
            visit.actor,
            visit.store,
            treatment_id,
            thing.target,
            _draft(visit, thing, made, upload),
            replaces=made.replaces,
        )
    except RuleBroken as broken:
        return _form(visit, case, thing, refused(bound, broken), status=422)
    except Conflict:
        now = _thing(_case(visit, treatment_id), covers, record_id)
        return _form(visit, case, now, bound, status=409)
    return _back(visit, case, flash="exempted")


@pages.get(f"{_THING}/end", name="cases:ask_end_exemption", access=Permission.CASE_EXEMPT)
def ask_end(visit: CurrentVisit, treatment_id: UUID, covers: Covers, record_id: UUID) -> Response:
    """Ask before what was withheld is given free."""
    case = _case(visit, treatment_id)
    thing = _thing(case, covers, record_id)
    if thing.exemption is None:
        raise NotFound
    return _ending(visit, case, thing)


@pages.post(
    f"{_THING}/end",
    name="cases:end_exemption",
    access=Permission.CASE_EXEMPT,
    prepared=look_at_everything,
)
def end(visit: CurrentVisit, treatment_id: UUID, covers: Covers, record_id: UUID, form: FormBody) -> Response:
    """Give it free."""
    case = _case(visit, treatment_id)
    thing = _thing(case, covers, record_id)
    bound = bind(EndExemptionForm, form)
    if thing.exemption is None:
        return _back(visit, case, flash="exemption_ended")
    if bound.errors:
        return _ending(visit, case, thing, status=422)
    try:
        end_exemption(
            visit.db,
            visit.actor,
            visit.store,
            treatment_id,
            thing.target,
            exemption_id=bound.value.exemption_id,
        )
    except RuleBroken as broken:
        return _ending(visit, case, thing, bound=refused(bound, broken), status=422)
    except Conflict:
        return _ending(visit, _case(visit, treatment_id), thing, is_conflict=True, status=409)
    return _back(visit, case, flash="exemption_ended")


def _case(visit: Visit, treatment_id: UUID) -> CasePage:
    case = show_case(visit.db, visit.actor, case_of_treatment(visit.db, treatment_id), treatment_id)
    if not case.may_exempt:
        raise NotFound
    return case


def _thing(case: CasePage, covers: Covers, record_id: UUID) -> Thing:
    treatment = case.treatment
    if covers is Covers.TITLE and record_id == treatment.id:
        return Thing(covers, record_id, treatment.title, treatment.title_exemption, False)
    if covers is Covers.DOCUMENT and record_id == treatment.id:
        return Thing(covers, record_id, treatment.title, treatment.paper_exemption, False)
    if covers is Covers.PART:
        for part in case.parts:
            if part.id == record_id:
                return Thing(covers, record_id, part.heading, part.exemption, False)
    if covers is Covers.ATTACHMENT:
        for line in case.attachments:
            if line.id == record_id:
                return Thing(covers, record_id, line.title, line.exemption, line.size is not None)
    raise NotFound


def _draft(visit: Visit, thing: Thing, made: ExemptionForm, upload: FileForm) -> ExemptionDraft:
    redacted, name = _redacted(visit, thing, made, upload)
    return draft_of(made, thing.covers, redacted=redacted, redacted_name=name)


def _redacted(visit: Visit, thing: Thing, made: ExemptionForm, upload: FileForm) -> tuple[Blob | None, str]:
    """The file chosen now; else the one that stands, unless it is to go."""
    if thing.covers not in MAY_BE_REDACTED:
        return None, ""
    arrival = upload.arrival
    if arrival is not None:
        stored = keep(visit.db, arrival)
        return stored.blob, stored.file_name
    standing = thing.exemption
    if standing is None or not standing.redacted_sha256 or made.drop_redacted:
        return None, ""
    return visit.db.get(Blob, standing.redacted_sha256), standing.redacted_name


def _form(
    visit: Visit, case: CasePage, thing: Thing, bound: Bound[ExemptionForm], *, status: int = 200
) -> Response:
    note_reading(visit, case, Reading.EDITOR)  # its words and the reason why they are withheld
    if status == 409:
        bound = replacing(bound, thing.exemption)
    context = {
        "case": case,
        "treatment": case.treatment,
        "thing": thing,
        "bound": bound,
        "is_conflict": status == 409,
        "bases": basis_options(visit),
        "needs_public_text": thing.covers in NEEDS_PUBLIC_TEXT,
        "may_be_redacted": thing.covers in MAY_BE_REDACTED,
        "accept": ACCEPT,
        "max_upload_mb": visit.settings.max_upload_mb,
    }
    return page(visit, "cases/exempt.html", context, status=status)


def _ending(
    visit: Visit,
    case: CasePage,
    thing: Thing,
    *,
    bound: Bound[EndExemptionForm] | None = None,
    is_conflict: bool = False,
    status: int = 200,
) -> Response:
    note_reading(visit, case, Reading.EDITOR)
    context = {
        "case": case,
        "treatment": case.treatment,
        "thing": thing,
        "bound": bound,
        "is_conflict": is_conflict,
    }
    return page(visit, "cases/end_exemption.html", context, status=status)


def _back(visit: Visit, case: CasePage, *, flash: str) -> Response:
    values = {"case_id": case.case_id, "treatment": case.treatment.id}
    return redirect(visit, "cases:show", flash=flash, anchor="access", **values)
