"""As what people are at a meeting, and what a line of the list of them must hold."""

from enum import StrEnum

from app.kernel.errors import Reason
from app.kernel.lengths import too_long


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
    return (
        *(() if name else (Reason("attendance.no_name", "name"),)),
        *too_long("name", name),
        *too_long("organisation", organisation),
        *too_long("standing_in_for", standing_in_for),
    )
