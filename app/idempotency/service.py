"""Claiming a key before an act, keeping the answer after it, and forgetting both in time."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from app.idempotency.models import IdempotencyKey
from app.idempotency.queries import kept_answer
from app.idempotency.rules import Answer, KeyUsed
from app.platform.clock import utc_now
from app.platform.db import insert_if_new


def claim(db: Session, user_id: UUID, key: str, *, command: str, body_hash: str) -> Answer | None:
    """Take the key for an act that this transaction is about to do; or return what was answered when it was done.

    Whoever comes second waits: in PostgreSQL for the row of the first, in SQLite for its write lock. When the first is
    rolled back, the key is free again.

    :raise KeyUsed: when the key stands for another command or another content.
    """
    values = {"user_id": user_id, "key": key, "command": command, "body_hash": body_hash}
    taken = db.execute(
        insert_if_new(db, IdempotencyKey)
        .values(**values, status=0, location="", flash="", created_at=utc_now())
        .returning(IdempotencyKey.key)
    ).one_or_none()
    if taken is not None:
        return None
    found = kept_answer(db, user_id, key)
    if found is None or found[:2] != (command, body_hash):
        raise KeyUsed
    return found[2]


def keep(db: Session, user_id: UUID, key: str, answer: Answer) -> None:
    """Write down what is answered, in the transaction that claimed the key."""
    db.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
        .values(status=answer.status, location=answer.location, flash=answer.flash)
        .execution_options(synchronize_session=False)
    )


def sweep(db: Session, before: datetime) -> int:
    """Forget the keys that were used before a moment; returns how many there were."""
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < before)
    gone = db.execute(old.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], gone).rowcount
