"""Steps, sharing, referral and numbers of treatments."""

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.queries.find import find_by_number
from app.cases.queries.show import show_case
from app.cases.rules import CaseStatus, TreatmentKind, TreatmentState
from app.cases.service.numbers import give_number, set_number
from app.cases.service.refer import refer_case
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.forums.rules import SeriesPeriod
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from tests.factories.cases import SYSTEM, make_case, make_complete
from tests.factories.forums import actor_with, make_forum


def test_a_step_is_taken_and_told(database: Database) -> None:
    with database.writing() as db:
        treatment = make_complete(db, make_forum(db))
        take_step(db, SYSTEM, treatment.id, version=1, step="make_ready")
    with pytest.raises(Conflict), database.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=1, step="reopen")
    with database.reading() as db:
        page = show_case(db, SYSTEM, treatment.case_id)
        [told] = db.scalars(select(AuditEvent).where(AuditEvent.action == "case.made_ready"))
    assert page.treatment.state is TreatmentState.READY
    assert [step.name for step in page.steps] == ["reopen", "return", "withdraw"]
    assert told.changes == {"state": ["drafting", "ready"]}


def test_the_page_and_the_command_object_alike(database: Database) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db), presenters=())
    with database.reading() as db:
        steps = show_case(db, SYSTEM, treatment.case_id).steps
    objections = next(step.objections for step in steps if step.name == "make_ready")
    with pytest.raises(RuleBroken) as refused, database.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=1, step="make_ready")
    assert refused.value.reasons == objections
    assert [reason.code for reason in objections] == ["treatment.no_proposal", "treatment.no_presenter"]


@pytest.mark.parametrize("step", ["schedule", "unschedule", "treat", "nonsense"])
def test_a_draft_is_not_scheduled_by_hand(step: str, database: Database) -> None:
    with database.writing() as db:
        treatment = make_complete(db, make_forum(db))
    with pytest.raises(RuleBroken), database.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=1, step=step)


def test_sharing_is_told_once_and_final(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        member, leader = actor_with(forum, Role.MEMBER), actor_with(forum, Role.LEADER)
    with pytest.raises(NotFound), database.writing() as db:
        share(db, member, treatment.id)
    with database.writing() as db:
        first = share(db, leader, treatment.id).shared_at
        assert share(db, leader, treatment.id).shared_at == first
    with database.reading() as db:
        assert not show_case(db, member, treatment.case_id).may_edit
        assert show_case(db, member, treatment.case_id).steps == ()
        told = db.scalars(select(AuditEvent).where(AuditEvent.action == "case.shared")).all()
    assert [each.actor_name for each in told] == [leader.name]
    with pytest.raises(NotAllowed), database.writing() as db:
        share(db, member, treatment.id)


def test_a_case_is_referred_to_another_forum(database: Database) -> None:
    with database.writing() as db:
        council, committee = make_forum(db, "rad"), make_forum(db, "au")
        treatment = make_case(db, council)
        secretary = actor_with(council, Role.SECRETARY)
        both = type(secretary)(
            user_id=None,
            name="Begge",
            roles={council.id: frozenset({Role.SECRETARY}), committee.id: frozenset({Role.OBSERVER})},
        )
    asked = {"title": "Råd om kalender", "kind": TreatmentKind.DISCUSS}
    with pytest.raises(NotFound), database.writing() as db:
        refer_case(db, secretary, treatment.case_id, to_forum_id=committee.id, **asked)
    with database.writing() as db:
        referred = refer_case(db, both, treatment.case_id, to_forum_id=committee.id, **asked)
    assert (referred.state, referred.case_id) == (TreatmentState.REQUESTED, treatment.case_id)
    theirs = actor_with(committee, Role.SECRETARY)
    with database.writing() as db:
        with pytest.raises(NotFound):
            show_case(db, theirs, treatment.case_id, treatment.id)
        page = show_case(db, theirs, treatment.case_id)
        assert (page.treatment.id, page.others, page.status) == (referred.id, (), CaseStatus.WAITING)
        take_step(db, theirs, referred.id, version=1, step="start")
        everything = show_case(db, SYSTEM, treatment.case_id, treatment.id)
    assert [(other.forum_key, other.state) for other in everything.others] == [
        ("au", TreatmentState.DRAFTING)
    ]
    assert everything.status is CaseStatus.IN_PREPARATION


def test_a_reader_does_not_refer(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        share(db, SYSTEM, treatment.id)
    with pytest.raises(NotAllowed), database.writing() as db:
        refer_case(
            db,
            actor_with(forum, Role.MEMBER),
            treatment.case_id,
            to_forum_id=forum.id,
            title="Igjen",
            kind=TreatmentKind.DECIDE,
        )


@pytest.mark.parametrize("spelling", ["13/2019", "13/19", "Sak 13-19", "sak 013/2019", "13-2019"])
def test_every_spelling_finds_the_case(spelling: str, database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, "skate")
        treatment = make_case(db, forum)
        set_number(db, SYSTEM, treatment.id, sequence=13, year=2019)
        set_number(db, SYSTEM, make_case(db, forum).id, sequence=13, year=2020)
    with database.reading() as db:
        assert find_by_number(db, SYSTEM, "skate", spelling) == (treatment.case_id, treatment.id)
        for forum_key, text in (("skate", "14/2019"), ("other", spelling), ("skate", "notes")):
            with pytest.raises(NotFound):
                find_by_number(db, SYSTEM, forum_key, text)
        with pytest.raises(NotFound):
            find_by_number(db, actor_with(forum, Role.MEMBER), "skate", spelling)


def test_a_number_with_a_prefix_or_without_a_year_is_found(database: Database) -> None:
    with database.writing() as db:
        prefixed = make_forum(db, "rad", series_prefix="PS", paper_pattern="{prefix} {n}/{yy}")
        running = make_forum(db, "au", series_period=SeriesPeriod.NEVER, paper_pattern="{n}")
        one, two = make_case(db, prefixed), make_case(db, running)
        set_number(db, SYSTEM, one.id, sequence=3, year=2022)
        set_number(db, SYSTEM, two.id, sequence=41, year=None)
    with database.reading() as db:
        assert show_case(db, SYSTEM, one.case_id).treatment.number == "PS 3/22"
        assert show_case(db, SYSTEM, two.case_id).treatment.number == "41"
        assert find_by_number(db, SYSTEM, "rad", "ps 3/2022")[1] == one.id
        assert find_by_number(db, SYSTEM, "rad", "3/22")[1] == one.id
        assert find_by_number(db, SYSTEM, "au", "Sak 41")[1] == two.id


def test_a_typed_number_is_taken_once_and_the_series_goes_on(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        first, second, third = (make_case(db, forum, title) for title in "ABC")
        set_number(db, SYSTEM, first.id, sequence=13, year=2019)
        set_number(db, SYSTEM, first.id, sequence=13, year=2019)
        give_number(db, SYSTEM, third, year=2019)
        assert third.sequence == 14
    with pytest.raises(RuleBroken, match=r"treatment\.number_taken"), database.writing() as db:
        set_number(db, SYSTEM, second.id, sequence=13, year=2019)
    with pytest.raises(RuleBroken, match=r"number\.out_of_range"), database.writing() as db:
        set_number(db, SYSTEM, second.id, sequence=0, year=2019)
    with database.writing() as db:
        share(db, SYSTEM, first.id)
    with pytest.raises(RuleBroken, match=r"treatment\.number_final"), database.writing() as db:
        set_number(db, SYSTEM, first.id, sequence=20, year=2019)


def test_a_refused_number_leaves_the_series_where_it_was(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment, other = make_case(db, forum), make_case(db, forum)
        set_number(db, SYSTEM, treatment.id, sequence=1, year=2019)
        share(db, SYSTEM, treatment.id)
        with pytest.raises(RuleBroken, match=r"treatment\.number_final"):
            set_number(db, SYSTEM, treatment.id, sequence=99, year=2019)
        assert give_number(db, SYSTEM, other, year=2019).sequence == 2
