"""Looking up what was answered under a key."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.idempotency.models import IdempotencyKey
from app.idempotency.rules import Answer


def kept_answer(db: Session, user_id: UUID, key: str) -> tuple[str, str, Answer] | None:
    """The command, the hash of its body, and the answer; None for a key that was not used."""
    used = IdempotencyKey
    row = db.execute(
        select(used.command, used.body_hash, used.status, used.location, used.flash).where(
            used.user_id == user_id, used.key == key
        )
    ).one_or_none()
    return None if row is None else (row.command, row.body_hash, Answer(row.status, row.location, row.flash))
