"""Putting the acts of a transaction on the chain: in order, and as the last thing before it is committed.

Whoever seals holds the lock on the head of the chain, and everybody else who changes something waits for it. So it is
taken when all other work is done, however long that took, and given back by the commit that follows at once. It is also
the last lock of any transaction, which rules out that two wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import event, insert
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.audit.models import ENTRIES, TEXTS, AuditEntry, AuditEvent
from app.audit.queries.chain import lock_head
from app.audit.rules import actor_digest, entry_hash, new_salt, text_digest
from app.platform.db import refuse_when_reading

_WAITING: Final = "samstyr_acts"
_MARKS: Final = "samstyr_acts_before"
_RECORD: Final = frozenset({AuditEntry, AuditEvent})


@dataclass(frozen=True, slots=True)
class Act:
    """What is to become an entry."""

    at: datetime
    action: str
    actor_user_id: UUID | None
    actor_name: str
    subject_type: str
    subject_id: UUID | None
    subject_name: str
    forum_id: UUID | None
    case_id: UUID | None
    changes: dict[str, list[Any]]
    request_id: str


def seal_at_commit(db: Session, act: Act) -> None:
    """Let the act be sealed with the transaction; it is forgotten with it, or with the savepoint it was done in.

    :raise RuntimeError: in a reading session, which is never committed.
    """
    refuse_when_reading(db)
    db.info.setdefault(_WAITING, []).append(act)


@event.listens_for(Session, "do_orm_execute")
def _seal_before_reading(state: ORMExecuteState) -> None:
    """Who reads the record sees what was done in the same transaction."""
    if state.session.info.get(_WAITING) and any(each.class_ in _RECORD for each in state.all_mappers):
        _seal(state.session)


@event.listens_for(Session, "before_commit")
def _seal(db: Session) -> None:
    waiting: list[Act] = db.info.get(_WAITING, [])
    if not waiting or db.in_nested_transaction():
        return
    db.info[_WAITING] = []
    db.flush()
    head = lock_head(db)
    entries, texts = [], []
    seq, prev = head.seq, head.hash
    for act in waiting:
        seq += 1
        entry, text = _entry_and_text(act)
        entry |= {"seq": seq, "prev": prev, "hash": entry_hash(seq, prev, entry)}
        prev = entry["hash"]
        entries.append(entry)
        texts.append({"seq": seq, **text})
    db.execute(insert(ENTRIES), entries)
    db.execute(insert(TEXTS), texts)
    head.seq, head.hash = seq, prev
    db.flush()


def _entry_and_text(act: Act) -> tuple[dict[str, Any], dict[str, Any]]:
    actor_salt, text_salt = new_salt(), new_salt()
    entry = {
        "at": act.at,
        "action": act.action,
        "actor_user_id": act.actor_user_id,
        "actor_digest": actor_digest(actor_salt, act.actor_name),
        "subject_type": act.subject_type,
        "subject_id": act.subject_id,
        "forum_id": act.forum_id,
        "case_id": act.case_id,
        "text_digest": text_digest(text_salt, act.subject_name, act.changes),
        "request_id": act.request_id,
    }
    text = {
        "actor_salt": actor_salt,
        "actor_name": act.actor_name,
        "text_salt": text_salt,
        "subject_name": act.subject_name,
        "changes": act.changes,
    }
    return entry, text


@event.listens_for(Session, "after_transaction_create")
def _mark(db: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        db.info.setdefault(_MARKS, {})[transaction] = len(db.info.get(_WAITING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(db: Session, rolled_back: SessionTransaction) -> None:
    waiting: list[Act] = db.info.get(_WAITING, [])
    if rolled_back.parent is None:
        waiting.clear()
    elif rolled_back.nested:
        del waiting[db.info[_MARKS][rolled_back] :]


@event.listens_for(Session, "after_transaction_end")
def _unmark(db: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        db.info.pop(_MARKS, None)
