"""The forum itself, what it may do and what its papers are called."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.forums.models.deadline import ForumDeadline
from app.forums.rules import LabelKind, Level, PartTemplateKind, SeriesPeriod
from app.kernel.language import Language
from app.platform.db import Base, Identified, Versioned
from app.platform.types import SORT_KEY, Line, Prose, enum_column


class Forum(Identified, Versioned, Base):
    """A body that meets: council, working committee, steering group. ``key`` stands in addresses and never changes."""

    __tablename__ = "forum"

    key: Mapped[str] = mapped_column(Line(40), unique=True)
    name: Mapped[str] = mapped_column(Line)
    sort_key: Mapped[str] = mapped_column(SORT_KEY)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum.id"), index=True)
    level: Mapped[Level] = mapped_column(enum_column(Level, "level"))
    language: Mapped[Language] = mapped_column(enum_column(Language, "language"))
    # Whose Word template the papers use, and who answers for them.
    secretariat_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    default_place: Mapped[str] = mapped_column(Line, default="")
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]
    series_period: Mapped[SeriesPeriod] = mapped_column(
        enum_column(SeriesPeriod, "series_period"), default=SeriesPeriod.YEAR
    )
    series_prefix: Mapped[str] = mapped_column(Line, default="")
    paper_pattern: Mapped[str] = mapped_column(Line, default="{n}/{year}")
    minutes_pattern: Mapped[str] = mapped_column(Line, default="{n}/{yy}")
    file_pattern: Mapped[str] = mapped_column(Line, default="{n}-{yy}")

    labels: Mapped[list["ForumLabel"]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    sections: Mapped[list["SectionTemplate"]] = relationship(
        lazy="raise_on_sql", order_by="SectionTemplate.position", cascade="all, delete-orphan"
    )
    deadlines: Mapped[list[ForumDeadline]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    mandates: Mapped[list["Mandate"]] = relationship(
        lazy="raise_on_sql", order_by="Mandate.valid_from", cascade="all, delete-orphan"
    )


class Mandate(Identified, Base):
    """What the forum is to do and may do, between two dates, both included."""

    __tablename__ = "mandate"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", "dates"),)

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    text: Mapped[str] = mapped_column(Prose, default="")
    may_advise: Mapped[bool] = mapped_column(default=True)
    may_decide: Mapped[bool] = mapped_column(default=False)
    may_start_stop: Mapped[bool] = mapped_column(default=False)
    may_grant: Mapped[bool] = mapped_column(default=False)


class ForumLabel(Identified, Base):
    """The forum's own word for something that the system knows by a key, in one language."""

    __tablename__ = "forum_label"
    __table_args__ = (UniqueConstraint("forum_id", "kind", "key", "language"),)

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"))
    kind: Mapped[LabelKind] = mapped_column(enum_column(LabelKind, "kind"))
    key: Mapped[str] = mapped_column(String(40))
    language: Mapped[Language] = mapped_column(enum_column(Language, "language"))
    text: Mapped[str] = mapped_column(Line)


class SectionTemplate(Identified, Base):
    """One part that new presentations of the forum begin with. Its heading is a ForumLabel of kind ``section``."""

    __tablename__ = "section_template"
    __table_args__ = (UniqueConstraint("forum_id", "key"),)

    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"))
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[PartTemplateKind] = mapped_column(enum_column(PartTemplateKind, "kind"))
    position: Mapped[int]
