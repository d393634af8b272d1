"""Reading the history of a forum, of a case or of the installation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act as a page shows it. A name is None when it has been erased, and so are ``changes``."""

    seq: int
    at: datetime
    action: str
    actor_name: str | None
    subject_name: str | None
    changes: dict[str, list[Any]] | None


def history(
    db: Session,
    *,
    forum_id: UUID | None = None,
    case_id: UUID | None = None,
    case_forums: Collection[UUID] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[HistoryLine]:
    """The newest acts first, of a forum or of a case; ``before`` is the ``seq`` to go on from.

    The caller has checked that the actor may read the history. A forum's history leaves out acts on its cases, which
    have readers of their own. ``case_forums`` holds the history of a case to what was done in these forums.
    """
    event = AuditEvent
    wanted = select(event.seq, event.at, event.action, event.actor_name, event.subject_name, event.changes)
    if case_id is not None:
        wanted = wanted.where(event.case_id == case_id)
        if case_forums is not None:
            wanted = wanted.where(event.forum_id.in_(case_forums))
    else:
        wanted = wanted.where(event.forum_id == forum_id, event.case_id.is_(None))
    return _page(db, wanted, before, limit)


def installation_history(db: Session, *, before: int | None = None, limit: int = 50) -> Sequence[HistoryLine]:
    """The newest acts first that belong to no forum and no case: on accounts, people, organisations and the record itself.

    The caller has checked that the actor may read them.
    """
    event = AuditEvent
    wanted = select(event.seq, event.at, event.action, event.actor_name, event.subject_name, event.changes)
    return _page(db, wanted.where(event.forum_id.is_(None), event.case_id.is_(None)), before, limit)


def _page(db: Session, wanted: Select[Any], before: int | None, limit: int) -> list[HistoryLine]:
    if before is not None:
        wanted = wanted.where(AuditEvent.seq < before)
    rows = db.execute(wanted.order_by(AuditEvent.seq.desc()).limit(limit))
    return [HistoryLine(*row) for row in rows]
