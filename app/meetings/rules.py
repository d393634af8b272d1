"""Kinds and states of a meeting, and what may stand on its agenda."""

from datetime import date, time
from enum import StrEnum
from typing import Final

from app.kernel.errors import Reason
from app.kernel.lengths import too_long
from app.kernel.workflow import Transition, Workflow

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)  # a case number of a later year could not be read back
LONGEST_PLACE: Final = 300


class MeetingKind(StrEnum):
    """How the forum comes together."""

    ORDINARY = "ordinary"
    SEMINAR = "seminar"  # fagdag
    CIRCULATION = "circulation"  # treated in writing, without a meeting


class MeetingState(StrEnum):
    """From a date in the calendar to a call that has gone out."""

    PLANNED = "planned"
    CALLED = "called"


def _has_items(item_count: int) -> tuple[Reason, ...]:
    return () if item_count else (Reason("meeting.empty_agenda"),)


MEETING = Workflow[MeetingState](
    (
        Transition("call", frozenset({MeetingState.PLANNED}), MeetingState.CALLED, (_has_items,)),
        Transition("recall", frozenset({MeetingState.CALLED}), MeetingState.PLANNED),
    )
)


def time_problems(day: date, starts: time | None, ends: time | None) -> tuple[Reason, ...]:
    """What stands against the day and hours of a meeting."""
    reasons = []
    if not FIRST_DAY <= day <= LAST_DAY:
        reasons.append(Reason("meeting.day_out_of_range", "day"))
    if ends is not None and (starts is None or ends <= starts):
        reasons.append(Reason("meeting.ends_before_start", "ends"))
    return tuple(reasons)


def place_problems(place: str) -> tuple[Reason, ...]:
    """What stands against the text for the place."""
    return too_long("place", place, LONGEST_PLACE)
