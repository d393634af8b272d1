"""Kinds and states of a meeting."""

from enum import StrEnum

from app.kernel.errors import Reason
from app.kernel.workflow import Transition, Workflow


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
