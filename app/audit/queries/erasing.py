"""Finding the entries whose text is to be erased."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.models import TEXTS, AuditEvent
from app.audit.rules import ERASED
from app.kernel.mentions import mentions

_BATCH = 500
_Value = TypeVar("_Value", int, UUID)


def named_actor(db: Session, user_id: UUID) -> list[int]:
    """The entries that still name this account as who acted."""
    event = AuditEvent
    wanted = select(event.seq).where(event.actor_user_id == user_id, event.actor_salt.is_not(None))
    return list(db.scalars(wanted.order_by(event.seq)))


def about(db: Session, subject_ids: Collection[UUID]) -> list[int]:
    """The entries about one of these records that still have their text."""
    event = AuditEvent
    wanted = select(event.seq).where(event.text_salt.is_not(None))
    return [
        seq
        for batch in _batches(subject_ids)
        for seq in db.scalars(wanted.where(event.subject_id.in_(batch)).order_by(event.seq))
    ]


def mentioning(db: Session, words: Collection[str]) -> list[int]:
    """The entries in whose text one of the words stands."""
    return [row.seq for row in _all_texts(db) if mentions((row.subject_name, row.changes), words)]


def one_entry(db: Session, seq: int) -> Any:
    """Action and salts of the entry in this place, or None."""
    event = AuditEvent
    wanted = select(event.seq, event.action, event.actor_salt, event.text_salt)
    return db.execute(wanted.where(event.seq == seq)).one_or_none()


def erase_actors(db: Session, seqs: Collection[int]) -> None:
    """Take away the names of who acted, and their salts."""
    for batch in _batches(seqs):
        db.execute(update(TEXTS).where(TEXTS.c.seq.in_(batch)).values(actor_salt=None, actor_name=None))


def erase_texts(db: Session, seqs: Collection[int]) -> None:
    """Take away what the acts were done to and the old and new values, and their salts."""
    for batch in _batches(seqs):
        db.execute(
            update(TEXTS)
            .where(TEXTS.c.seq.in_(batch))
            .values(text_salt=None, subject_name=None, changes=None)
        )


def _all_texts(db: Session) -> Iterator[Any]:
    event = AuditEvent
    wanted = (
        select(event.seq, event.subject_name, event.changes)
        .where(event.text_salt.is_not(None), event.action != ERASED)
        .order_by(event.seq)
        .limit(_BATCH)
    )
    after = 0
    while rows := db.execute(wanted.where(event.seq > after)).all():
        yield from rows
        after = rows[-1].seq


def _batches(values: Collection[_Value]) -> Iterator[list[_Value]]:
    ordered = list(values)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
