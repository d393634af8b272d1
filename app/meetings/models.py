"""Tables of meetings and agenda items."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.meetings.rules import MeetingKind, MeetingState
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, enum_column


class Meeting(Identified, Versioned, Base):
    """One meeting. Times are on the local clock of the forum, as printed in the notice."""

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_forum_id_day", "forum_id", "day"),)

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"))
    kind: Mapped[MeetingKind] = mapped_column(enum_column(MeetingKind, "kind"))
    day: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    place: Mapped[str] = mapped_column(Line, default="")
    state: Mapped[MeetingState] = mapped_column(
        enum_column(MeetingState, "state"), default=MeetingState.PLANNED
    )


class AgendaItem(Identified, Base):
    """A treatment on a meeting's agenda, in order. A treatment stands on one agenda at a time."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("treatment_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    treatment_id: Mapped[UUID] = mapped_column(ForeignKey("treatment.id"))
    position: Mapped[int]
