"""Tables of organisations, their dated names, and persons."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.directory.rules import Side
from app.platform.db import Base, Identified, Versioned
from app.platform.types import SORT_KEY, Line, enum_column


class Organisation(Identified, Versioned, Base):
    """A body. What it is called depends on the day; see OrganisationName."""

    __tablename__ = "organisation"

    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    registration_number: Mapped[str] = mapped_column(Line, default="")
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    # The organisation's own Word template, by the hash of its content in the file store.
    template_sha256: Mapped[str | None] = mapped_column(String(64))
    template_name: Mapped[str] = mapped_column(Line, default="")
    # A template that was sent in and is looked at before it is used, with the names of what was taken out of it.
    candidate_sha256: Mapped[str | None] = mapped_column(String(64))
    candidate_name: Mapped[str] = mapped_column(Line, default="", server_default="")
    candidate_removed: Mapped[str] = mapped_column(Line, default="", server_default="")

    names: Mapped[list["OrganisationName"]] = relationship(
        lazy="raise_on_sql",
        order_by="OrganisationName.valid_from.nulls_first()",
        cascade="all, delete-orphan",
    )


class OrganisationName(Identified, Base):
    """A name and abbreviation with the dates between which they hold, both included."""

    __tablename__ = "organisation_name"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", "dates"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(Line)
    abbreviation: Mapped[str] = mapped_column(Line, default="")
    sort_key: Mapped[str] = mapped_column(SORT_KEY, index=True)
    # Name and abbreviation case-folded, because SQLite folds only ASCII by itself. Follows them; never set by hand.
    folded: Mapped[str] = mapped_column(Line)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    @validates("name", "abbreviation")
    def _fold(self, key: str, value: str) -> str:
        others = {"name": self.name or "", "abbreviation": self.abbreviation or ""}
        self.folded = " ".join((others | {key: value}).values()).casefold()
        return value


class Person(Identified, Versioned, Base):
    """A person, known by name. The organisation is where they work now."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(Line)
    sort_key: Mapped[str] = mapped_column(SORT_KEY, index=True)
    folded_name: Mapped[str] = mapped_column(Line)  # follows the name; never set by hand
    email: Mapped[str] = mapped_column(Line, default="")
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded_name = name.casefold()
        return name
