"""Reading who was at a meeting."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.exemptions.models import Exemption, LegalBasis
from app.exemptions.queries import ExemptionColumns, ExemptionView
from app.exemptions.rules import in_language
from app.kernel.errors import NotFound
from app.kernel.mentions import mentions
from app.meetings.attendance_rules import AttendanceRole
from app.meetings.models import AttendanceLine, Meeting
from app.meetings.policy import may_read_exempt, readable, readable_line


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """Somebody who was there, or was absent."""

    id: UUID
    version: int
    name: str
    organisation: str
    role: AttendanceRole
    standing_in_for: str
    is_absent: bool
    exemption: ExemptionView | None


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there, as far as it is there for the actor.

    ``grounds`` are those by which lines are left out, each once, in their alphabetical order: it tells neither how many
    lines nor where. It is empty for those who read everything.
    """

    lines: tuple[AttendanceView, ...]
    grounds: tuple[str, ...] = ()

    @property
    def present(self) -> int:
        """How many were there."""
        return sum(not line.is_absent for line in self.lines)

    @property
    def absent(self) -> int:
        """How many were not."""
        return len(self.lines) - self.present

    @property
    def shows_exempt(self) -> bool:
        """Whether the actor reads what is exempt here."""
        return any(line.exemption for line in self.lines)

    def line(self, line_id: UUID) -> AttendanceView:
        """One of the lines.

        :raise NotFound: when it is not among them.
        """
        found = next((line for line in self.lines if line.id == line_id), None)
        if found is None:
            raise NotFound
        return found


def attendance_of(db: Session, actor: Actor, meeting_id: UUID, forum_id: UUID) -> Attendance:
    """Who was at a meeting, for those who may read it. One query, and one more for readers without what is exempt."""
    columns = ExemptionColumns("line")
    wanted = select(AttendanceLine, *columns.columns()).join(Meeting, Meeting.id == AttendanceLine.meeting_id)
    rows = db.execute(
        columns.joined(wanted, AttendanceLine.exemption_id)
        .where(AttendanceLine.meeting_id == meeting_id, readable(actor), readable_line(actor))
        .order_by(AttendanceLine.position, AttendanceLine.id)
    )
    left_out = _LeftOut() if may_read_exempt(actor, forum_id) else _left_out(db, actor, meeting_id)
    lines = tuple(
        AttendanceView(
            id=row.AttendanceLine.id,
            version=row.AttendanceLine.version,
            name=row.AttendanceLine.name,
            organisation=row.AttendanceLine.organisation,
            role=row.AttendanceLine.role,
            standing_in_for=left_out.without(row.AttendanceLine.standing_in_for),
            is_absent=row.AttendanceLine.is_absent,
            exemption=columns.view(row, actor.language, is_whole=True),
        )
        for row in rows
    )
    return Attendance(lines, left_out.grounds)


def get_line(db: Session, actor: Actor, meeting: Meeting, line_id: UUID) -> AttendanceLine:
    """A line of a meeting that the actor may read, locked for change.

    :raise NotFound: when it is missing, of another meeting, or not there for the actor.
    """
    line = db.get(AttendanceLine, line_id, with_for_update=True, populate_existing=True)
    if line is None or line.meeting_id != meeting.id:
        raise NotFound
    if line.exemption_id is not None and not may_read_exempt(actor, meeting.forum_id):
        raise NotFound
    return line


def lines_of(db: Session, meeting_id: UUID) -> list[AttendanceLine]:
    """The whole list in order, for change."""
    lines = select(AttendanceLine).where(AttendanceLine.meeting_id == meeting_id)
    return list(db.scalars(lines.order_by(AttendanceLine.position, AttendanceLine.id)))


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Why lines are left out, and the names on them: whoever sat by deputy for one of those is not said."""

    grounds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def without(self, name: str) -> str:
        return "" if mentions(name, self.names) else name


def _left_out(db: Session, actor: Actor, meeting_id: UUID) -> _LeftOut:
    rows = db.execute(
        select(LegalBasis.printed, AttendanceLine.name)
        .join(Exemption, Exemption.basis_id == LegalBasis.id)
        .join(AttendanceLine, AttendanceLine.exemption_id == Exemption.id)
        .join(Meeting, Meeting.id == AttendanceLine.meeting_id)
        .where(AttendanceLine.meeting_id == meeting_id, readable(actor))
    ).all()
    return _LeftOut(
        tuple(sorted({in_language(row.printed, actor.language) for row in rows})),
        tuple(row.name for row in rows),
    )
