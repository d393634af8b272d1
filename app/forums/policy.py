"""Who may see a forum: one rule, for a single forum and for a list."""

from uuid import UUID

from sqlalchemy import ColumnElement, true

from app.access.actor import Actor
from app.access.permissions import Permission
from app.forums.models import Forum


def scope_of(forum: Forum) -> UUID:
    """The forum in which rights to it are asked for: itself. Rights in a parent forum say nothing of its children."""
    return forum.id


def may_read(actor: Actor, forum: Forum) -> bool:
    """Whether the forum exists for the actor."""
    return actor.may(Permission.FORUM_READ, scope_of(forum))


def readable(actor: Actor) -> ColumnElement[bool]:
    """The same rule as a condition on ``Forum``."""
    forums = actor.forums_with(Permission.FORUM_READ)
    return true() if forums is None else Forum.id.in_(forums)
