"""Writing down who was at a meeting."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import Changes, changed
from app.exemptions.service.decisions import end
from app.kernel.errors import Conflict, refuse_if
from app.kernel.ordering import Direction, move, number
from app.kernel.text import clean_line
from app.meetings.attendance_rules import AttendanceRole, line_problems
from app.meetings.models import AttendanceLine, Meeting
from app.meetings.queries.attendance import get_line, lines_of
from app.meetings.service.opening import finish, open_meeting


@dataclass(frozen=True, slots=True)
class AttendanceDraft:
    """A line as a person writes it: who, as what, and by deputy for whom."""

    name: str
    organisation: str = ""
    role: AttendanceRole = AttendanceRole.MEMBER
    standing_in_for: str = ""
    is_absent: bool = False

    def cleaned(self) -> dict[str, Any]:
        """The fields as they are stored.

        :raise RuleBroken: ``attendance.no_name``, ``text.too_long``.
        """
        values = {
            field: clean_line(value) if type(value) is str else value for field, value in asdict(self).items()
        }
        refuse_if(line_problems(values["name"], values["organisation"], values["standing_in_for"]))
        return values


def add_attendance(db: Session, actor: Actor, meeting_id: UUID, draft: AttendanceDraft) -> AttendanceLine:
    """Add a line after the others.

    :raise NotFound: when the meeting is missing or not readable.
    :raise NotAllowed: without ``meeting:edit`` in the forum.
    :raise RuleBroken: ``attendance.no_name``, ``text.too_long``.
    """
    meeting = open_meeting(db, actor, meeting_id)
    values = draft.cleaned()
    line = AttendanceLine(meeting_id=meeting.id, position=len(lines_of(db, meeting.id)) + 1, **values)
    db.add(line)
    db.flush()
    _finish(db, actor, "meeting.attendance_added", meeting, line, {k: (None, v) for k, v in values.items()})
    return line


def edit_attendance(
    db: Session, actor: Actor, meeting_id: UUID, line_id: UUID, draft: AttendanceDraft, *, version: int
) -> AttendanceLine:
    """Save a line. One that is exempt stays so.

    :raise NotFound: when the meeting has no such line, or it is not there for the actor.
    :raise Conflict: when somebody else changed the line first.
    :raise RuleBroken: as ``add_attendance``.
    """
    meeting, line = _open(db, actor, meeting_id, line_id, version)
    changes = changed(line, **draft.cleaned())
    if changes:
        line.version += 1
        _finish(db, actor, "meeting.attendance_edited", meeting, line, changes)
    return line


def move_attendance(
    db: Session, actor: Actor, meeting_id: UUID, line_id: UUID, *, direction: Direction
) -> None:
    """Let the line change places with its neighbour; the first does not go up nor the last down.

    :raise NotFound: as ``edit_attendance``.
    """
    meeting, line = _open(db, actor, meeting_id, line_id, None)
    moved = move(lines_of(db, meeting.id), line, direction)
    if moved is not None:
        _finish(db, actor, "meeting.attendance_moved", meeting, line, {"position": moved})


def remove_attendance(db: Session, actor: Actor, meeting_id: UUID, line_id: UUID, *, version: int) -> None:
    """Take a line out of the list; an exemption of it is ended, and stays as history.

    :raise NotFound: as ``edit_attendance``.
    :raise NotAllowed: when the line is exempt, without ``case:exempt`` in the forum.
    :raise Conflict: when somebody else changed the line first.
    """
    meeting, line = _open(db, actor, meeting_id, line_id, version)
    if line.exemption_id is not None:
        end(db, actor, line.exemption_id, forum_id=meeting.forum_id)
    lines = lines_of(db, meeting.id)
    lines.remove(line)
    number(lines)
    db.delete(line)
    changes = {field: (getattr(line, field), None) for field in AttendanceDraft.__dataclass_fields__}
    _finish(db, actor, "meeting.attendance_removed", meeting, line, changes)


def _open(
    db: Session, actor: Actor, meeting_id: UUID, line_id: UUID, version: int | None
) -> tuple[Meeting, AttendanceLine]:
    meeting = open_meeting(db, actor, meeting_id)
    line = get_line(db, actor, meeting, line_id)
    if version is not None and version != line.version:
        raise Conflict("attendance_line", stored_version=line.version)
    return meeting, line


def _finish(
    db: Session, actor: Actor, action: str, meeting: Meeting, line: AttendanceLine, changes: Changes
) -> None:
    """The name is in the history of the forum: all who read that may read what is exempt."""
    finish(db, actor, action, meeting, name=line.name, changes={"day": (None, meeting.day), **changes})
