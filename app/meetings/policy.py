"""Who may read a meeting: the rule for one, and the same rule for a list.

What stands on its agenda is read by the rule for cases: a private draft on the agenda is not there for others.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, true

from app.access.actor import Actor
from app.access.permissions import Permission
from app.meetings.models import Meeting


def scope_of(meeting: Meeting) -> UUID:
    """The forum whose readers may read the meeting."""
    return meeting.forum_id


def may_read(actor: Actor, meeting: Meeting) -> bool:
    """Whether the meeting exists for the actor."""
    return actor.may(Permission.FORUM_READ, scope_of(meeting))


def readable(actor: Actor) -> ColumnElement[bool]:
    """``may_read`` as a condition on the table of meetings."""
    forum_ids = actor.forums_with(Permission.FORUM_READ)
    return true() if forum_ids is None else Meeting.forum_id.in_(forum_ids)
