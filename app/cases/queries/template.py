"""The parts that new presentations of a forum begin with."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.case_presentation import Part, PartKind
from app.forums.models import SectionTemplate
from app.forums.queries import labels_of
from app.kernel.language import Language


def template_parts(db: Session, forum_id: UUID, language: Language) -> list[Part]:
    """The forum's parts in order, empty, with its own headings in the language."""
    sections = (
        select(SectionTemplate.key, SectionTemplate.kind)
        .where(SectionTemplate.forum_id == forum_id)
        .order_by(SectionTemplate.position)
    )
    headings = labels_of(db, forum_id, language).section
    return [
        Part(key, PartKind(kind.value), headings.get(key, key)) for key, kind in db.execute(sections).all()
    ]
