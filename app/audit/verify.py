"""Whether the record is whole: the first entry that is wrong, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit.queries.chain import entries, erasures, hash_at, head_of
from app.audit.rules import START, actor_digest, entry_hash, text_digest


@dataclass(frozen=True, slots=True)
class Fault:
    """The first wrong entry. ``seq`` is its place in the chain; ``what`` is a sentence without a full stop."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Held:
    """A place and a hash that were written down elsewhere at some time."""

    seq: int
    hash: str
    at: str


def first_fault(db: Session) -> Fault | None:
    """Walk the whole chain from its first entry to its head, in a ``snapshot``. None when nothing is wrong.

    That tells of every entry changed, taken out, put in or moved. Whoever can write to the database can still cut the
    end off and turn the head back, or make the whole chain anew: only what was written down elsewhere tells of that;
    see ``first_difference``.
    """
    actors, texts = _erased(db)
    seq, prev = 0, START
    for row in entries(db):
        seq += 1
        if row.seq != seq:
            return Fault(seq, "is missing")
        if row.prev != prev:
            return Fault(seq, "does not follow from the entry before it")
        if row.hash != entry_hash(seq, prev, row._asdict()):
            return Fault(seq, "was changed")
        if wrong := _text_fault(row, seq in actors, seq in texts):
            return Fault(seq, wrong)
        prev = row.hash
    head = head_of(db)
    if head is None:
        return Fault(seq, "is the last one, and the head of the chain is gone")
    if head[0] > seq:
        return Fault(seq + 1, "is missing")
    if head != (seq, prev):
        return Fault(seq, "is not the one that the head of the chain speaks of")
    return None


def first_difference(db: Session, kept: Iterable[Held]) -> Fault | None:
    """Compare a chain without a fault with what was written down of it, the oldest first."""
    for held in sorted(kept, key=lambda each: each.seq):
        found = START if held.seq == 0 else hash_at(db, held.seq)
        if found is None:
            last = head_of(db) or (0, START)
            return Fault(
                last[0] + 1,
                f"and those after it, up to {held.seq}, are missing: they were there on {held.at}. The end of the "
                "record was cut off, or an older copy of the database was put back",
            )
        if found != held.hash:
            return Fault(held.seq, f"is another one than on {held.at}: the record was made anew since")
    return None


def _text_fault(row: Any, actor_erased: bool, text_erased: bool) -> str:
    if row.text_seq is None:
        return "has lost its text"
    if row.actor_salt is None:
        if not actor_erased:
            return "has lost the name of who acted, and nothing says that it was erased"
    elif row.actor_digest != actor_digest(row.actor_salt, row.actor_name or ""):
        return "has another name of who acted than it had"
    if row.text_salt is None:
        if not text_erased:
            return "has lost its text, and nothing says that it was erased"
    elif row.text_digest != text_digest(row.text_salt, row.subject_name or "", row.changes or {}):
        return "has another text than it had"
    return ""


def _erased(db: Session) -> tuple[set[int], set[int]]:
    """The entries whose erasing is itself on the record: of the name of who acted, and of the text."""
    actors: set[int] = set()
    texts: set[int] = set()
    for changes in erasures(db):
        actors.update(_told(changes, "names"))
        texts.update(_told(changes, "texts"))
    return actors, texts


def _told(changes: Mapping[str, list[Any]], field: str) -> list[int]:
    return changes.get(field, [None, []])[1] or []
