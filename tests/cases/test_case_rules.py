"""What each step demands, and what is computed."""

import pytest

from app.cases.rules import (
    TREATMENT,
    CaseStatus,
    TreatmentFacts,
    TreatmentKind,
    TreatmentState,
    case_status,
    number_text,
)
from app.kernel.errors import RuleBroken

S = TreatmentState
WHOLE = TreatmentFacts(TreatmentKind.DECIDE, has_proposal=True, has_presenter=True, forum_is_active=True)


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([S.REQUESTED], CaseStatus.WAITING),
        ([S.DRAFTING, S.TREATED], CaseStatus.IN_PREPARATION),
        ([S.SCHEDULED, S.DRAFTING], CaseStatus.SCHEDULED),
        ([S.TREATED, S.TREATED], CaseStatus.TREATED),
        ([S.TREATED, S.WITHDRAWN], CaseStatus.TREATED),
        ([S.TREATED, S.POSTPONED], CaseStatus.WAITING),
        ([S.TREATED, S.RETURNED], CaseStatus.WAITING),
        ([S.WITHDRAWN], CaseStatus.WITHDRAWN),
        ([], CaseStatus.WAITING),
    ],
)
def test_the_status_of_a_case_follows_from_its_treatments(states: list[S], status: CaseStatus) -> None:
    assert case_status(states) is status


def test_a_case_for_decision_needs_a_proposal_and_a_presenter_to_be_ready() -> None:
    nothing = TreatmentFacts(
        TreatmentKind.DECIDE, has_proposal=False, has_presenter=False, forum_is_active=True
    )
    with pytest.raises(RuleBroken) as refused:
        TREATMENT.next_state("make_ready", S.DRAFTING, nothing)
    assert [reason.code for reason in refused.value.reasons] == [
        "treatment.no_proposal",
        "treatment.no_presenter",
    ]
    assert TREATMENT.next_state("make_ready", S.DRAFTING, WHOLE) is S.READY


def test_a_case_for_information_needs_no_proposal() -> None:
    facts = TreatmentFacts(TreatmentKind.INFORM, has_proposal=False, has_presenter=True, forum_is_active=True)
    assert TREATMENT.objections("make_ready", S.DRAFTING, facts) == ()


def test_nothing_leaves_a_closed_treatment() -> None:
    assert TREATMENT.available(S.TREATED) == ()
    assert TREATMENT.available(S.WITHDRAWN) == ()


@pytest.mark.parametrize(
    ("pattern", "sequence", "period", "prefix", "text"),
    [
        ("{n}/{year}", 13, "2019", "", "13/2019"),
        ("Sak {n:02}-{yy}", 7, "2022", "", "Sak 07-22"),
        ("{prefix} {n}/{yy}", 3, "2022", "PS", "PS 3/22"),
        ("{n}/{year}", None, None, None, ""),
        ("{n}/{year}", 41, "", "", "41"),
    ],
)
def test_a_number_is_printed_by_the_pattern(
    pattern: str, sequence: int | None, period: str | None, prefix: str | None, text: str
) -> None:
    assert number_text(pattern, sequence, period, prefix) == text
