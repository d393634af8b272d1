"""The table of audit events. Ids of users, forums and cases are plain values: events outlive what they speak of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base
from app.platform.types import Line, UtcDateTime


class AuditEvent(Base):
    """One act. ``changes`` maps a field to [old, new]; ``forum_id`` and ``case_id`` say whose history shows it."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_forum_id_seq", "forum_id", "seq"),
        Index("ix_audit_event_case_id_seq", "case_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))  # case.referred
    actor_user_id: Mapped[UUID | None] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(Line)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    subject_name: Mapped[str] = mapped_column(Line, default="")
    forum_id: Mapped[UUID | None] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")
