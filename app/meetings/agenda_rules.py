"""Which treatments may stand on an agenda, and which may leave one for another."""

from typing import Final

from app.cases.rules import TreatmentState
from app.meetings.rules import MeetingState, is_held

S = TreatmentState

MAY_STAND: Final = frozenset({S.REQUESTED, S.DRAFTING, S.READY, S.POSTPONED})
"""States in which a treatment may be put on an agenda; a ready or postponed one is scheduled at once."""

MAY_MOVE: Final = frozenset({S.READY, S.POSTPONED})
"""States in which being put on one agenda takes it off another: it was not treated at the meeting it stood on."""


def may_be_put_on(state: TreatmentState, stands_on: MeetingState | None) -> bool:
    """Whether a treatment may be put on an agenda. ``stands_on``: the state of the meeting on whose agenda it stands now.

    One that is still written stays where it stands, unless that meeting is not held.
    """
    return state in MAY_STAND and (stands_on is None or state in MAY_MOVE or not is_held(stands_on))
