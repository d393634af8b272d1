"""Lists: what is found, in which order, and at what cost."""

import pytest

from app.access.roles import Role
from app.cases.queries.lists import list_cases, recent_work
from app.cases.queries.show import show_case
from app.cases.rules import TreatmentKind, TreatmentState
from app.cases.service.attachments import add_attachment
from app.cases.service.numbers import set_number
from app.cases.service.refer import refer_case
from app.cases.service.share import share
from app.cases.service.states import take_step
from app.platform.db import Database
from tests.factories.cases import SYSTEM, make_case, make_complete
from tests.factories.forums import actor_with, make_forum
from tests.support.queries import counted_statements


def titles(database: Database, **wanted: object) -> list[str]:
    with database.reading() as db:
        return [line.title for line in list_cases(db, SYSTEM, **wanted).lines]


def test_titles_are_searched_by_letters_of_any_case(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        for title in ("ÆRLIG talt", "100 % digitalt", "Sak_tittel", "Helt annet"):
            make_case(db, forum, title)
    assert titles(database, search="ærlig") == ["ÆRLIG talt"]
    assert titles(database, search="Ærlig  TALT") == ["ÆRLIG talt"]
    assert titles(database, search="0 %") == ["100 % digitalt"]
    assert titles(database, search="k_t") == ["Sak_tittel"]
    assert titles(database, search="%") == ["100 % digitalt"]
    assert titles(database, search="finnes ikke") == []
    assert titles(database, search="%" * 60_000) == [], "longer than a pattern may be in SQLite"


def test_a_number_is_searched_in_any_spelling(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        set_number(db, SYSTEM, make_case(db, forum, "Funnet").id, sequence=13, year=2019)
        set_number(db, SYSTEM, make_case(db, forum, "Annet år").id, sequence=13, year=2020)
    assert titles(database, search="13/19") == ["Funnet"]
    assert set(titles(database, search="Sak 13")) == {"Funnet", "Annet år"}


def test_lists_are_narrowed_by_forum_and_state(database: Database) -> None:
    with database.writing() as db:
        forum, other = make_forum(db), make_forum(db, "annet")
        make_case(db, other, "Et annet sted")
        make_case(db, forum, "Utkast")
        ready = make_complete(db, forum, "Klar")
        take_step(db, SYSTEM, ready.id, version=1, step="make_ready")
    assert set(titles(database, forum_id=forum.id)) == {"Utkast", "Klar"}
    assert titles(database, state=TreatmentState.READY) == ["Klar"]
    assert titles(database)[0] == "Klar"  # changed last


def test_a_long_list_comes_in_pages(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        for number in range(53):
            make_case(db, forum, f"Sak {number}")
    with database.reading() as db:
        first, second = list_cases(db, SYSTEM), list_cases(db, SYSTEM, page=9)
        assert len(recent_work(db, SYSTEM)) == 8
        assert recent_work(db, actor_with(forum, Role.MEMBER)) == ()
    assert (first.page, first.pages, first.total, len(first.lines)) == (1, 2, 53, 50)
    assert (second.page, len(second.lines)) == (2, 3)
    assert len({line.treatment_id for line in (*first.lines, *second.lines)}) == 53


@pytest.mark.parametrize("actor_role", [Role.SECRETARY, Role.MEMBER])
def test_pages_cost_the_same_with_few_cases_and_many(actor_role: Role, database: Database) -> None:
    def fill(count: int) -> None:
        with database.writing() as db:
            for number in range(count):
                treatment = make_case(db, forum, f"Sak {number}")
                add_attachment(db, SYSTEM, treatment.id, title="V")
                share(db, SYSTEM, treatment.id)
                refer_case(
                    db,
                    SYSTEM,
                    treatment.case_id,
                    to_forum_id=forum.id,
                    title=f"Igjen {number}",
                    kind=TreatmentKind.INFORM,
                )
        cases.append(treatment)

    def costs() -> tuple[int, int, int]:
        counts = []
        for read in (
            lambda db: show_case(db, actor, cases[-1].case_id, cases[-1].id),
            lambda db: list_cases(db, actor, search="sak"),
            lambda db: recent_work(db, actor),
        ):
            with counted_statements(database) as statements, database.reading() as db:
                read(db)
            counts.append(len(statements))
        return tuple(counts)

    cases = []
    with database.writing() as db:
        forum = make_forum(db)
    actor = actor_with(forum, actor_role)
    fill(10)
    few = costs()
    fill(90)
    assert costs() == few
    assert few[0] <= 6
    assert few[1] <= 4
