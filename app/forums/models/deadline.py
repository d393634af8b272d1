"""When things are due before and after a forum's meetings."""

from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.forums.deadline_rules import DeadlineKind, DeadlineRule
from app.platform.db import Base, Identified
from app.platform.types import enum_column


class ForumDeadline(Identified, Base):
    """One deadline; ``forums.deadline_rules.DeadlineRule`` says how it is counted."""

    __tablename__ = "forum_deadline"
    __table_args__ = (
        UniqueConstraint("forum_id", "kind"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
    )

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"))
    kind: Mapped[DeadlineKind] = mapped_column(enum_column(DeadlineKind, "kind"))
    days: Mapped[int]
    weekday: Mapped[int | None]
    at: Mapped[time | None]

    def rule(self) -> DeadlineRule:
        """The deadline as the rules want it."""
        return DeadlineRule(self.kind, self.days, self.weekday, self.at)
