"""The paper of a case as a file: Word or PDF, whole or for the public."""

from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.papers.export import ExportedFile, export_docx, export_pdf
from app.web.shared.downloads import download_bytes
from app.web.shared.pages import Pages
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get("/treatments/{treatment_id}/export.docx", name="cases:export", access=Permission.CASE_EXPORT)
def export(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """The Word file, made now, in the template of the forum's secretariat. Who took it is written down."""
    return _taken(visit, export_docx(visit.db, visit.actor, visit.store, treatment_id))


@pages.get(
    "/treatments/{treatment_id}/public.docx",
    name="cases:export_public",
    access=Permission.CASE_READ_RELEASED,
)
def export_public(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """The copy for the public, made of the public part alone."""
    return _taken(visit, export_docx(visit.db, visit.actor, visit.store, treatment_id, public=True))


@pages.get("/treatments/{treatment_id}/export.pdf", name="cases:export_pdf", access=Permission.CASE_EXPORT)
def export_as_pdf(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """The tagged PDF, made now. Who took it is written down."""
    return _taken(visit, export_pdf(visit.db, visit.actor, treatment_id))


@pages.get(
    "/treatments/{treatment_id}/public.pdf",
    name="cases:export_public_pdf",
    access=Permission.CASE_READ_RELEASED,
)
def export_public_as_pdf(visit: CurrentVisit, treatment_id: UUID) -> Response:
    """The copy for the public as PDF."""
    return _taken(visit, export_pdf(visit.db, visit.actor, treatment_id, public=True))


def _taken(visit: Visit, file: ExportedFile) -> Response:
    visit.note_reading(file.note_taken)
    return download_bytes(file.data, file.media_type, file.name)
