"""The paper as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import record
from app.cases.models import Treatment
from app.cases.policy import Sight
from app.cases.service.readings import Reading, note_exempt_reading
from app.documents.case_presentation import CasePresentation
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.json_export import to_json
from app.documents.pdf.case_presentation import build_case_pdf
from app.files.queries import scan_state_of
from app.files.rules import MEDIA_TYPES
from app.papers.presentation import content_from, file_name_of
from app.papers.queries import PaperFacts, paper_facts
from app.platform.logs import log
from app.platform.storage import FileStore


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that was just made, with its name for people.

    Making one takes up to seconds, so it only reads, and lets those who write go on meanwhile. ``note_taken`` writes down
    that it was taken: to be called with a session that may write, before the file leaves.
    """

    name: str
    media_type: str
    data: bytes
    note_taken: Callable[[Session, Actor], None]


def export_docx(
    db: Session, actor: Actor, store: FileStore, treatment_id: UUID, *, public: bool = False
) -> ExportedFile:
    """The paper as a Word file, in the look of the organisation that keeps the forum's secretariat.

    Without a template of its own, or when that file is gone from the store or held back by the virus scanner, the shipped
    one is used. The ``public`` copy is made of the public part alone, and whoever may read the treatment may have it;
    nothing is hidden in it.

    :raise NotFound: when the treatment is missing or not readable.
    :raise NotAllowed: without ``case:export`` in its forum, for the copy that is not public.
    """
    facts = _facts(db, actor, treatment_id, public=public)
    template = Template.open(_template_bytes(db, store, facts.template_sha256), facts.language)
    content = content_from(db, facts)
    return _file(facts, content, "docx", build_case_presentation(content, template))


def export_pdf(db: Session, actor: Actor, treatment_id: UUID, *, public: bool = False) -> ExportedFile:
    """The paper as tagged PDF.

    :raise NotFound: as ``export_docx``.
    :raise NotAllowed: as ``export_docx``.
    """
    facts = _facts(db, actor, treatment_id, public=public)
    content = content_from(db, facts)
    return _file(facts, content, "pdf", build_case_pdf(content).data)


def export_json(db: Session, actor: Actor, treatment_id: UUID, *, public: bool = False) -> dict[str, Any]:
    """The same content as JSON values, for other systems; ``documents.json_export`` says in which form. Writes down that it
    was taken.

    :raise NotFound: as ``export_docx``.
    :raise NotAllowed: as ``export_docx``.
    """
    facts = _facts(db, actor, treatment_id, public=public)
    content = content_from(db, facts)
    _record(db, actor, facts, content, "json")
    return to_json(content)


def _facts(db: Session, actor: Actor, treatment_id: UUID, *, public: bool) -> PaperFacts:
    facts = paper_facts(db, actor, treatment_id, public=public)
    if not public:
        require(actor, Permission.CASE_EXPORT, facts.forum_id)
    return facts


def _file(facts: PaperFacts, content: CasePresentation, extension: str, data: bytes) -> ExportedFile:
    note_taken = partial(_record, facts=facts, content=content, file_format=extension)
    return ExportedFile(file_name_of(facts, extension), MEDIA_TYPES[extension], data, note_taken)


def _template_bytes(db: Session, store: FileStore, sha256: str | None) -> bytes:
    if sha256 is not None:
        if not scan_state_of(db, sha256).may_go_out:  # what is in the template goes out with the paper
            log.warning("template.held_back", sha256=sha256)
            return shipped_template()
        try:
            return store.read(sha256)
        except FileNotFoundError:
            log.warning("template.missing", sha256=sha256)
    return shipped_template()


def _record(
    db: Session, actor: Actor, facts: PaperFacts, content: CasePresentation, file_format: str
) -> None:
    subject = db.get_one(Treatment, facts.treatment_id)
    record(
        db,
        actor,
        "case.exported",
        subject,
        name=facts.title,
        forum_id=facts.forum_id,
        case_id=facts.case_id,
        changes={
            "format": (None, file_format),
            "revision": (None, facts.revision),
            "public_copy": (None, facts.sight is not Sight.WHOLE),
        },
    )
    if facts.sight is Sight.WHOLE and content.holds_exempt:
        note_exempt_reading(db, actor, facts.treatment_id, Reading.FILE)
    db.flush()
