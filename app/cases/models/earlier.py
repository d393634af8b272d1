"""What a text was before it was saved over, for those who may still be writing from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified
from app.platform.types import UtcDateTime


class EarlierText(Identified, Base):
    """The fields of a part or of a treatment's facts as they stood from version ``since`` to version ``version``.

    ``subject_id`` is that of the part or the treatment; a plain value, because parts are removed while others write.
    """

    __tablename__ = "earlier_text"
    __table_args__ = (UniqueConstraint("subject_id", "version"),)

    subject_id: Mapped[UUID] = mapped_column(Uuid)
    since: Mapped[int]
    version: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
