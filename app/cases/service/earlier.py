"""Remembering what a text was before it was saved over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Text, cast, delete, update
from sqlalchemy.orm import Session

from app.cases.models import EarlierText
from app.cases.queries.earlier import newest_earlier
from app.platform.clock import utc_now

KEEP: Final = timedelta(days=90)  # as long as a draft that may have begun from it


def remember(db: Session, subject_id: UUID, version: int, fields: Mapping[str, Sequence[str]]) -> None:
    """Keep the fields as they stood until this version. For commands that hold the lock on the subject.

    What is older than 90 days goes; the newest stays, so that it is always known how far the memory reaches.
    """
    newest = newest_earlier(db, subject_id)
    db.execute(
        delete(EarlierText).where(
            EarlierText.subject_id == subject_id, EarlierText.replaced_at < utc_now() - KEEP
        )
    )
    db.add(
        EarlierText(
            subject_id=subject_id,
            # Where nothing is remembered, only this one version is known for certain.
            since=version if newest is None else newest + 1,
            version=version,
            fields={name: list(values) for name, values in fields.items()},
            replaced_at=utc_now(),
        )
    )


def forget_earlier(db: Session, before: datetime) -> int:
    """Empty what was saved over before this moment. The rows stay, and say how far the memory reaches. Says how many."""
    # Rows are never taken away here, so what is empty already must be left alone, or every sweep writes them all again.
    filled = cast(EarlierText.fields, Text) != "{}"
    emptied = update(EarlierText).where(EarlierText.replaced_at < before, filled).values(fields={})
    return len(db.scalars(emptied.returning(EarlierText.id)).all())


def empty_earlier(db: Session, ids: Iterable[UUID]) -> None:
    """Empty these before their time. Who still writes from one of them is shown both texts without what they began from."""
    for each in ids:
        db.execute(update(EarlierText).where(EarlierText.id == each).values(fields={}))


def forget_subject(db: Session, subject_id: UUID) -> None:
    """Forget everything about a part that is taken out of its paper."""
    db.execute(delete(EarlierText).where(EarlierText.subject_id == subject_id))


def begin_to_remember(db: Session, subject_id: UUID) -> None:
    """Note of a new subject that every version of it will be remembered."""
    remember(db, subject_id, 0, {})
