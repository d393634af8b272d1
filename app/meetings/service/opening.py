"""How every command on a meeting begins and ends."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import Changes, record
from app.kernel.errors import Conflict
from app.meetings.models import Meeting
from app.meetings.queries.find import get_meeting


def open_meeting(db: Session, actor: Actor, meeting_id: UUID, *, version: int | None = None) -> Meeting:
    """The meeting, locked, for an actor who may change it.

    :raise NotFound: when the actor may not read it.
    :raise NotAllowed: without ``meeting:edit`` in its forum.
    :raise Conflict: when it is not at the version that the actor saw.
    """
    meeting = get_meeting(db, actor, meeting_id)
    require(actor, Permission.MEETING_EDIT, meeting.forum_id)
    if version is not None and version != meeting.version:
        raise Conflict("meeting", stored_version=meeting.version)
    return meeting


def finish(
    db: Session,
    actor: Actor,
    action: str,
    meeting: Meeting,
    *,
    name: str = "",
    changes: Changes | None = None,
) -> None:
    """Record the act in the history of the forum. The name is the day, or what was put on or taken off."""
    record(
        db,
        actor,
        action,
        meeting,
        name=name or meeting.day.isoformat(),
        forum_id=meeting.forum_id,
        changes=changes,
    )
    db.flush()
