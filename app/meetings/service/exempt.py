"""Withholding that somebody was at a meeting, and giving it free again; and writing down who read it."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.audit.service import record
from app.exemptions.models import Exemption
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import (
    ExemptionDraft,
    decide_anew,
    decision_changes,
    end,
    require_as_seen,
)
from app.forums.queries import forum_by_id
from app.meetings.models import AttendanceLine, Meeting
from app.meetings.queries.attendance import get_line
from app.meetings.queries.find import get_meeting
from app.meetings.service.opening import finish


def exempt_attendance(
    db: Session,
    actor: Actor,
    meeting_id: UUID,
    line_id: UUID,
    draft: ExemptionDraft,
    *,
    replaces: UUID | None = None,
) -> Exemption:
    """Withhold a line from the public. An exemption that it has already is ended and kept as history.

    ``replaces`` is the exemption that the actor saw there.

    :raise NotFound: when the meeting is not readable or has no such line, or it is not there for the actor.
    :raise NotAllowed: without ``case:exempt`` in the forum.
    :raise Conflict: when somebody else has decided since.
    :raise RuleBroken: as ``exemptions.service.decisions.decide``.
    """
    meeting, line = _open(db, actor, meeting_id, line_id, replaces)
    made, old = decide_anew(
        db,
        actor,
        forum_id=meeting.forum_id,
        covers=Covers.ATTENDANCE,
        original=line.name,
        draft=draft,
        standing=line.exemption_id,
    )
    line.exemption_id = made.id
    action = "meeting.attendance_exemption_changed" if old else "meeting.attendance_exempted"
    _finish(db, actor, action, meeting, line, old, made)
    return made


def end_attendance_exemption(
    db: Session, actor: Actor, meeting_id: UUID, line_id: UUID, *, exemption_id: UUID
) -> Exemption:
    """Give a line free: all readers of the meeting see it from now on.

    :raise NotFound: as ``exempt_attendance``.
    :raise NotAllowed: as ``exempt_attendance``.
    :raise Conflict: when ``exemption_id`` is not what stands there any more.
    """
    meeting, line = _open(db, actor, meeting_id, line_id, exemption_id)
    ended = end(db, actor, exemption_id, forum_id=meeting.forum_id)
    line.exemption_id = None
    _finish(db, actor, "meeting.attendance_exemption_ended", meeting, line, ended, None)
    return ended


def note_exempt_reading(db: Session, actor: Actor, meeting_id: UUID) -> None:
    """Add ``meeting.exempt_read`` to the history of the forum. The caller has found out that the actor may read it."""
    meeting = db.get_one(Meeting, meeting_id)
    finish(db, actor, "meeting.exempt_read", meeting)


def _open(
    db: Session, actor: Actor, meeting_id: UUID, line_id: UUID, seen: UUID | None
) -> tuple[Meeting, AttendanceLine]:
    meeting = get_meeting(db, actor, meeting_id)
    require(actor, Permission.CASE_EXEMPT, meeting.forum_id)
    line = get_line(db, actor, meeting, line_id)
    require_as_seen(line.exemption_id, seen, version=line.version)
    return meeting, line


def _finish(
    db: Session,
    actor: Actor,
    action: str,
    meeting: Meeting,
    line: AttendanceLine,
    old: Exemption | None,
    new: Exemption | None,
) -> None:
    line.version += 1
    db.flush()
    language = forum_by_id(db, actor, meeting.forum_id).language
    record(
        db,
        actor,
        action,
        new or old,
        name=line.name,
        forum_id=meeting.forum_id,
        changes={"day": (None, meeting.day), **decision_changes(db, language, old, new)},
    )
    db.flush()
