"""The paper as a file."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import record
from app.cases.models import Treatment
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.documents.json_export import to_json
from app.files.rules import MEDIA_TYPES
from app.papers.presentation import content_from, file_name_of
from app.papers.queries import PaperFacts, paper_facts
from app.platform.logs import log
from app.platform.storage import FileStore

_WORD: Final = MEDIA_TYPES["docx"]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that was just made, with its name for people."""

    name: str
    media_type: str
    data: bytes


def export_docx(db: Session, actor: Actor, store: FileStore, treatment_id: UUID) -> ExportedFile:
    """The paper as a Word file, in the look of the organisation that keeps the forum's secretariat.

    Without a template of its own, or when that file is gone from the store, the shipped one is used.

    :raise NotFound: when the treatment is missing or not readable.
    :raise NotAllowed: without ``case:export`` in its forum.
    """
    facts = _facts(db, actor, treatment_id)
    template = Template.open(_template_bytes(store, facts.template_sha256), facts.language)
    data = build_case_presentation(content_from(db, facts), template)
    _record(db, actor, facts, "docx")
    return ExportedFile(file_name_of(facts, "docx"), _WORD, data)


def export_json(db: Session, actor: Actor, treatment_id: UUID) -> dict[str, Any]:
    """The same content as JSON values, for other systems; ``documents.json_export`` says in which form.

    :raise NotFound: when the treatment is missing or not readable.
    :raise NotAllowed: without ``case:export`` in its forum.
    """
    facts = _facts(db, actor, treatment_id)
    content = to_json(content_from(db, facts))
    _record(db, actor, facts, "json")
    return content


def _facts(db: Session, actor: Actor, treatment_id: UUID) -> PaperFacts:
    facts = paper_facts(db, actor, treatment_id)
    require(actor, Permission.CASE_EXPORT, facts.forum_id)
    return facts


def _template_bytes(store: FileStore, sha256: str | None) -> bytes:
    if sha256 is not None:
        try:
            return store.read(sha256)
        except FileNotFoundError:
            log.warning("template.missing", sha256=sha256)
    return shipped_template()


def _record(db: Session, actor: Actor, facts: PaperFacts, file_format: str) -> None:
    record(
        db,
        actor,
        "case.exported",
        db.get_one(Treatment, facts.treatment_id),
        name=facts.title,
        forum_id=facts.forum_id,
        case_id=facts.case_id,
        changes={"format": (None, file_format), "revision": (None, facts.revision)},
    )
    db.flush()
