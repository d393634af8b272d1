"""Tables of legal bases and exemptions. What is withheld points at its exemption, never the other way."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.exemptions.rules import Covers
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, Prose, UtcDateTime, enum_column


class LegalBasis(Identified, Versioned, Base):
    """A provision that something may be withheld by, and the days on which it is law.

    ``printed`` is how it is cited, by language (“offl. § 23 første ledd”); ``about`` says in plain words what it covers.
    """

    __tablename__ = "legal_basis"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", "days_in_order"),)

    key: Mapped[str] = mapped_column(String(60), unique=True)
    law: Mapped[str] = mapped_column(Line)
    section: Mapped[str] = mapped_column(Line)
    paragraph: Mapped[str] = mapped_column(Line, default="")
    position: Mapped[int]
    printed: Mapped[dict[str, str]] = mapped_column(JSON)
    about: Mapped[dict[str, str]] = mapped_column(JSON)
    is_duty: Mapped[bool]  # the law forbids to give access; there is no wider access to consider
    whole_document: Mapped[bool]  # covers the document itself, not only information in it
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Exemption(Identified, Base):
    """One decision. Never edited: a change ends it and adds another, so that who decided what stays known."""

    __tablename__ = "exemption"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at >= decided_at", "ended_after"),)

    basis_id: Mapped[UUID] = mapped_column(ForeignKey("legal_basis.id"))
    covers: Mapped[Covers] = mapped_column(enum_column(Covers, "covers"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(Line)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_on: Mapped[date | None]
    considered_wider_access: Mapped[bool]
    note: Mapped[str] = mapped_column(Prose, default="")  # the reason, for those who read the whole
    public_text: Mapped[str] = mapped_column(Line, default="")  # what stands in its place in public
    redacted_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    redacted_name: Mapped[str] = mapped_column(Line, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_by_name: Mapped[str] = mapped_column(Line, default="")
