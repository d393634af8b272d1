"""A case's pass through one forum."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.cases.rules import TreatmentKind, TreatmentState
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, UtcDateTime, enum_column


class Treatment(Identified, Versioned, Base):
    """Number, title, kind and stage of a case in a forum. Drafts are private to the secretariat until shared."""

    __tablename__ = "treatment"
    __table_args__ = (
        UniqueConstraint("series_id", "sequence"),
        CheckConstraint("(series_id IS NULL) = (sequence IS NULL)", "whole_number"),
        CheckConstraint("sequence IS NULL OR sequence > 0", "positive_number"),
        CheckConstraint("title_exemption_id IS NOT NULL OR public_title = title", "public_title"),
        CheckConstraint("released_at IS NULL OR shared_at IS NOT NULL", "released_is_shared"),
        CheckConstraint("embargo_until IS NULL OR released_at IS NOT NULL", "embargo_of_release"),
        Index("ix_treatment_forum_id_updated_at", "forum_id", "updated_at"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    forum_id: Mapped[UUID] = mapped_column(ForeignKey("forum.id"))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("number_series.id"))
    sequence: Mapped[int | None]
    title: Mapped[str] = mapped_column(Line)
    # The title case-folded, because SQLite folds only ASCII by itself. Follows the title; never set by hand.
    folded_title: Mapped[str] = mapped_column(Line)
    # What those see who may not read what is exempt: the title, or while it is exempt the words that a person wrote.
    public_title: Mapped[str] = mapped_column(Line)
    folded_public_title: Mapped[str] = mapped_column(Line)
    title_exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"))
    kind: Mapped[TreatmentKind] = mapped_column(enum_column(TreatmentKind, "kind"))
    kind_label: Mapped[str] = mapped_column(
        Line, default=""
    )  # as it stood in an imported paper; else the forum's own
    wanted_result: Mapped[str] = mapped_column(Line, default="")
    state: Mapped[TreatmentState] = mapped_column(enum_column(TreatmentState, "state"))
    preparer: Mapped[str] = mapped_column(Line, default="")  # preparing body, as text
    preparer_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Released: its public part is open to everybody who is signed in, from the embargo on when there is one.
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    embargo_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    presenters: Mapped[list["Presenter"]] = relationship(
        lazy="raise_on_sql", order_by="Presenter.position", cascade="all, delete-orphan"
    )

    @validates("title")
    def _fold_title(self, _key: str, title: str) -> str:
        self.folded_title = title.casefold()
        if self.title_exemption_id is None:
            self.public_title = title
        return title

    @validates("public_title")
    def _fold_public_title(self, _key: str, title: str) -> str:
        self.folded_public_title = title.casefold()
        return title


class Presenter(Identified, Base):
    """Who puts the case before the forum: text first, links to the directory where they are known."""

    __tablename__ = "presenter"

    treatment_id: Mapped[UUID] = mapped_column(ForeignKey("treatment.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Line)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
