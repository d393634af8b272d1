"""Setting a forum's deadlines."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import record
from app.forums.deadline_rules import DeadlineKind, DeadlineRule, deadline_reasons
from app.forums.models import Forum, ForumDeadline
from app.forums.service.loading import lock_forum, require_in_forum
from app.kernel.errors import refuse_if


def set_deadlines(
    db: Session, actor: Actor, forum_id: UUID, *, version: int, rules: Sequence[DeadlineRule]
) -> Forum:
    """Make these the forum's deadlines; a kind that is left out is not due at any time.

    :raise RuleBroken: ``deadline.twice``, ``deadline.days_out_of_range``, ``deadline.no_weekday``.
    :raise Conflict: when the forum was changed since the caller read it.
    """
    require_in_forum(actor, Permission.FORUM_EDIT, forum_id)
    forum = lock_forum(db, forum_id, selectinload(Forum.deadlines), version=version)
    refuse_if(deadline_reasons(rules))
    rows = {row.kind: row for row in forum.deadlines}
    old = {row.kind: row.rule() for row in forum.deadlines}
    new = {rule.kind: rule for rule in rules}
    if new == old:
        return forum
    for kind in old.keys() - new.keys():
        forum.deadlines.remove(rows[kind])
    for kind, rule in new.items():
        row = rows.get(kind)
        if row is None:
            forum.deadlines.append(row := ForumDeadline(kind=kind))
        row.days, row.weekday, row.at = rule.days, rule.weekday, rule.at
    forum.version += 1
    record(
        db,
        actor,
        "forum.deadlines_changed",
        forum,
        name=forum.name,
        forum_id=forum.id,
        changes={
            kind.value: (_told(old.get(kind)), _told(new.get(kind)))
            for kind in DeadlineKind
            if old.get(kind) != new.get(kind)
        },
    )
    db.flush()
    return forum


def _told(rule: DeadlineRule | None) -> str | None:
    """Days, weekday (1 is Monday) and hour, in this order."""
    if rule is None:
        return None
    weekday = None if rule.weekday is None else rule.weekday + 1
    hour = f"{rule.at:%H.%M}" if rule.at else None
    return " · ".join(str(part) for part in (rule.days, weekday, hour) if part is not None)
