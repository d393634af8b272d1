"""``/organisations/…/template``: the Word file that gives an organisation's papers their look."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.directory.queries import OrganisationDetails, get_organisation
from app.directory.service import discard_template, offer_template, set_template, use_template
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.checking import check_template, require_template
from app.documents.docx.opening import CONTENT_TAG, LARGEST
from app.documents.docx.sample import sample_content
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.files.queries import scan_state_of
from app.files.rules import MEDIA_TYPES, media_type_of
from app.files.service import keep, require_outgoing
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken
from app.kernel.words import N_
from app.web.directory.forms import TemplateForm
from app.web.shared.downloads import download_bytes, download_path
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import reason_messages, refused
from app.web.shared.templating import page, redirect, say
from app.web.shared.uploads import FileForm, FileFormBody
from app.web.shared.visit import CurrentVisit, Visit
from app.web.shared.words import TAKEN_OUT, word

pages = Pages()

_PATH = "/organisations/{organisation_id}/template"
_PLACES = {
    "meta:forum": N_("forum"),
    "meta:number": N_("number of the case"),
    "meta:case": N_("case and number"),
    "meta:title": N_("title of the case"),
    "meta:meeting_date": N_("date of the meeting"),
    "meta:kind": N_("kind of case"),
    "page": N_("page number"),
}


@pages.get(_PATH, name="directory:template", access=Permission.DIRECTORY_EDIT)
def show(visit: CurrentVisit, organisation_id: UUID) -> Response:
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    return _show(visit, organisation, filled(TemplateForm, version=organisation.version))


def _receive(visit: Visit, values: Mapping[str, Any]) -> None:
    """Look into the file, and whether papers can be built with it, before the transaction."""
    upload: FileForm = values["upload"]
    upload.receive(visit, limit=LARGEST, as_template=True, check=require_template)


@pages.post(_PATH, name="directory:offer_template", access=Permission.DIRECTORY_EDIT, prepared=_receive)
def offer(visit: CurrentVisit, organisation_id: UUID, upload: FileFormBody) -> Response:
    """Keep the file, to be looked at before papers are made with it."""
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    if upload.is_too_long:
        bound = filled(TemplateForm, version=stored.version).with_errors(
            FieldError("file", "template-too-large")
        )
        return _show(visit, stored, bound, status=413)
    bound = bind(TemplateForm, upload.form)
    if upload.file is None:
        bound = bound.with_errors(FieldError("file", "file.missing"))
    if bound.errors:
        return _show(visit, stored, bound, status=422)
    try:
        arrival = upload.arrival
        if arrival is None:
            raise RuleBroken(Reason("file.missing", "file"))
        kept = keep(visit.db, arrival)
        offer_template(
            visit.db,
            visit.actor,
            organisation_id,
            version=bound.value.version,
            sha256=kept.blob.sha256,
            name=kept.file_name,
            removed=kept.removed,
        )
    except RuleBroken as broken:
        return _show(visit, stored, refused(bound, broken), status=422)
    except Conflict:
        return _show(visit, get_organisation(visit.db, visit.actor, organisation_id), bound, status=409)
    return redirect(visit, "directory:template", organisation_id=organisation_id, flash="template_offered")


@pages.post(f"{_PATH}/use", name="directory:use_template", access=Permission.DIRECTORY_EDIT)
def use(visit: CurrentVisit, organisation_id: UUID, form: FormBody) -> Response:
    """Make papers with the template that waits."""
    bound = bind(TemplateForm, form)
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    if bound.errors:
        return _show(visit, stored, bound, status=422)
    if stored.candidate_sha256 is None:
        raise NotFound
    try:
        require_outgoing(scan_state_of(visit.db, stored.candidate_sha256))
        use_template(visit.db, visit.actor, organisation_id, version=bound.value.version)
    except RuleBroken as broken:
        return _show(visit, stored, refused(bound, broken), status=422)
    except Conflict:
        return _show(visit, stored, bound, status=409)
    return redirect(visit, "directory:template", organisation_id=organisation_id, flash="template_used")


@pages.post(f"{_PATH}/discard", name="directory:discard_template", access=Permission.DIRECTORY_EDIT)
def discard(visit: CurrentVisit, organisation_id: UUID, form: FormBody) -> Response:
    """Leave the template that waits."""
    bound = bind(TemplateForm, form)
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    if bound.errors:
        return _show(visit, stored, bound, status=422)
    try:
        discard_template(visit.db, visit.actor, organisation_id, version=bound.value.version)
    except Conflict:
        return _show(visit, stored, bound, status=409)
    return redirect(visit, "directory:template", organisation_id=organisation_id, flash="removed")


@pages.get(f"{_PATH}/sample", name="directory:template_sample", access=Permission.DIRECTORY_EDIT)
def download_sample(visit: CurrentVisit, organisation_id: UUID) -> Response:
    """An invented paper, built with the template that waits, else with the one in use."""
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    sha256 = organisation.candidate_sha256 or organisation.template_sha256
    if sha256:
        require_outgoing(scan_state_of(visit.db, sha256))  # what is in the template goes out with the paper
    data = visit.store.read(sha256) if sha256 else shipped_template()
    content = sample_content(visit.language)
    paper = build_case_presentation(content, Template.open(data, content.language))
    return download_bytes(paper, MEDIA_TYPES["docx"], f"{content.title}.docx")


@pages.get(f"{_PATH}/file", name="directory:template_file", access=Permission.DIRECTORY_EDIT)
def download(visit: CurrentVisit, organisation_id: UUID) -> Response:
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    if organisation.template_sha256 is None:
        raise NotFound
    require_outgoing(scan_state_of(visit.db, organisation.template_sha256))
    path = visit.store.path(organisation.template_sha256)
    return download_path(path, media_type_of(organisation.template_name), organisation.template_name)


@pages.get(f"{_PATH}/standard", name="directory:standard_template", access=Permission.DIRECTORY_EDIT)
def download_standard(visit: CurrentVisit, organisation_id: UUID) -> Response:
    """The template that comes with the product, to begin one's own from."""
    get_organisation(visit.db, visit.actor, organisation_id)
    return download_bytes(shipped_template(), MEDIA_TYPES["docx"], "samstyr.docx")


@pages.get(f"{_PATH}/remove", name="directory:ask_remove_template", access=Permission.DIRECTORY_EDIT)
def ask_remove(visit: CurrentVisit, organisation_id: UUID) -> Response:
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    if organisation.template_sha256 is None:
        raise NotFound
    return page(visit, "directory/template_remove.html", {"organisation": organisation})


@pages.post(f"{_PATH}/remove", name="directory:remove_template", access=Permission.DIRECTORY_EDIT)
def remove(visit: CurrentVisit, organisation_id: UUID, form: FormBody) -> Response:
    bound = bind(TemplateForm, form)
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    if bound.errors:
        return _show(visit, stored, bound, status=422)
    try:
        set_template(
            visit.db, visit.actor, organisation_id, version=bound.value.version, sha256=None, name=""
        )
    except Conflict:
        return _show(visit, stored, bound, status=409)
    return redirect(visit, "directory:organisation", organisation_id=organisation_id, flash="removed")


def _show(
    visit: Visit, organisation: OrganisationDetails, bound: Bound[TemplateForm], status: int = 200
) -> Response:
    context = {
        "organisation": organisation,
        "bound": bound,
        "used": _looked_at(visit, organisation.template_sha256),
        "candidate": _looked_at(visit, organisation.candidate_sha256),
        "removed": [word(TAKEN_OUT, each, visit.language) for each in organisation.candidate_removed],
        "content_tag": CONTENT_TAG,
        "is_conflict": status == 409,
    }
    return page(visit, "directory/template.html", context, status=status)


def _looked_at(visit: Visit, sha256: str | None) -> dict[str, Any] | None:
    """What a stored template does with a paper, for the page."""
    if sha256 is None:
        return None
    report = check_template(visit.store.read(sha256))
    places = sorted({say(visit)(_PLACES[tag]) for _, tag in report.filled_places})
    refusals = reason_messages(visit.language, report.refused)
    return {"report": report, "places": places, "refusals": refusals}
