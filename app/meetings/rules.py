"""Kinds and states of a meeting, and what may stand on its agenda."""

from datetime import date, time
from enum import StrEnum
from typing import Final

from app.kernel.errors import Reason
from app.kernel.lengths import too_long
from app.kernel.workflow import Transition, Workflow

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)  # a case number of a later year could not be read back
LONGEST_PLACE: Final = 300  # characters
LONGEST_REASON: Final = 300


class MeetingKind(StrEnum):
    """How the forum comes together."""

    ORDINARY = "ordinary"
    SEMINAR = "seminar"  # fagdag
    CIRCULATION = "circulation"  # treated in writing, without a meeting


class MeetingState(StrEnum):
    """From a date in the calendar to a call that has gone out, or to a meeting that is not held after all."""

    PLANNED = "planned"
    CALLED = "called"
    CANCELLED = "cancelled"


def is_held(state: MeetingState) -> bool:
    """Whether the meeting is held, or is to be: it counts for lists, deadlines and the dates of papers."""
    return state is not MeetingState.CANCELLED


def _has_items(item_count: int) -> tuple[Reason, ...]:
    return () if item_count else (Reason("meeting.empty_agenda"),)


S = MeetingState
MEETING = Workflow[MeetingState](
    (
        Transition("call", frozenset({S.PLANNED}), S.CALLED, (_has_items,)),
        Transition("recall", frozenset({S.CALLED}), S.PLANNED),
        Transition("cancel", frozenset({S.PLANNED, S.CALLED}), S.CANCELLED),
        Transition("restore", frozenset({S.CANCELLED}), S.PLANNED),
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


def cancel_problems(reason: str) -> tuple[Reason, ...]:
    """What stands against the reason for which a meeting is cancelled."""
    if not reason:
        return (Reason("meeting.no_cancel_reason", "reason"),)
    return too_long("reason", reason, LONGEST_REASON)
