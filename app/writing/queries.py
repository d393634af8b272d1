"""Every SELECT of drafts and presence. A draft is asked for by its writer only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.cases.models import Treatment
from app.cases.policy import readable
from app.forums.queries import forum_by_id
from app.identity.models import UserAccount
from app.kernel.errors import NotFound
from app.kernel.mentions import mentions
from app.platform.clock import utc_now
from app.writing.models import Draft, Presence
from app.writing.rules import PRESENCE_LASTS, DraftKey, Fields


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as its writer sees it again."""

    key: str
    fields: Fields
    base_version: int
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WriterAtWork:
    """Somebody else who writes in a section just now."""

    part: str
    name: str
    minutes: int


def require_writable(db: Session, actor: Actor, key: DraftKey) -> None:
    """Drafts and presence are for those who may save what they are drafts of.

    :raise NotFound: when the actor may not read the treatment or the forum.
    :raise NotAllowed: when the actor may read but not edit.
    """
    require(actor, Permission.CASE_EDIT, _forum_of(db, actor, key))


def _forum_of(db: Session, actor: Actor, key: DraftKey) -> UUID:
    if key.forum_id is not None:
        return forum_by_id(db, actor, key.forum_id).id
    found = db.scalar(select(Treatment.forum_id).where(Treatment.id == key.treatment_id, readable(actor)))
    if found is None:
        raise NotFound
    return found


def own_draft(db: Session, actor: Actor, key: DraftKey) -> KeptDraft | None:
    """The actor's draft for one form."""
    return own_drafts(db, actor, str(key)).get(str(key))


def own_drafts(db: Session, actor: Actor, beginning: str) -> Mapping[str, KeptDraft]:
    """The actor's drafts whose keys begin like this, by their keys. One query, none for who is no user."""
    if actor.user_id is None:
        return {}
    columns = (Draft.key, Draft.fields, Draft.base_version, Draft.revision, Draft.updated_at)
    wanted = select(*columns).where(
        Draft.user_id == actor.user_id, Draft.key.startswith(beginning, autoescape=True)
    )
    return {row[0]: KeptDraft(*row) for row in db.execute(wanted.order_by(Draft.updated_at))}


def draft_for_change(db: Session, user_id: UUID, key: str) -> Draft | None:
    """The draft, locked."""
    wanted = select(Draft).where(Draft.user_id == user_id, Draft.key == key).with_for_update()
    return db.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def count_drafts(db: Session, user_id: UUID) -> int:
    """How many drafts a person has."""
    return db.scalar(select(func.count()).select_from(Draft).where(Draft.user_id == user_id)) or 0


def others_at_work(db: Session, actor: Actor, treatment_id: UUID) -> list[WriterAtWork]:
    """Who else writes in the paper just now, the latest first. For those whom ``require_writable`` let through."""
    now = utc_now()
    rows = db.execute(
        select(Presence.part, UserAccount.name, Presence.seen_at)
        .join(UserAccount, UserAccount.id == Presence.user_id)
        .where(
            Presence.treatment_id == treatment_id,
            Presence.seen_at > now - PRESENCE_LASTS,
            Presence.user_id != actor.user_id,
        )
        .order_by(Presence.seen_at.desc(), UserAccount.name)
    )
    return [
        WriterAtWork(part, name, int((now - seen_at).total_seconds() // 60)) for part, name, seen_at in rows
    ]


def drafts_naming(db: Session, words: Collection[str]) -> list[datetime]:
    """When the drafts, of anybody, in which one of the words stands were last kept. Nothing else of them is told."""
    rows = db.execute(select(Draft.fields, Draft.updated_at).execution_options(yield_per=100))
    return [row[1] for row in rows if mentions(row[0], words)]
