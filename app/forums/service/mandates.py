"""What a forum is to do and may do, from day to day. Mandates never overlap."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.access.permissions import Permission
from app.audit.service import changed, record
from app.directory.rules import Days, overlap
from app.forums.models import Forum, Mandate
from app.forums.rules import dates_reasons
from app.forums.service.loading import lock_forum, require_in_forum
from app.kernel.errors import NotFound, Reason, refuse_if


class OtherFields(TypedDict, total=False):
    """What a mandate has a usual value for. The last day is included; without it the mandate is open."""

    valid_to: date | None
    text: str
    may_advise: bool
    may_decide: bool
    may_start_stop: bool
    may_grant: bool


class MandateFields(OtherFields, total=False):
    """Everything that can be changed of a mandate."""

    valid_from: date


def add_mandate(
    db: Session, actor: Actor, forum_id: UUID, *, valid_from: date, **others: Unpack[OtherFields]
) -> Mandate:
    """Give the forum a mandate. Unless told otherwise it may advise, and nothing more.

    :raise RuleBroken: when its days are out of order, or another mandate holds on one of them.
    """
    forum = _for_change(db, actor, forum_id, None)
    refuse_if(_reasons(valid_from, others.get("valid_to"), forum.mandates))
    mandate = Mandate(valid_from=valid_from, **others)
    forum.mandates.append(mandate)
    forum.version += 1
    db.flush()
    changes = {field: (None, value) for field, value in (others | {"valid_from": valid_from}).items()}
    record(db, actor, "mandate.added", mandate, name=forum.name, forum_id=forum.id, changes=changes)
    db.flush()
    return mandate


def update_mandate(
    db: Session, actor: Actor, mandate_id: UUID, *, version: int, **fields: Unpack[MandateFields]
) -> Mandate:
    """Change the fields that are given. ``version`` is the forum's.

    :raise RuleBroken: as for a new one.
    :raise Conflict: when the forum was changed since the caller read it.
    """
    forum, mandate = _mandate_for_change(db, actor, mandate_id, version)
    refuse_if(
        _reasons(
            fields.get("valid_from", mandate.valid_from),
            fields.get("valid_to", mandate.valid_to),
            [other for other in forum.mandates if other is not mandate],
        )
    )
    changes = changed(mandate, **fields)
    if changes:
        forum.version += 1
        record(db, actor, "mandate.changed", mandate, name=forum.name, forum_id=forum.id, changes=changes)
    db.flush()
    return mandate


def remove_mandate(db: Session, actor: Actor, mandate_id: UUID, *, version: int) -> None:
    """Take away a mandate that was entered by mistake. ``version`` is the forum's.

    :raise Conflict: when the forum was changed since the caller read it.
    """
    forum, mandate = _mandate_for_change(db, actor, mandate_id, version)
    forum.mandates.remove(mandate)
    forum.version += 1
    changes = {"valid_from": (mandate.valid_from, None), "text": (mandate.text, None)}
    record(db, actor, "mandate.removed", mandate, name=forum.name, forum_id=forum.id, changes=changes)
    db.flush()


def _mandate_for_change(db: Session, actor: Actor, mandate_id: UUID, version: int) -> tuple[Forum, Mandate]:
    found = db.get(Mandate, mandate_id)
    if found is None:
        raise NotFound
    forum = _for_change(db, actor, found.forum_id, version)
    mandate = next((each for each in forum.mandates if each.id == mandate_id), None)
    if mandate is None:
        raise NotFound
    return forum, mandate


def _for_change(db: Session, actor: Actor, forum_id: UUID, version: int | None) -> Forum:
    require_in_forum(actor, Permission.FORUM_EDIT, forum_id)
    return lock_forum(db, forum_id, selectinload(Forum.mandates), version=version)


def _reasons(valid_from: date, valid_to: date | None, others: Sequence[Mandate]) -> list[Reason]:
    if reasons := dates_reasons(valid_from, valid_to, "mandate"):
        return reasons
    if any(overlap(Days(valid_from, valid_to), other) for other in others):
        return [Reason("mandate.overlap", "valid_from")]
    return []
