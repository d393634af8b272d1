"""The record as a chain: its head, its entries in order, what was erased."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.audit.models import TEXTS, AuditEntry, AuditEvent, AuditHead
from app.audit.rules import CHAINED, ERASED

_BATCH = 500


def lock_head(db: Session) -> AuditHead:
    """The head, locked until the end of the transaction.

    :raise RuntimeError: when it is gone, which no command of ours can bring about.
    """
    head = db.get(AuditHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        raise RuntimeError("the record has lost its head; run samstyr verify")
    return head


def head_of(db: Session) -> tuple[int, str] | None:
    """Place and hash of the last entry, as the head has them; place 0 in an empty record."""
    row = db.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return None if row is None else (row.seq, row.hash)


def entries(db: Session) -> Iterator[Row[Any]]:
    """Every entry in order, with what is left of its text (``text_seq`` is None where even the row is gone)."""
    entry = AuditEntry
    wanted = select(
        entry.seq,
        *(getattr(entry, name) for name in CHAINED),
        entry.prev,
        entry.hash,
        TEXTS.c.seq.label("text_seq"),
        TEXTS.c.actor_salt,
        TEXTS.c.actor_name,
        TEXTS.c.text_salt,
        TEXTS.c.subject_name,
        TEXTS.c.changes,
    ).outerjoin(TEXTS, TEXTS.c.seq == entry.seq)
    after = None
    while True:
        batch = wanted if after is None else wanted.where(entry.seq > after)
        rows = db.execute(batch.order_by(entry.seq).limit(_BATCH)).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].seq


def hash_at(db: Session, seq: int) -> str | None:
    """The hash of the entry in this place, or None when there is none."""
    return db.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))


def erasures(db: Session) -> Iterator[dict[str, list[Any]]]:
    """What each act of erasing says it erased."""
    wanted = select(AuditEvent.changes).where(AuditEvent.action == ERASED).order_by(AuditEvent.seq)
    for changes in db.scalars(wanted):
        yield changes or {}
