"""The record: a chain of entries, the readable text beside it, and the head of the chain.

Ids of users, forums and cases are plain values: entries outlive what they speak of. An entry holds nothing that points
to a person but the random id of an account, which says nothing once the account is gone. Guards let nobody change or
take away an entry, and let the text only be erased; see ``app.audit.guards``.
"""

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Table, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base
from app.platform.types import Line, UtcDateTime

_Seq = BigInteger().with_variant(Integer, "sqlite")


class AuditEntry(Base):
    """A link of the chain. ``forum_id`` and ``case_id`` say in whose history the act is shown."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_forum_id_seq", "forum_id", "seq"),
        Index("ix_audit_event_case_id_seq", "case_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(_Seq, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))  # case.referred
    actor_user_id: Mapped[UUID | None] = mapped_column(Uuid)
    actor_digest: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    forum_id: Mapped[UUID | None] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    text_digest: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(40), default="")
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditEvent(AuditEntry):
    """An entry with its text: one act. ``changes`` maps a field to [old, new].

    Salts and texts are None once they have been erased.
    """

    __tablename__ = "audit_text"

    text_seq: Mapped[int] = mapped_column("seq", _Seq, ForeignKey("audit_event.seq"), primary_key=True)
    actor_salt: Mapped[str | None] = mapped_column(String(64))
    actor_name: Mapped[str | None] = mapped_column(Line)
    text_salt: Mapped[str | None] = mapped_column(String(64))
    subject_name: Mapped[str | None] = mapped_column(Line)
    changes: Mapped[dict[str, list[Any]] | None] = mapped_column(JSON(none_as_null=True))


class AuditHead(Base):
    """The last entry: one row, locked by whoever adds to the chain, so that there is no fork and no gap."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(_Seq)
    hash: Mapped[str] = mapped_column(String(64))


ENTRIES: Final = cast(Table, AuditEntry.__table__)
TEXTS: Final = cast(Table, AuditEvent.__table__)
