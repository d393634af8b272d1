"""When things are due, counted from the day of a meeting."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forums.deadline_rules import (
    DeadlineKind,
    DeadlineRule,
    Standing,
    deadline_reasons,
    due_day,
    dues,
    standing,
)

THURSDAY = date(2019, 6, 13)
CASES_IN, PAPERS_RELEASED, MINUTES_OUT = (
    DeadlineKind.CASES_IN,
    DeadlineKind.PAPERS_RELEASED,
    DeadlineKind.MINUTES_OUT,
)


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        (DeadlineRule(PAPERS_RELEASED, 17), date(2019, 5, 27)),  # as the paper of 13/2019 was dated
        (DeadlineRule(PAPERS_RELEASED, 0), THURSDAY),
        (DeadlineRule(CASES_IN, 7, weekday=0), date(2019, 6, 3)),  # the Monday of the week before the last
        (DeadlineRule(CASES_IN, 7, weekday=3), date(2019, 6, 6)),  # is a Thursday already
        (DeadlineRule(MINUTES_OUT, 14), date(2019, 6, 27)),
        (DeadlineRule(MINUTES_OUT, 1, weekday=0), date(2019, 6, 17)),
    ],
)
def test_days_are_counted_away_from_the_meeting(rule: DeadlineRule, due: date) -> None:
    assert due_day(rule, THURSDAY) == due


@given(st.sampled_from(DeadlineKind), st.integers(0, 365), st.none() | st.integers(0, 6), st.dates())
def test_a_weekday_never_brings_it_nearer(
    kind: DeadlineKind, days: int, weekday: int | None, meeting_day: date
) -> None:
    rule = DeadlineRule(kind, days, weekday)
    due = due_day(rule, meeting_day)
    if due in {date.min, date.max}:
        return  # the calendar ends there
    assert weekday is None or due.weekday() == weekday
    away = due - meeting_day if rule.is_after else meeting_day - due
    assert timedelta(days) <= away <= timedelta(days + 6)


def test_a_meeting_has_its_deadlines_in_order() -> None:
    rules = [
        DeadlineRule(MINUTES_OUT, 14),
        DeadlineRule(PAPERS_RELEASED, 10, at=time(12)),
        DeadlineRule(CASES_IN, 30),
    ]
    told = dues(rules, THURSDAY, today=date(2019, 5, 30))
    assert [(due.kind, due.standing, due.days_left) for due in told] == [
        (CASES_IN, Standing.PASSED, -16),
        (PAPERS_RELEASED, Standing.SOON, 4),
        (MINUTES_OUT, Standing.LATER, 28),
    ]
    assert told[1].at == time(12)


@pytest.mark.parametrize(
    ("days", "how_near"),
    [(-1, Standing.PASSED), (0, Standing.TODAY), (1, Standing.SOON), (7, Standing.SOON), (8, Standing.LATER)],
)
def test_how_near_it_is(days: int, how_near: Standing) -> None:
    assert standing(THURSDAY + timedelta(days), THURSDAY) is how_near


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([DeadlineRule(CASES_IN, -1)], "deadline.days_out_of_range"),
        ([DeadlineRule(CASES_IN, 366)], "deadline.days_out_of_range"),
        ([DeadlineRule(CASES_IN, 3, weekday=7)], "deadline.no_weekday"),
        ([DeadlineRule(CASES_IN, 3), DeadlineRule(CASES_IN, 4)], "deadline.twice"),
    ],
)
def test_what_no_forum_can_ask_for(rules: list[DeadlineRule], code: str) -> None:
    assert [(reason.code, reason.field) for reason in deadline_reasons(rules)] == [(code, "cases_in")]
