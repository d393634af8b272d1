"""Kinds and stages of a treatment, and what each step demands."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import Reason
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
