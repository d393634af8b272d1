"""The table of keys. A row stands in the same transaction as the act that it speaks of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.idempotency.rules import LONGEST_KEY
from app.platform.db import Base
from app.platform.types import UtcDateTime


class IdempotencyKey(Base):
    """One form that a user has sent, and what was answered. Another user's key of the same spelling is another key."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_created_at", "created_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    command: Mapped[str] = mapped_column(String)  # POST /cases/new
    body_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the fields and the files
    status: Mapped[int] = mapped_column(
        SmallInteger, default=0
    )  # 0 only inside the transaction that is at it
    location: Mapped[str] = mapped_column(String, default="")
    flash: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
