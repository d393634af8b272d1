"""What was wrong in a paper that has been treated."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified
from app.platform.types import Line, Prose, UtcDateTime


class Correction(Identified, Base):
    """A correction, printed after the paper, which itself stays as it was when the forum treated it.

    Numbered from 1 within the paper. Never changed or taken away: what is wrong in it is put right by the next one.
    """

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("treatment_id", "number"),)

    treatment_id: Mapped[UUID] = mapped_column(ForeignKey("treatment.id"))
    number: Mapped[int]
    body: Mapped[list[Any]] = mapped_column(JSON)  # a block tree, as in the parts of the paper
    html: Mapped[str] = mapped_column(Prose)
    reason: Mapped[str] = mapped_column(Line)
    author_user_id: Mapped[UUID | None] = mapped_column(Uuid)
    author_name: Mapped[str] = mapped_column(Line)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
