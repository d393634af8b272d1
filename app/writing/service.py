"""Keeping and dropping drafts, and saying that somebody writes.

Nothing here is written to the audit: a draft is private, and presence is gone after a minute.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.errors import Conflict, NotFound, RuleBroken, refuse_if
from app.platform.clock import utc_now
from app.writing.models import Draft, Presence
from app.writing.queries import count_drafts, draft_for_change, require_writable
from app.writing.rules import (
    HEAD,
    KEEP_DRAFTS,
    MOST_DRAFTS,
    PRESENCE_LASTS,
    DraftKey,
    Fields,
    clean_fields,
    draft_problems,
    head_key,
)


def keep_draft(
    db: Session,
    actor: Actor,
    key: DraftKey,
    *,
    fields: Fields,
    base_version: int,
    revision: int,
    unanswered: Sequence[Fields] = (),
) -> Draft:
    """Keep what the actor has typed in a form. ``revision`` is that of the draft which the window knows, 0 for none.

    ``unanswered`` is what the window has sent since without an answer: it may have been kept all the same.

    :raise NotFound: when the actor may not read what it is a draft of, or is no user.
    :raise NotAllowed: when the actor may not save it.
    :raise RuleBroken: ``draft.too_large``, ``draft.too_many``.
    :raise Conflict: when another window of the same person has kept something else meanwhile.
    """
    require_writable(db, actor, key)
    if actor.user_id is None:
        raise NotFound
    refuse_if(draft_problems(fields))
    kept = clean_fields(fields)
    draft = draft_for_change(db, actor.user_id, str(key))
    if draft is None:
        return _add(db, actor.user_id, key, kept, base_version)
    if draft.fields != kept:
        if draft.revision != revision and draft.fields not in [clean_fields(each) for each in unanswered]:
            raise Conflict("draft", stored_version=draft.revision)
        draft.fields, draft.base_version = kept, base_version
        draft.revision += 1
    elif draft.base_version < base_version:
        draft.base_version = base_version
    draft.updated_at = utc_now()
    db.flush()
    return draft


def drop_draft(db: Session, actor: Actor, key: DraftKey, *, known: int | None = None) -> None:
    """Forget the actor's draft: it is saved, or not wanted. That there is none is no error.

    With ``known``, the revision that a window knows of, a draft that another window has kept since stays.
    """
    own = delete(Draft).where(Draft.user_id == actor.user_id, Draft.key == str(key))
    db.execute(own if known is None else own.where(Draft.revision <= known))


def sweep_drafts(db: Session, before: datetime) -> int:
    """Forget the drafts that nobody has touched since; returns how many."""
    return len(db.scalars(delete(Draft).where(Draft.updated_at < before).returning(Draft.id)).all())


def note_presence(db: Session, actor: Actor, treatment_id: UUID, part_id: UUID | None) -> None:
    """Say that the actor writes in a part, or (None) in the facts. Who was seen long ago is forgotten.

    :raise NotFound: when the actor may not read the treatment.
    :raise NotAllowed: when the actor may not edit it.
    """
    require_writable(db, actor, head_key(treatment_id))
    if actor.user_id is None:
        return
    now = utc_now()
    part = str(part_id) if part_id else HEAD
    here = (Presence.treatment_id == treatment_id, Presence.user_id == actor.user_id, Presence.part == part)
    db.execute(
        delete(Presence).where(Presence.treatment_id == treatment_id, Presence.seen_at < now - PRESENCE_LASTS)
    )
    if db.scalars(update(Presence).where(*here).values(seen_at=now).returning(Presence.id)).first():
        return
    try:
        with db.begin_nested():
            db.add(Presence(treatment_id=treatment_id, user_id=actor.user_id, part=part, seen_at=now))
    except IntegrityError:  # another window of the same person said it in the same moment
        return


def _add(db: Session, user_id: UUID, key: DraftKey, fields: dict[str, list[str]], base_version: int) -> Draft:
    # Old drafts go here, so that no operator needs to think of them; ``sweep_drafts`` takes those of people who never return.
    db.execute(delete(Draft).where(Draft.user_id == user_id, Draft.updated_at < utc_now() - KEEP_DRAFTS))
    if count_drafts(db, user_id) >= MOST_DRAFTS:
        raise RuleBroken("draft.too_many")
    draft = Draft(
        user_id=user_id, key=str(key), fields=fields, base_version=base_version, updated_at=utc_now()
    )
    try:
        with db.begin_nested():
            db.add(draft)
    except IntegrityError as error:  # another window of the same person was first
        raise Conflict("draft", stored_version=0) from error
    return draft
