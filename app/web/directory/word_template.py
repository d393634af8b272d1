"""``/organisations/…/template``: the Word file that gives an organisation's papers their look."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.directory.queries import OrganisationDetails, get_organisation
from app.directory.service import set_template
from app.documents.docx.checking import TemplateReport, check_template
from app.documents.docx.opening import CONTENT_TAG
from app.documents.docx.package_check import LARGEST
from app.documents.docx.styles import shipped_template
from app.files.rules import MEDIA_TYPES, media_type_of
from app.files.service import store_upload
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken
from app.kernel.words import N_
from app.web.directory.forms import TemplateForm
from app.web.shared.downloads import download_bytes, download_path
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled, upload
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect, say
from app.web.shared.visit import CurrentVisit, Visit

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


@pages.post(_PATH, name="directory:set_template", access=Permission.DIRECTORY_EDIT)
def upload_template(visit: CurrentVisit, organisation_id: UUID, form: FormBody) -> Response:
    bound = bind(TemplateForm, form)
    stored = get_organisation(visit.db, visit.actor, organisation_id)
    source = upload(form, "file")
    if source is None:
        bound = bound.with_errors(FieldError("file", "file.missing"))
    if bound.errors or source is None:
        return _show(visit, stored, bound, status=422)
    try:
        _require_usable(source.file.read(LARGEST + 1))
        kept = store_upload(
            visit.db,
            visit.actor,
            visit.store,
            stream=source.file,
            file_name=source.filename or "",
            limit=LARGEST,
        )
        set_template(
            visit.db,
            visit.actor,
            organisation_id,
            version=bound.value.version,
            sha256=kept.blob.sha256,
            name=kept.file_name,
        )
    except RuleBroken as broken:
        return _show(visit, stored, refused(bound, broken), status=422)
    except Conflict:
        return _show(visit, get_organisation(visit.db, visit.actor, organisation_id), bound, status=409)
    return redirect(visit, "directory:template", organisation_id=organisation_id, flash="saved")


@pages.get(f"{_PATH}/file", name="directory:template_file", access=Permission.DIRECTORY_EDIT)
def download(visit: CurrentVisit, organisation_id: UUID) -> Response:
    organisation = get_organisation(visit.db, visit.actor, organisation_id)
    if organisation.template_sha256 is None:
        raise NotFound
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


def _require_usable(data: bytes) -> None:
    report = check_template(data)
    if not report.is_usable:
        raise RuleBroken(*(Reason(reason.code, "file", reason.values) for reason in report.refused))


def _show(
    visit: Visit, organisation: OrganisationDetails, bound: Bound[TemplateForm], status: int = 200
) -> Response:
    report: TemplateReport | None = None
    if organisation.template_sha256 is not None:
        report = check_template(visit.store.read(organisation.template_sha256))
    context = {
        "organisation": organisation,
        "bound": bound,
        "report": report,
        "places": sorted({say(visit)(_PLACES[tag]) for _, tag in report.filled_places}) if report else [],
        "content_tag": CONTENT_TAG,
        "is_conflict": status == 409,
    }
    return page(visit, "directory/template.html", context, status=status)
