"""Which treatments may stand on an agenda."""

from typing import Final

from app.cases.rules import TreatmentState

S = TreatmentState

MAY_STAND: Final = frozenset({S.REQUESTED, S.DRAFTING, S.READY, S.POSTPONED})
"""States in which a treatment may be put on an agenda; a ready or postponed one is scheduled at once."""

MAY_MOVE: Final = frozenset({S.READY, S.POSTPONED})
"""States in which being put on one agenda takes it off another: it was not treated at the meeting it stood on."""
