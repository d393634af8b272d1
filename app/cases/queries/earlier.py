"""What somebody began to write from, when it has been saved over since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import EarlierText
from app.kernel.mentions import mentions

Fields = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Began:
    """What a writer began from: ``fields``, or (None) what is stored still, because nobody has saved since."""

    fields: Fields | None


def newest_earlier(db: Session, subject_id: UUID) -> int | None:
    """The newest version that has been saved over; None when none is remembered."""
    return db.scalar(select(func.max(EarlierText.version)).where(EarlierText.subject_id == subject_id))


def began_from(db: Session, subject_id: UUID, version: int) -> Began | None:
    """What stood at a version older than the stored one; None when nobody remembers.

    For callers who have found the subject readable. Says "what is stored still" only where the memory reaches that far.
    """
    text = EarlierText
    row = db.execute(
        select(text.since, text.fields)
        .where(text.subject_id == subject_id, text.version >= version)
        .order_by(text.version)
        .limit(1)
    ).one_or_none()
    if row is not None:
        return Began(row[1]) if row[0] <= version and row[1] else None  # old texts are emptied
    return Began(None) if newest_earlier(db, subject_id) is not None else None


def earlier_naming(db: Session, words: Collection[str]) -> Mapping[UUID, datetime]:
    """The earlier texts, of every paper, in which one of the words stands, and when they were saved over. For operators."""
    text = EarlierText
    rows = db.execute(select(text.id, text.fields, text.replaced_at).execution_options(yield_per=100))
    return {row[0]: row[2] for row in rows if mentions(row[1], words)}
