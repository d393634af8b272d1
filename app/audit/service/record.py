"""Recording an act, in the transaction that does it."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.sealing import Act, seal_at_commit
from app.kernel.text import clean_line
from app.platform.clock import utc_now

Changes = Mapping[str, tuple[Any, Any]]


def record(
    db: Session,
    actor: Actor,
    action: str,
    subject: Any,
    *,
    name: str = "",
    forum_id: UUID | None = None,
    case_id: UUID | None = None,
    changes: Changes | None = None,
) -> None:
    """Add an audit event for an act on a record.

    ``action`` is noun and past participle (``case.shared``). ``changes`` maps a field to (old, new); fields whose values
    are equal are left out. ``forum_id`` and ``case_id`` say in whose history the act is shown. The event becomes an entry
    of the chain when the transaction is committed.
    """
    told = {field: [_plain(old), _plain(new)] for field, (old, new) in (changes or {}).items() if old != new}
    seal_at_commit(
        db,
        Act(
            at=utc_now(),
            action=action,
            actor_user_id=actor.user_id,
            actor_name=clean_line(actor.name),
            subject_type=subject.__tablename__,
            subject_id=getattr(subject, "id", None),
            subject_name=clean_line(name),
            forum_id=forum_id,
            case_id=case_id,
            # As the database will give it back, so that what is hashed is what is stored.
            changes=json.loads(json.dumps(told)),
            request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        ),
    )


def changed(subject: Any, **new: Any) -> dict[str, tuple[Any, Any]]:
    """Set the attributes and return what changed, as ``record`` wants it."""
    changes = {}
    for field, value in new.items():
        old = getattr(subject, field)
        if old != value:
            setattr(subject, field, value)
            changes[field] = (old, value)
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value
