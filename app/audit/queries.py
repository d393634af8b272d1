"""Reading the history of a forum or a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act as a page shows it."""

    seq: int
    at: datetime
    action: str
    actor_name: str
    subject_name: str
    changes: dict[str, list[Any]]


def history(
    db: Session,
    *,
    forum_id: UUID | None = None,
    case_id: UUID | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[HistoryLine]:
    """The newest acts first, of a forum or of a case; ``before`` is the ``seq`` to go on from.

    The caller has checked that the actor may read the history. A forum's history leaves out acts on its cases, which
    have readers of their own.
    """
    event = AuditEvent
    wanted = select(event.seq, event.at, event.action, event.actor_name, event.subject_name, event.changes)
    if case_id is not None:
        wanted = wanted.where(event.case_id == case_id)
    else:
        wanted = wanted.where(event.forum_id == forum_id, event.case_id.is_(None))
    if before is not None:
        wanted = wanted.where(event.seq < before)
    rows = db.execute(wanted.order_by(event.seq.desc()).limit(limit))
    return [HistoryLine(*row) for row in rows]
