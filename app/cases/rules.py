"""Kinds and stages of a treatment, and what each step demands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.kernel.case_number import format_case_number
from app.kernel.errors import Reason
from app.kernel.lengths import too_long
from app.kernel.workflow import Transition, Workflow


class TreatmentKind(StrEnum):
    """What the forum is asked to do."""

    DECIDE = "decide"  # Behandlingssak
    DISCUSS = "discuss"  # Drøftingssak
    INFORM = "inform"  # Orienteringssak


class TreatmentState(StrEnum):
    """The stages of work."""

    REQUESTED = "requested"
    DRAFTING = "drafting"
    READY = "ready"
    SCHEDULED = "scheduled"
    TREATED = "treated"
    POSTPONED = "postponed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class CaseStatus(StrEnum):
    """How far a case has come, over all its treatments."""

    IN_PREPARATION = "in_preparation"
    SCHEDULED = "scheduled"
    WAITING = "waiting"  # somebody must act before anything happens
    TREATED = "treated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class TreatmentFacts:
    """What the guards look at."""

    kind: TreatmentKind
    has_proposal: bool
    has_presenter: bool
    forum_is_active: bool


def _proposal_present(facts: TreatmentFacts) -> Iterable[Reason]:
    if facts.kind is TreatmentKind.DECIDE and not facts.has_proposal:
        yield Reason("treatment.no_proposal")


def _presenter_named(facts: TreatmentFacts) -> Iterable[Reason]:
    if not facts.has_presenter:
        yield Reason("treatment.no_presenter")


def _forum_active(facts: TreatmentFacts) -> Iterable[Reason]:
    if not facts.forum_is_active:
        yield Reason("treatment.forum_not_active")


S = TreatmentState
TREATMENT = Workflow[TreatmentState](
    (
        Transition("start", frozenset({S.REQUESTED, S.RETURNED}), S.DRAFTING),
        Transition("make_ready", frozenset({S.DRAFTING}), S.READY, (_proposal_present, _presenter_named)),
        Transition("reopen", frozenset({S.READY}), S.DRAFTING),
        Transition("schedule", frozenset({S.READY}), S.SCHEDULED, (_forum_active,)),
        Transition("unschedule", frozenset({S.SCHEDULED}), S.READY),
        Transition("treat", frozenset({S.SCHEDULED}), S.TREATED),
        Transition("postpone", frozenset({S.SCHEDULED}), S.POSTPONED),
        Transition("take_up_again", frozenset({S.POSTPONED}), S.READY),
        Transition("return", frozenset({S.REQUESTED, S.DRAFTING, S.READY, S.SCHEDULED}), S.RETURNED),
        Transition(
            "withdraw", frozenset({S.REQUESTED, S.DRAFTING, S.READY, S.SCHEDULED, S.POSTPONED}), S.WITHDRAWN
        ),
    )
)

AGENDA_STEPS: Final = frozenset({"schedule", "unschedule"})
"""Steps that follow from a meeting's agenda and are never taken by hand."""

CLOSED: Final = frozenset({S.TREATED, S.WITHDRAWN})
"""States in which the paper is history and its content stands still."""

NUMBER_IS_FINAL: Final = frozenset({S.SCHEDULED, S.TREATED, S.POSTPONED, S.WITHDRAWN})
"""States in which a number that was given has been seen by others, and stays."""


def case_status(states: Collection[TreatmentState]) -> CaseStatus:
    """The status of a case from the states of its treatments: the one that is furthest on its way tells."""
    if S.SCHEDULED in states:
        return CaseStatus.SCHEDULED
    if S.DRAFTING in states or S.READY in states:
        return CaseStatus.IN_PREPARATION
    if not states or not CLOSED.issuperset(states):
        return CaseStatus.WAITING
    return CaseStatus.TREATED if S.TREATED in states else CaseStatus.WITHDRAWN


def number_text(pattern: str, sequence: int | None, period: str | None, prefix: str | None) -> str:
    """A case number as a display pattern prints it; empty until it is given.

    ``period`` is the year of the series as four digits, or empty for a series that never restarts. Where the pattern
    asks for a year that the series has not got, the number is printed without it.
    """
    if sequence is None:
        return ""
    try:
        return format_case_number(pattern, sequence, int(period) if period else None, prefix or "")
    except ValueError:
        return format_case_number("{prefix} {n}", sequence, None, prefix or "")


def title_problems(title: str) -> tuple[Reason, ...]:
    """What stands against a title: it must be there, and fit on a paper."""
    if not title.strip():
        return (Reason("treatment.no_title", "title"),)
    return too_long("title", title)


def release_problems(
    *, is_shared: bool, is_released: bool, embargo_until: datetime | None, now: datetime
) -> tuple[Reason, ...]:
    """What stands against opening a treatment to the outside, whatever it says."""
    reasons = []
    if not is_shared:
        reasons.append(Reason("release.not_shared"))
    if is_released:
        reasons.append(Reason("release.already"))
    if embargo_until is not None and embargo_until <= now:
        reasons.append(Reason("release.embargo_past", "embargo_day"))
    return tuple(reasons)
