"""What a command may answer instead of doing what it was asked.

Only the web floor turns these into status codes and pages, and only the command line turns them into exit codes.
"""

import dataclasses
from collections.abc import Sequence


class SamstyrError(Exception):
    """The root of every refusal that a caller is expected to handle."""


class NotFound(SamstyrError):
    """The thing does not exist, or does not exist for this actor. The two are never told apart."""


class NotAllowed(SamstyrError):
    """The actor may see the thing but not do this to it."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule refuses: a stable code, the form field it concerns, and values for the message."""

    code: str
    field: str = ""
    values: dict[str, str] = dataclasses.field(default_factory=dict)


class RuleBroken(SamstyrError):
    """A rule of the domain refuses. Nothing was changed.

    The reason codes are stable and are turned into words by the floor that shows them.
    """

    def __init__(self, *reasons: Reason | str) -> None:
        self.reasons: tuple[Reason, ...] = tuple(
            reason if isinstance(reason, Reason) else Reason(reason) for reason in reasons
        )
        super().__init__(", ".join(reason.code for reason in self.reasons))


class Conflict(SamstyrError):
    """Somebody else saved the same thing first. Carries the version that is stored now."""

    def __init__(self, subject: str, *, stored_version: int) -> None:
        super().__init__(subject)
        self.subject = subject
        self.stored_version = stored_version


def refuse_if(reasons: Sequence[Reason]) -> None:
    """Raise when there is any reason to refuse.

    :raise RuleBroken: with all the reasons, not only the first.
    """
    if reasons:
        raise RuleBroken(*reasons)
