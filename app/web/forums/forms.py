"""Forms of forums. Lists of words are the templates' matter; what may stand in a field is said here."""

from datetime import time
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.access.roles import Role
from app.directory.rules import Side
from app.forums.deadline_rules import MOST_DAYS, DeadlineKind, DeadlineRule
from app.forums.rules import MOST_SECTIONS, Level, PartTemplateKind, SeriesPeriod
from app.kernel.language import Language
from app.web.shared.forms import (
    Form,
    LineField,
    OptionalDate,
    OptionalId,
    OptionalTime,
    ProseField,
    RequiredDate,
    RequiredLine,
)

Lines = Annotated[list[LineField], Field(max_length=MOST_SECTIONS + 1)]
PartKinds = Annotated[list[PartTemplateKind], Field(max_length=MOST_SECTIONS + 1)]


def _nothing(value: object) -> object:
    return None if value == "" else value


Days = Annotated[Annotated[int, Field(ge=0, le=MOST_DAYS)] | None, BeforeValidator(_nothing)]
Weekday = Annotated[Annotated[int, Field(ge=0, le=6)] | None, BeforeValidator(_nothing)]


class ForumForm(Form):
    """What a forum is. ``key`` is asked for once, when the forum is made."""

    name: RequiredLine
    parent_id: OptionalId = None
    level: Level
    language: Language
    default_place: LineField = ""
    secretariat_id: OptionalId = None
    active_from: OptionalDate = None
    active_to: OptionalDate = None


class NewForumForm(ForumForm):
    """A new forum."""

    key: RequiredLine


class EditForumForm(ForumForm):
    """A forum as it is changed."""

    version: int


class NumberingForm(Form):
    """How the forum numbers its cases and prints the numbers."""

    version: int
    series_period: SeriesPeriod
    series_prefix: LineField = ""
    paper_pattern: RequiredLine
    minutes_pattern: RequiredLine
    file_pattern: RequiredLine


class LabelsForm(Form):
    """The forum's own words for the kinds of case; one field for each kind and language, empty for the usual word."""

    version: int
    decide_nb: LineField = ""
    decide_nn: LineField = ""
    decide_da: LineField = ""
    decide_en: LineField = ""
    discuss_nb: LineField = ""
    discuss_nn: LineField = ""
    discuss_da: LineField = ""
    discuss_en: LineField = ""
    inform_nb: LineField = ""
    inform_nn: LineField = ""
    inform_da: LineField = ""
    inform_en: LineField = ""


DEADLINE_PARTS: Final = ("days", "weekday", "at")


class DeadlinesForm(Form):
    """When things are due before and after the forum's meetings; for each, no number of days for no deadline."""

    version: int
    cases_in_days: Days = None
    cases_in_weekday: Weekday = None
    cases_in_at: OptionalTime = None
    papers_dated_days: Days = None
    papers_dated_weekday: Weekday = None
    papers_dated_at: OptionalTime = None
    papers_released_days: Days = None
    papers_released_weekday: Weekday = None
    papers_released_at: OptionalTime = None
    minutes_out_days: Days = None
    minutes_out_weekday: Weekday = None
    minutes_out_at: OptionalTime = None

    def rules(self) -> list[DeadlineRule]:
        """The deadlines that have a number of days."""
        return [
            DeadlineRule(kind, days, weekday, at)
            for kind in DeadlineKind
            for days, weekday, at in [self._typed(kind)]
            if days is not None
        ]

    def without_days(self) -> list[DeadlineKind]:
        """The kinds with a weekday or an hour, and no number of days for them to belong to."""
        return [
            kind
            for kind in DeadlineKind
            if self._typed(kind)[0] is None and self._typed(kind) != (None, None, None)
        ]

    def _typed(self, kind: DeadlineKind) -> tuple[int | None, int | None, time | None]:
        days, weekday, at = (getattr(self, f"{kind}_{part}") for part in DEADLINE_PARTS)
        return days, weekday, at


class SectionsForm(Form):
    """The parts that new papers begin with: lists of equal length, one place for each part, and a new one."""

    version: int
    key: Lines
    kind: PartKinds
    heading_nb: Lines
    heading_nn: Lines
    heading_da: Lines
    heading_en: Lines
    new_kind: Annotated[PartTemplateKind | None, BeforeValidator(_nothing)] = None
    new_heading: LineField = ""
    act: LineField = "save"  # save, add, up-2, down-2, remove-2


class MandateForm(Form):
    """What the forum is to do and may do, in a time."""

    valid_from: RequiredDate
    valid_to: OptionalDate = None
    text: ProseField = ""
    may_advise: bool = False
    may_decide: bool = False
    may_start_stop: bool = False
    may_grant: bool = False


class EditMandateForm(MandateForm):
    """A mandate as it is changed. The version is the forum's."""

    version: int


class RemoveForm(Form):
    """Something that goes away, from the version the person saw."""

    version: int


class SeatForm(Form):
    """A seat."""

    organisation_id: OptionalId = None
    side: Annotated[Side | None, BeforeValidator(_nothing)] = None
    appointed_by: LineField = ""
    position: Annotated[Annotated[int, Field(ge=1, le=999)] | None, BeforeValidator(_nothing)] = None
    valid_from: OptionalDate = None
    valid_to: OptionalDate = None


class EditSeatForm(SeatForm):
    """A seat as it is changed."""

    version: int
    position: Annotated[int, Field(ge=1, le=999)]


class MembershipForm(Form):
    """A person in the forum."""

    person_id: UUID
    role: Role
    seat_id: OptionalId = None
    valid_from: RequiredDate
    valid_to: OptionalDate = None


class EditMembershipForm(Form):
    """A membership as it is changed; the person stays."""

    version: int
    role: Role
    seat_id: OptionalId = None
    valid_from: RequiredDate
    valid_to: OptionalDate = None


class EndForm(Form):
    """The last day of a seat or a membership."""

    version: int
    last_day: RequiredDate
