"""The presentation of a treatment (saksframlegg): its parts and attachments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.case_presentation import PartKind
from app.kernel.language import Language
from app.platform.db import Base, Identified, Versioned
from app.platform.types import Line, Prose, UtcDateTime, enum_column


class Presentation(Identified, Versioned, Base):
    """What is printed about a treatment. Has its own language; ``revision`` counts every saved change of content."""

    __tablename__ = "presentation"

    treatment_id: Mapped[UUID] = mapped_column(ForeignKey("treatment.id"), unique=True)
    language: Mapped[Language] = mapped_column(enum_column(Language, "language"))
    revision: Mapped[int] = mapped_column(default=1)
    place: Mapped[str] = mapped_column(Line, default="")
    dated: Mapped[date | None]
    # Labels as they stood in an imported paper, printed again as they stood; see documents.wording.
    wording: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Lines of an imported paper that were not understood: kept until somebody has placed them.
    unplaced: Mapped[str] = mapped_column(Prose, default="")
    # The exemption in force for the whole paper; those that have ended stay in their own table.
    exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"), index=True)


class PresentationPart(Identified, Versioned, Base):
    """One headed part. Rich text is a block tree as JSON; ``html`` is rendered when saved, never when viewed."""

    __tablename__ = "presentation_part"
    __table_args__ = (UniqueConstraint("presentation_id", "key"),)

    presentation_id: Mapped[UUID] = mapped_column(ForeignKey("presentation.id"))
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[PartKind] = mapped_column(enum_column(PartKind, "kind"))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(Line)
    party: Mapped[str] = mapped_column(Line, default="")  # addressee of a proposal, forum behind an input
    party_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    party_forum_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum.id"))
    lead_in: Mapped[list[Any]] = mapped_column(JSON, default=list)
    body: Mapped[list[Any]] = mapped_column(JSON, default=list)
    closing: Mapped[list[Any]] = mapped_column(JSON, default=list)
    html: Mapped[str] = mapped_column(Prose, default="")
    exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"))


class Attachment(Identified, Versioned, Base):
    """A numbered line in the list of attachments. The file may come later, or be replaced."""

    __tablename__ = "attachment"

    presentation_id: Mapped[UUID] = mapped_column(ForeignKey("presentation.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Line)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(Line, default="")
    added_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    exemption_id: Mapped[UUID | None] = mapped_column(ForeignKey("exemption.id"), index=True)
