"""The forms of cases."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.cases.rules import TreatmentKind
from app.documents.case_presentation import PartKind
from app.kernel.language import Language
from app.kernel.ordering import Direction
from app.web.shared.forms import (
    Form,
    LineField,
    LongField,
    OptionalDate,
    OptionalId,
    OptionalTime,
    ProseField,
    RequiredLine,
)

MOST_PRESENTERS = 30
Presenters = Annotated[list[LineField], Field(max_length=MOST_PRESENTERS)]


class NewCaseForm(Form):
    """A new case. The forum stands by its key, so that the address of the form says it too."""

    forum: RequiredLine
    title: RequiredLine
    kind: TreatmentKind
    wanted_result: LineField = ""
    presenters: Presenters = Field(default_factory=list)
    preparer: LineField = ""
    language: Language


class HeadForm(Form):
    """The facts of a treatment, and the head and foot of its paper."""

    version: int
    title: RequiredLine
    kind: TreatmentKind
    wanted_result: LineField = ""
    presenters: Presenters = Field(default_factory=list)
    preparer: LineField = ""
    language: Language
    place: LineField = ""
    dated: OptionalDate = None


class PartForm(Form):
    """One part. Which of the texts a part has follows from its kind."""

    version: int
    heading: RequiredLine
    party: LineField = ""
    lead_in: ProseField = ""
    body: ProseField = ""
    closing: ProseField = ""


class NewPartForm(Form):
    """A part to add after the others."""

    kind: PartKind
    heading: RequiredLine


class MoveForm(Form):
    """One place up or down."""

    direction: Direction


class AttachmentForm(Form):
    """The title of a line in the list of attachments; a new line is called after its file when it has none."""

    title: LineField = ""


class EditAttachmentForm(Form):
    """A line of the list as it is changed; a file beside it takes the place of the one that was there."""

    version: int
    title: RequiredLine


class StepForm(Form):
    """A step, taken by somebody who saw the treatment at this version."""

    version: int


class ReleaseForm(Form):
    """Opening a case to the outside, at once or from a moment on the local clock, by somebody who saw this revision of
    its paper."""

    version: int
    revision: int | None = None
    embargo_day: OptionalDate = None
    embargo_time: OptionalTime = None


class ReferForm(Form):
    """To which forum a case goes, and what it is asked."""

    forum_id: UUID
    title: RequiredLine
    kind: TreatmentKind


class NumberForm(Form):
    """A number that the paper already has, in any usual spelling of it."""

    number: RequiredLine


class CorrectionForm(Form):
    """A correction of a paper that has been treated, by somebody who saw the treatment at this version."""

    version: int
    body: ProseField = ""
    reason: LineField = ""


class AgendaForm(Form):
    """The meeting at which a case is to be treated."""

    meeting_id: OptionalId = None


class ImportForm(Form):
    """A finished paper as text, and whether its meeting is made when the forum has none on that day."""

    text: ProseField = ""
    lines: LongField = ""  # what was read from a Word file, on its way from the check to the confirmation
    make_meeting: LineField = ""
