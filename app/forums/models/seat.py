"""Seats and the people in them."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.access.roles import FORUM_ROLES, Role
from app.directory.rules import Side
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, enum_column


class Seat(Identified, Versioned, Base):
    """A place in a forum. It belongs to an organisation, or only to a side; somebody appoints who sits there."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", "dates"),
    )

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    appointed_by: Mapped[str] = mapped_column(Line, default="")
    position: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Membership(Identified, Versioned, Base):
    """A person in a forum with a role, for a term. The only source of roles and rights."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", "dates"),
        CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in FORUM_ROLES)})", "forum_role"),
        Index("ix_membership_person_id_forum_id", "person_id", "forum_id"),
    )

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
