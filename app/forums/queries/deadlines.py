"""The deadlines of forums."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forums.deadline_rules import DeadlineRule
from app.forums.models import ForumDeadline


def deadline_rules(db: Session, forum_ids: Collection[UUID]) -> dict[UUID, tuple[DeadlineRule, ...]]:
    """The deadlines of each forum, in no order. Who may see a forum may know them. One query."""
    found: dict[UUID, list[DeadlineRule]] = defaultdict(list)
    if forum_ids:
        for row in db.scalars(select(ForumDeadline).where(ForumDeadline.forum_id.in_(forum_ids))):
            found[row.forum_id].append(row.rule())
    return {forum_id: tuple(found[forum_id]) for forum_id in forum_ids}
