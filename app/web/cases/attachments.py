"""The list of attachments, and the files behind it."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.cases.queries.editing import EditView, edit_view
from app.cases.queries.files import attachment_file, redacted_file
from app.cases.queries.show import AttachmentView
from app.cases.service.attachments import (
    add_attachment,
    edit_attachment,
    move_attachment,
    put_file,
    remove_attachment,
)
from app.cases.service.readings import Reading
from app.files.service import Upload, keep, require_outgoing
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.cases.editor import ACCEPT, editor_page
from app.web.cases.forms import AttachmentForm, EditAttachmentForm, MoveForm
from app.web.cases.looking import take_in_attachment
from app.web.cases.pages import note_exempt, note_reading
from app.web.shared.downloads import download_path
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.uploads import FileForm, FileFormBody, too_large
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()

_LINE = "/treatments/{treatment_id}/attachments/{attachment_id}"


@pages.post(
    "/treatments/{treatment_id}/attachments",
    name="cases:attach",
    access=Permission.CASE_EDIT,
    prepared=take_in_attachment,
)
def attach(visit: CurrentVisit, treatment_id: UUID, upload: FileFormBody) -> Response:
    """Add a line after the others, with its file or before it comes."""
    bound = bind(AttachmentForm, upload.form)
    view = edit_view(visit.db, visit.actor, treatment_id)
    if upload.is_too_long:
        return editor_page(visit, view, attachment=bound.with_errors(too_large(visit)), status=413)
    if bound.errors:
        return editor_page(visit, view, attachment=bound, status=422)
    try:
        stored = _store(visit, upload)
        add_attachment(
            visit.db,
            visit.actor,
            treatment_id,
            title=bound.value.title,
            blob=stored.blob if stored else None,
            file_name=stored.file_name if stored else "",
            store=visit.store,
            removed=stored.removed if stored else (),
        )
    except RuleBroken as broken:
        return editor_page(visit, view, attachment=refused(bound, broken), status=422)
    return _back(visit, view, flash=_said(stored))


@pages.get(f"{_LINE}/edit", name="cases:edit_attachment", access=Permission.CASE_EDIT)
def edit(visit: CurrentVisit, treatment_id: UUID, attachment_id: UUID) -> Response:
    """The form of one line: its title, and another file."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    line = _line(view, attachment_id)
    return _form(visit, view, line, filled(EditAttachmentForm, version=line.version, title=line.title))


@pages.post(_LINE, name="cases:save_attachment", access=Permission.CASE_EDIT, prepared=take_in_attachment)
def save(visit: CurrentVisit, treatment_id: UUID, attachment_id: UUID, upload: FileFormBody) -> Response:
    """Save the title; a file that was chosen takes the place of the one that was there."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    line = _line(view, attachment_id)
    if upload.is_too_long:
        stored = filled(EditAttachmentForm, version=line.version, title=line.title)
        return _form(visit, view, line, stored.with_errors(too_large(visit)), status=413)
    bound = bind(EditAttachmentForm, upload.form)
    if bound.errors:
        return _form(visit, view, line, bound, status=422)
    try:
        saved = edit_attachment(
            visit.db, visit.actor, line.id, version=bound.value.version, title=bound.value.title
        )
        file = _store(visit, upload)
        if file:
            put_file(
                visit.db,
                visit.actor,
                line.id,
                version=saved.version,
                blob=file.blob,
                file_name=file.file_name,
                store=visit.store,
                removed=file.removed,
            )
    except RuleBroken as broken:
        return _form(visit, view, line, refused(bound, broken), status=422)
    except Conflict:
        return _form(visit, view, line, bound, status=409)
    return _back(visit, view, flash=_said(file))


@pages.post(f"{_LINE}/move", name="cases:move_attachment", access=Permission.CASE_EDIT)
def move(visit: CurrentVisit, treatment_id: UUID, attachment_id: UUID, form: FormBody) -> Response:
    """Let a line change numbers with its neighbour."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    line = _line(view, attachment_id)
    bound = bind(MoveForm, form)
    if not bound.errors:
        move_attachment(visit.db, visit.actor, line.id, direction=bound.value.direction)
    return _back(visit, view, flash="moved")


@pages.get(f"{_LINE}/remove", name="cases:confirm_remove_attachment", access=Permission.CASE_EDIT)
def confirm_remove(visit: CurrentVisit, treatment_id: UUID, attachment_id: UUID) -> Response:
    """Ask before a line is taken out."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    line = _line(view, attachment_id)
    context = {"case": view.page, "treatment": view.page.treatment, "line": line}
    note_reading(visit, view.page, Reading.EDITOR)  # the question names the line
    return page(visit, "cases/confirm_remove_attachment.html", context)


@pages.post(f"{_LINE}/remove", name="cases:remove_attachment", access=Permission.CASE_EDIT)
def remove(visit: CurrentVisit, treatment_id: UUID, attachment_id: UUID) -> Response:
    """Take a line out of the list."""
    view = edit_view(visit.db, visit.actor, treatment_id)
    remove_attachment(visit.db, visit.actor, _line(view, attachment_id).id)
    return _back(visit, view, flash="removed")


@pages.get("/attachments/{attachment_id}/{file_name}", name="cases:download", access=Permission.CASE_READ)
def download(visit: CurrentVisit, attachment_id: UUID) -> Response:
    """The file, saved by the browser under the name that we keep. The name in the address is for people."""
    file = attachment_file(visit.db, visit.actor, attachment_id)
    require_outgoing(file.scan_state)
    if file.is_exempt:
        note_exempt(visit, file.treatment_id, Reading.ATTACHMENT, name=file.file_name)
    return download_path(visit.store.path(file.sha256), file.media_type, file.file_name)


@pages.get(
    "/redacted/{exemption_id}/{file_name}", name="cases:download_redacted", access=Permission.CASE_READ
)
def download_redacted(visit: CurrentVisit, exemption_id: UUID) -> Response:
    """The file that stands for an exempt paper or attachment in public."""
    file = redacted_file(visit.db, visit.actor, exemption_id)
    require_outgoing(file.scan_state)
    return download_path(visit.store.path(file.sha256), file.media_type, file.file_name)


def _store(visit: Visit, upload: FileForm) -> Upload | None:
    arrival = upload.arrival
    return keep(visit.db, arrival) if arrival is not None else None


def _said(file: Upload | None) -> str:
    """What the page says after a file has come, or none."""
    if file is None:
        return "saved"
    if not file.blob.scan_state.may_go_out:
        return "attached_waiting"
    return "attached_cleaned" if file.removed else "attached"


def _line(view: EditView, attachment_id: UUID) -> AttachmentView:
    line = next((each for each in view.page.attachments if each.id == attachment_id), None)
    if line is None:
        raise NotFound
    return line


def _form(
    visit: Visit,
    view: EditView,
    line: AttachmentView,
    bound: Bound[EditAttachmentForm],
    *,
    status: int = 200,
) -> Response:
    note_reading(visit, view.page, Reading.EDITOR)
    context = {
        "case": view.page,
        "treatment": view.page.treatment,
        "line": line,
        "bound": bound,
        "is_conflict": status == 409,
        "accept": ACCEPT,
        "max_upload_mb": visit.settings.max_upload_mb,
    }
    return page(visit, "cases/edit_attachment.html", context, status=status)


def _back(visit: Visit, view: EditView, *, flash: str) -> Response:
    values = {"case_id": view.page.case_id, "treatment": view.page.treatment.id}
    return redirect(visit, "cases:edit", flash=flash, anchor="attachments", **values)
