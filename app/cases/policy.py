"""Who sees what of a treatment: the rule for one, and the same rule for a list.

A reader sees nothing of a treatment, its public part, or the whole of it. Everything that shows a case goes by this file:
there is no second filter.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Attachment, Case, Presentation, PresentationPart, Treatment
from app.platform.clock import utc_now


class Sight(IntEnum):
    """How much of a treatment there is for an actor."""

    NOTHING = 0  # it does not exist
    PUBLIC = 1  # without what is exempt, under its public title
    WHOLE = 2


THE_PUBLIC: Final = Actor(user_id=None, name="")
"""Somebody without any role, for showing others what the public sees."""


@dataclass(frozen=True, slots=True)
class TreatmentScope:
    """What the right to read depends on. ``is_open``: released, and past its embargo."""

    forum_id: UUID
    is_shared: bool
    is_open: bool = False


def scope_of(treatment: Treatment) -> TreatmentScope:
    """The scope of a loaded treatment, as of now."""
    return TreatmentScope(
        treatment.forum_id,
        treatment.shared_at is not None,
        is_open(treatment.released_at, treatment.embargo_until, utc_now()),
    )


def is_open(released_at: datetime | None, embargo_until: datetime | None, now: datetime) -> bool:
    """Whether the public part stands open to the outside."""
    return released_at is not None and (embargo_until is None or embargo_until <= now)


def sight(actor: Actor, scope: TreatmentScope) -> Sight:
    """A draft is whole for those who may read drafts of its forum, and is not there for others.

    A shared treatment is whole for the forum's readers of what is exempt, and public for its other readers. A released one
    is public for everybody who is signed in, from the end of its embargo on.
    """
    if actor.may(Permission.CASE_READ_DRAFT, scope.forum_id):
        return Sight.WHOLE
    if scope.is_shared and actor.may(Permission.CASE_READ, scope.forum_id):
        may_read_exempt = actor.may(Permission.CASE_READ_EXEMPT, scope.forum_id)
        return Sight.WHOLE if may_read_exempt else Sight.PUBLIC
    if scope.is_open and actor.may(Permission.CASE_READ_RELEASED):
        return Sight.PUBLIC
    return Sight.NOTHING


def may_read(actor: Actor, scope: TreatmentScope) -> bool:
    """Whether the treatment exists for the actor."""
    return sight(actor, scope) is not Sight.NOTHING


def whole(actor: Actor) -> ColumnElement[bool]:
    """``sight(…) is Sight.WHOLE`` as a condition on the table of treatments."""
    readers = actor.forums_with(Permission.CASE_READ)
    exempt_readers = actor.forums_with(Permission.CASE_READ_EXEMPT)
    both = readers if exempt_readers is None else exempt_readers
    if readers is not None and exempt_readers is not None:
        both = readers & exempt_readers
    return or_(
        _in_forums(actor.forums_with(Permission.CASE_READ_DRAFT)),
        and_(Treatment.shared_at.is_not(None), _in_forums(both)),
    )


def readable(actor: Actor) -> ColumnElement[bool]:
    """``may_read`` as a condition on the table of treatments."""
    ways = [
        whole(actor),
        and_(Treatment.shared_at.is_not(None), _in_forums(actor.forums_with(Permission.CASE_READ))),
    ]
    if actor.may(Permission.CASE_READ_RELEASED):
        ways.append(open_to_all())
    return or_(*ways)


def open_to_all() -> ColumnElement[bool]:
    """``is_open`` as a condition on the table of treatments."""
    passed = or_(Treatment.embargo_until.is_(None), Treatment.embargo_until <= utc_now())
    return and_(Treatment.released_at.is_not(None), passed)


def readable_case(actor: Actor) -> ColumnElement[bool]:
    """A case is readable when any of its treatments is; a condition on the table of cases."""
    return Case.id.in_(select(Treatment.case_id).where(readable(actor)))


def title_for(actor: Actor) -> ColumnElement[str]:
    """The title that the actor may know, for treatments that the actor may read."""
    return case((whole(actor), Treatment.title), else_=Treatment.public_title)


def folded_title_for(actor: Actor) -> ColumnElement[str]:
    """``title_for``, case-folded: a search finds nobody the words that a title hides."""
    return case((whole(actor), Treatment.folded_title), else_=Treatment.folded_public_title)


def changed_for(actor: Actor) -> ColumnElement[datetime]:
    """The moment of the last change that the actor may know of: work on what is exempt would show in it."""
    if actor.forums_with(Permission.CASE_READ_DRAFT) is None:
        return Treatment.updated_at.expression
    told = func.coalesce(Treatment.released_at, Treatment.shared_at, Treatment.created_at)
    return case((whole(actor), Treatment.updated_at), else_=told)


def paper_for(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may know more of the paper than number, public title and ground.

    A condition on treatments joined with their presentations.
    """
    return or_(whole(actor), Presentation.exemption_id.is_(None))


def part_for(actor: Actor) -> ColumnElement[bool]:
    """Whether a part is there for the actor; a condition on parts joined with treatments and presentations."""
    return and_(paper_for(actor), or_(whole(actor), PresentationPart.exemption_id.is_(None)))


def attachment_for(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may have the title and the file of an attachment; a condition as ``part_for``."""
    return and_(paper_for(actor), or_(whole(actor), Attachment.exemption_id.is_(None)))


def _in_forums(forum_ids: frozenset[UUID] | None) -> ColumnElement[bool]:
    if forum_ids is None:
        return true()
    return Treatment.forum_id.in_(forum_ids) if forum_ids else false()
