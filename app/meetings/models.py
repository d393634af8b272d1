"""Tables of meetings, agenda items and who was there."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.meetings.attendance_rules import AttendanceRole
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
    link: Mapped[str] = mapped_column(Line, default="")  # where one takes part digitally
    cancelled_because: Mapped[str] = mapped_column(Line, default="")
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


class AttendanceLine(Identified, Versioned, Base):
    """One line of the list of who was at a meeting, in order; also of who should have been and was absent.

    Names stand as they are to be printed: people change names and organisations afterwards, and the list does not.
    """

    __tablename__ = "attendance_line"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Line)
    organisation: Mapped[str] = mapped_column(Line, default="")
    role: Mapped[AttendanceRole] = mapped_column(enum_column(AttendanceRole, "role"))
    standing_in_for: Mapped[str] = mapped_column(Line, default="")
    is_absent: Mapped[bool] = mapped_column(default=False)
    exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"))
