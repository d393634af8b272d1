"""Forms of meetings."""

from uuid import UUID

from app.kernel.ordering import Direction
from app.meetings.attendance_rules import AttendanceRole
from app.meetings.rules import MeetingKind
from app.meetings.service.attendance import AttendanceDraft
from app.web.shared.forms import Form, LineField, LongLineField, OptionalTime, RequiredDate, RequiredLine


class MeetingForm(Form):
    """A new meeting."""

    kind: MeetingKind
    day: RequiredDate
    starts: OptionalTime = None
    ends: OptionalTime = None
    place: LineField = ""
    link: LongLineField = ""


class EditMeetingForm(MeetingForm):
    """A meeting as it is changed."""

    version: int


class StepForm(Form):
    """A step of the meeting, from the version the person saw."""

    version: int


class CancelForm(StepForm):
    """Why a meeting is not held."""

    reason: LineField = ""


class PutOnForm(Form):
    """A treatment for the agenda."""

    treatment_id: UUID


class FromBacklogForm(Form):
    """A treatment, and the meeting on whose agenda it is to stand."""

    treatment_id: UUID
    meeting_id: UUID


class MoveForm(Form):
    """Where an item goes."""

    direction: Direction


class AttendanceForm(Form):
    """Somebody who was there. ``then`` says where the person goes on from here."""

    name: RequiredLine
    organisation: LineField = ""
    role: AttendanceRole
    standing_in_for: LineField = ""
    is_absent: bool = False
    then: LineField = ""

    def draft(self) -> AttendanceDraft:
        """The line as the command wants it."""
        return AttendanceDraft(
            self.name, self.organisation, self.role, self.standing_in_for, is_absent=self.is_absent
        )


class EditAttendanceForm(AttendanceForm):
    """A line as it is changed."""

    version: int


class RemoveAttendanceForm(Form):
    """Taking a line out, by somebody who saw it at this version."""

    version: int
