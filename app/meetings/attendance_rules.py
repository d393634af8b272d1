"""As what people are at a meeting, and what a line of the list of them must hold."""

from enum import StrEnum
from typing import Final

from app.kernel.errors import Reason

LONGEST_LINE: Final = 500


class AttendanceRole(StrEnum):
    """As what somebody was there."""

    MEMBER = "member"
    DEPUTY = "deputy"
    SECOND = "second"  # bisitter
    OBSERVER = "observer"
    SECRETARIAT = "secretariat"
    GUEST = "guest"


def line_problems(name: str, organisation: str, standing_in_for: str) -> tuple[Reason, ...]:
    """What stands against the texts of a line."""
    reasons = [] if name else [Reason("attendance.no_name", "name")]
    texts = {"name": name, "organisation": organisation, "standing_in_for": standing_in_for}
    reasons += [
        Reason("text.too_long", field, {"most": str(LONGEST_LINE)})
        for field, text in texts.items()
        if len(text) > LONGEST_LINE
    ]
    return tuple(reasons)
