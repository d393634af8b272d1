"""A list of who was at a meeting in which lines are exempt, and the same list as it is for those who may not know of them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exemptions.service.decisions import ExemptionDraft
from app.meetings.attendance_rules import AttendanceRole
from app.meetings.models import AttendanceLine, Meeting
from app.meetings.service.attendance import AttendanceDraft, add_attendance
from app.meetings.service.exempt import exempt_attendance
from tests.factories.cases import SYSTEM
from tests.factories.exemptions import basis


def list_who_was_there(db: Session, meeting: Meeting, *, secret: str) -> list[UUID]:
    """Three lines that everybody may read, and between them two that are exempt by the same ground and tell the secret."""
    ids = []
    for number in range(1, 6):
        hidden = "" if number % 2 else f" {secret}"
        draft = AttendanceDraft(
            f"Kari {number}{hidden}",
            f"Direktoratet{hidden}",
            standing_in_for=f"Ola{hidden}",
            is_absent=bool(hidden),
        )
        line = add_attendance(db, SYSTEM, meeting.id, draft)
        ids.append(line.id)
        if hidden:
            decided = ExemptionDraft(
                basis(db).id, considered_wider_access=True, note=f"{secret} i begrunnelsen"
            )
            exempt_attendance(db, SYSTEM, meeting.id, line.id, decided)
    return ids


def take_out_who_was_there(db: Session) -> None:
    """Only the ground is told: of the exempt lines one is left, last and empty."""
    exempt_lines = select(AttendanceLine).where(AttendanceLine.exemption_id.is_not(None))
    first, *others = db.scalars(exempt_lines.order_by(AttendanceLine.position)).all()
    for line in others:
        db.delete(line)
    first.name = first.organisation = first.standing_in_for = ""
    first.role, first.position, first.is_absent, first.version = AttendanceRole.GUEST, 99, False, 900
    db.flush()
