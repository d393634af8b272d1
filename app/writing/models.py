"""Tables of drafts and of presence. Neither is history: drafts go when they are saved, presence after a minute."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified
from app.platform.types import UtcDateTime
from app.writing.rules import LONGEST_KEY


class Draft(Identified, Base):
    """What one person has typed in one form and not saved. Nobody else ever sees it."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "key"), Index("ix_draft_updated_at", "updated_at"))

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    base_version: Mapped[int]  # of what the writer began from; 0 where there was nothing
    revision: Mapped[int] = mapped_column(
        default=1
    )  # counts what was kept, so that two windows do not overwrite
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Identified, Base):
    """Who writes in which section of a paper. One row for each, moved on as the writing goes on."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("treatment_id", "user_id", "part"),)

    treatment_id: Mapped[UUID] = mapped_column(ForeignKey("treatment.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(40))  # the id of a part, or "head"
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
