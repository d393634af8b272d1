"""Forms of meetings."""

from typing import Literal
from uuid import UUID

from app.meetings.rules import MeetingKind
from app.web.shared.forms import Form, LineField, OptionalTime, RequiredDate


class MeetingForm(Form):
    """A new meeting."""

    kind: MeetingKind
    day: RequiredDate
    starts: OptionalTime = None
    ends: OptionalTime = None
    place: LineField = ""


class EditMeetingForm(MeetingForm):
    """A meeting as it is changed."""

    version: int


class StepForm(Form):
    """A step of the meeting, from the version the person saw."""

    version: int


class PutOnForm(Form):
    """A treatment for the agenda."""

    treatment_id: UUID


class MoveForm(Form):
    """Where an item goes."""

    direction: Literal["up", "down"]
