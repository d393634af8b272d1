"""The deadlines of a forum."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forums.deadline_rules import DeadlineRule
from app.forums.models import ForumDeadline


def deadline_rules(db: Session, forum_id: UUID) -> tuple[DeadlineRule, ...]:
    """The deadlines of the forum, in no order. Who may see it may know them."""
    rows = db.scalars(select(ForumDeadline).where(ForumDeadline.forum_id == forum_id))
    return tuple(row.rule() for row in rows)
