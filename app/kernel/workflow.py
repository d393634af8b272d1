"""A workflow is a table of transitions; guards answer with reasons.

The same reasons refuse in the service, explain the greyed button on the page and name the line in the test.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from app.kernel.errors import Reason, RuleBroken

State = TypeVar("State", bound=StrEnum)
Guard = Callable[[Any], Iterable[Reason]]


@dataclass(frozen=True, slots=True)
class Transition(Generic[State]):
    """One named step: from which states, to which, and what must hold of the subject."""

    name: str
    from_: frozenset[State]
    to: State
    guards: tuple[Guard, ...] = ()


class Workflow(Generic[State]):
    """A set of transitions with unique names."""

    def __init__(self, transitions: Iterable[Transition[State]]) -> None:
        self._by_name: dict[str, Transition[State]] = {}
        for transition in transitions:
            if transition.name in self._by_name:
                raise ValueError(f"two transitions named {transition.name}")
            self._by_name[transition.name] = transition

    def names(self) -> tuple[str, ...]:
        """Every transition of the table, in its order."""
        return tuple(self._by_name)

    def available(self, state: State) -> tuple[Transition[State], ...]:
        """The transitions that leave this state, guards not asked."""
        return tuple(step for step in self._by_name.values() if state in step.from_)

    def objections(self, name: str, state: State, subject: Any) -> tuple[Reason, ...]:
        """Everything that stands against the step; empty when it may be taken."""
        step = self._by_name.get(name)
        if step is None:
            return (Reason("workflow.unknown_step"),)
        if state not in step.from_:
            return (Reason("workflow.wrong_state", values={"state": state.value}),)
        return tuple(reason for guard in step.guards for reason in guard(subject))

    def next_state(self, name: str, state: State, subject: Any) -> State:
        """The state after the step.

        :raise RuleBroken: when any guard objects, with all the reasons.
        """
        reasons = self.objections(name, state, subject)
        if reasons:
            raise RuleBroken(*reasons)
        return self._by_name[name].to
