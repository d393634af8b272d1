"""Erasing what people can read of entries. The entries stay, and the chain still holds."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.models import AuditEntry
from app.audit.queries.erasing import about, erase_actors, erase_texts, mentioning, named_actor, one_entry
from app.audit.rules import ERASED
from app.audit.service.record import record
from app.kernel.errors import NotFound, Reason, RuleBroken


@dataclass(frozen=True, slots=True)
class Erased:
    """The places of the entries that lost something, and of those that mention the person but were kept."""

    names: tuple[int, ...]
    texts: tuple[int, ...]
    kept: tuple[int, ...] = ()


def erase_person(
    db: Session,
    actor: Actor,
    *,
    user_id: UUID,
    subject_ids: Collection[UUID],
    words: Collection[str],
    mentions: bool,
    reason: str,
) -> Erased:
    """Erase a person's name wherever the account acted, and the text of every entry about the person.

    ``subject_ids`` are the records that are the person: account, directory entry, memberships. Other entries in which
    one of ``words`` (name, e-mail) stands are only named, unless ``mentions`` says that they lose their text too: they
    may hold what archive law demands to be kept.

    :raise RuleBroken: ``erase.no_reason``; ``erase.names_it`` when the reason itself holds one of the words.
    """
    require(actor, Permission.AUDIT_ERASE)
    _check_reason(reason, words)
    names = set(named_actor(db, user_id))
    texts = set(about(db, {user_id, *subject_ids}))
    others = set(mentioning(db, words)) - texts
    if mentions:
        texts |= others
        others = set()
    _erase(db, actor, names, texts, reason)
    return Erased(tuple(sorted(names)), tuple(sorted(texts)), tuple(sorted(others)))


def erase_entry(db: Session, actor: Actor, seq: int, *, reason: str) -> Erased:
    """Erase the name of who acted and the text of one entry.

    :raise NotFound: when there is no such entry.
    :raise RuleBroken: ``erase.no_reason``, ``erase.of_erasing`` for an act of erasing, ``erase.done`` when nothing is left.
    """
    require(actor, Permission.AUDIT_ERASE)
    _check_reason(reason, ())
    row = one_entry(db, seq)
    if row is None:
        raise NotFound
    if row.action == ERASED:
        raise RuleBroken("erase.of_erasing")
    names = {seq} if row.actor_salt is not None else set()
    texts = {seq} if row.text_salt is not None else set()
    if not names and not texts:
        raise RuleBroken("erase.done")
    _erase(db, actor, names, texts, reason)
    return Erased(tuple(names), tuple(texts))


def _erase(db: Session, actor: Actor, names: set[int], texts: set[int], reason: str) -> None:
    if not names and not texts:
        return
    erase_actors(db, names)
    erase_texts(db, texts)
    changes = {
        "names": (None, sorted(names)),
        "texts": (None, sorted(texts)),
        "reason": (None, reason),
    }
    record(db, actor, ERASED, AuditEntry, changes=changes)


def _check_reason(reason: str, words: Collection[str]) -> None:
    if not reason.strip():
        raise RuleBroken(Reason("erase.no_reason", "reason"))
    if any(word.casefold() in reason.casefold() for word in words if word.strip()):
        raise RuleBroken(Reason("erase.names_it", "reason"))
