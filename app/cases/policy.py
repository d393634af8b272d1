"""Who may read a treatment: the rule for one, and the same rule for a list."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Case, Treatment


@dataclass(frozen=True, slots=True)
class TreatmentScope:
    """What the right to read depends on."""

    forum_id: UUID
    is_shared: bool


def scope_of(treatment: Treatment) -> TreatmentScope:
    """The scope of a loaded treatment."""
    return TreatmentScope(treatment.forum_id, treatment.shared_at is not None)


def may_read(actor: Actor, scope: TreatmentScope) -> bool:
    """A draft is for those who may read drafts of its forum; a shared treatment for all readers of the forum."""
    if actor.may(Permission.CASE_READ_DRAFT, scope.forum_id):
        return True
    return scope.is_shared and actor.may(Permission.CASE_READ, scope.forum_id)


def readable(actor: Actor) -> ColumnElement[bool]:
    """``may_read`` as a condition on the table of treatments."""
    return or_(
        _in_forums(actor.forums_with(Permission.CASE_READ_DRAFT)),
        and_(Treatment.shared_at.is_not(None), _in_forums(actor.forums_with(Permission.CASE_READ))),
    )


def readable_case(actor: Actor) -> ColumnElement[bool]:
    """A case is readable when any of its treatments is; a condition on the table of cases."""
    return Case.id.in_(select(Treatment.case_id).where(readable(actor)))


def _in_forums(forum_ids: frozenset[UUID] | None) -> ColumnElement[bool]:
    if forum_ids is None:
        return true()
    return Treatment.forum_id.in_(forum_ids) if forum_ids else false()
