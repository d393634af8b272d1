"""Who may read a meeting: the rule for one, and the same rule for a list.

What stands on its agenda is read by the rule for cases: a private draft on the agenda is not there for others. Of who was
there, a line that is exempt from public access is not there for those who may not read what is exempt.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, true

from app.access.actor import Actor
from app.access.permissions import Permission
from app.meetings.models import AttendanceLine, Meeting
from app.meetings.rules import MeetingState


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


def held() -> ColumnElement[bool]:
    """``rules.is_held`` as a condition on the table of meetings."""
    return Meeting.state != MeetingState.CANCELLED


def may_read_exempt(actor: Actor, forum_id: UUID) -> bool:
    """Whether lines of who was at the forum's meetings exist for the actor also when they are exempt."""
    return actor.may(Permission.CASE_READ_EXEMPT, forum_id)


def readable_line(actor: Actor) -> ColumnElement[bool]:
    """Whether a line of who was there exists for a reader of the meeting; a condition on lines joined with meetings."""
    forum_ids = actor.forums_with(Permission.CASE_READ_EXEMPT)
    if forum_ids is None:
        return true()
    return or_(AttendanceLine.exemption_id.is_(None), Meeting.forum_id.in_(forum_ids))
