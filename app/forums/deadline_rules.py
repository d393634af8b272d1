"""A forum's deadlines: counted from the day of a meeting, backwards for what is due before it, onwards for what is due after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.errors import Reason

MOST_DAYS: Final = 365
_SOON: Final = timedelta(days=7)


class DeadlineKind(StrEnum):
    """What is due, in the order of the way to a meeting and from it."""

    CASES_IN = "cases_in"  # who wants a case treated has said so
    PAPERS_DATED = "papers_dated"  # the papers are finished
    PAPERS_RELEASED = "papers_released"  # those who sit in the forum have them
    MINUTES_OUT = "minutes_out"  # the draft minutes have gone out for comment


class Standing(StrEnum):
    """How near a deadline is."""

    LATER = "later"
    SOON = "soon"  # within a week
    TODAY = "today"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """So many days from the meeting; where a weekday is named (Monday is 0), on the one next to that, away from the meeting.

    ``at`` is the hour of that day, on the local clock.
    """

    kind: DeadlineKind
    days: int
    weekday: int | None = None
    at: time | None = None

    @property
    def is_after(self) -> bool:
        """Whether it is counted onwards from the meeting."""
        return self.kind is DeadlineKind.MINUTES_OUT


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of one meeting."""

    kind: DeadlineKind
    day: date
    at: time | None
    standing: Standing
    days_left: int  # below zero when it has passed


def due_day(rule: DeadlineRule, meeting_day: date) -> date:
    """The day on which it is due; the first or last day of the calendar where the count runs over."""
    try:
        if rule.is_after:
            day = meeting_day + timedelta(days=rule.days)
            return day if rule.weekday is None else day + timedelta(days=(rule.weekday - day.weekday()) % 7)
        day = meeting_day - timedelta(days=rule.days)
        return day if rule.weekday is None else day - timedelta(days=(day.weekday() - rule.weekday) % 7)
    except OverflowError:
        return date.max if rule.is_after else date.min


def dues(rules: Iterable[DeadlineRule], meeting_day: date, today: date) -> tuple[Due, ...]:
    """The deadlines of a meeting, the earliest first."""
    order = list(DeadlineKind)
    found = [
        Due(rule.kind, day, rule.at, standing(day, today), (day - today).days)
        for rule in rules
        for day in [due_day(rule, meeting_day)]
    ]
    return tuple(sorted(found, key=lambda due: (due.day, order.index(due.kind))))


def standing(day: date, today: date) -> Standing:
    """How near the day is."""
    if day < today:
        return Standing.PASSED
    if day == today:
        return Standing.TODAY
    return Standing.SOON if day - today <= _SOON else Standing.LATER


def deadline_reasons(rules: Iterable[DeadlineRule]) -> tuple[Reason, ...]:
    """Why these cannot be a forum's deadlines; the field of a reason is the kind."""
    reasons = []
    seen: set[DeadlineKind] = set()
    for rule in rules:
        if rule.kind in seen:
            reasons.append(Reason("deadline.twice", rule.kind))
        elif not 0 <= rule.days <= MOST_DAYS:
            reasons.append(Reason("deadline.days_out_of_range", rule.kind, {"most": str(MOST_DAYS)}))
        elif rule.weekday is not None and not 0 <= rule.weekday <= 6:
            reasons.append(Reason("deadline.no_weekday", rule.kind))
        seen.add(rule.kind)
    return tuple(reasons)
