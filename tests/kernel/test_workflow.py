"""A workflow refuses with every reason, and never lets a step through that a guard objects to."""

from enum import StrEnum

import pytest

from app.kernel.errors import Reason, RuleBroken
from app.kernel.workflow import Transition, Workflow


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


def _no_key(subject: set[str]) -> list[Reason]:
    return [] if "key" in subject else [Reason("door.no_key")]


def _no_hand(subject: set[str]) -> list[Reason]:
    return [] if "hand" in subject else [Reason("door.no_hand")]


DOOR = Workflow[Door](
    (
        Transition("shut", frozenset({Door.OPEN}), Door.SHUT),
        Transition("open", frozenset({Door.SHUT}), Door.OPEN, (_no_key, _no_hand)),
    )
)


def test_a_step_without_objections_leads_on() -> None:
    assert DOOR.next_state("shut", Door.OPEN, set()) is Door.SHUT
    assert DOOR.next_state("open", Door.SHUT, {"key", "hand"}) is Door.OPEN


@pytest.mark.parametrize(
    ("subject", "codes"),
    [(set(), ["door.no_key", "door.no_hand"]), ({"key"}, ["door.no_hand"]), ({"hand"}, ["door.no_key"])],
)
def test_every_objection_is_told_and_stops_the_step(subject: set[str], codes: list[str]) -> None:
    assert [reason.code for reason in DOOR.objections("open", Door.SHUT, subject)] == codes
    with pytest.raises(RuleBroken) as refused:
        DOOR.next_state("open", Door.SHUT, subject)
    assert [reason.code for reason in refused.value.reasons] == codes


def test_a_step_from_the_wrong_state_or_of_no_name_is_refused() -> None:
    for step, code in [("shut", "workflow.wrong_state"), ("paint", "workflow.unknown_step")]:
        with pytest.raises(RuleBroken, match=code):
            DOOR.next_state(step, Door.SHUT, {"key", "hand"})


def test_two_steps_of_one_name_are_a_fault_of_the_table() -> None:
    with pytest.raises(ValueError, match="shut"):
        Workflow[Door]((Transition("shut", frozenset({Door.OPEN}), Door.SHUT),) * 2)
