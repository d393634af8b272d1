"""A paper that has been treated stands: nothing overwrites it, and what was wrong is put right by an addition."""

# ruff: noqa: S608  the statements are written out here

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.roles import Role
from app.cases.queries.history import case_history
from app.cases.queries.show import show_case
from app.cases.service.attachments import add_attachment
from app.cases.service.correct import add_correction
from app.cases.service.numbers import set_number
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.papers.presentation import content_of
from app.platform.db import Database
from tests.factories.cases import SYSTEM, make_case, make_complete, make_treated, parts_of
from tests.factories.forums import actor_with, make_forum
from tests.support.record import at_the_prompt


@dataclass(frozen=True)
class Treated:
    """Ids of a treated case and a draft beside it."""

    case_id: object
    id: object
    version: int


@pytest.fixture
def treated(database: Database) -> Treated:
    with database.writing() as db:
        forum = make_forum(db)
        draft = make_complete(db, forum, "Utkast")
        add_attachment(db, SYSTEM, draft.id, title="Vedlegg")
        treatment = make_treated(db, forum)
    return Treated(treatment.case_id, treatment.id, treatment.version)


def correct(
    database: Database, treated: Treated, body: str = "Beløpet er 3 mill., ikke 2.", **changes
) -> None:
    with database.writing() as db:
        values = {"version": treated.version, "body_markdown": body, "reason": "Feil tall"} | changes
        add_correction(db, values.pop("actor", SYSTEM), treated.id, **values)


def test_a_correction_stands_after_the_paper_and_in_the_history(database: Database, treated: Treated) -> None:
    with database.reading() as db:
        before = content_of(db, SYSTEM, treated.id)
    correct(database, treated)
    with database.reading() as db:
        page = show_case(db, SYSTEM, treated.case_id)
        after = content_of(db, SYSTEM, treated.id)
        newest = case_history(db, SYSTEM, treated.case_id)[0]
    [shown] = page.corrections
    assert (shown.number, shown.reason, shown.author_name) == (1, "Feil tall", SYSTEM.name)
    assert "Beløpet er 3 mill." in shown.html
    assert (after.parts, after.title, after.attachments) == (before.parts, before.title, before.attachments)
    assert [note.number for note in after.corrections] == [1]
    assert after.revision == before.revision + 1
    assert newest.action == "case.corrected"
    assert newest.changes == {
        "body": [None, "Beløpet er 3 mill., ikke 2."],
        "reason": [None, "Feil tall"],
    }


def test_corrections_are_numbered_and_two_at_once_are_told(database: Database, treated: Treated) -> None:
    correct(database, treated)
    with pytest.raises(Conflict):
        correct(database, treated, "samtidig")
    correct(database, treated, "Nummer to.", version=treated.version + 1)
    with database.reading() as db:
        assert [each.number for each in show_case(db, SYSTEM, treated.case_id).corrections] == [1, 2]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "  "}, "correction.no_text"),
        ({"reason": " "}, "correction.no_reason"),
        ({"reason": "x" * 600}, "text.too_long"),
    ],
)
def test_a_correction_says_what_and_why(database: Database, treated: Treated, changes, code) -> None:
    with pytest.raises(RuleBroken, match=code):
        correct(database, treated, **changes)


def test_what_can_be_edited_is_not_corrected(database: Database) -> None:
    with database.writing() as db:
        draft = make_case(db, make_forum(db))
    with pytest.raises(RuleBroken, match="not_treated"):
        correct(database, Treated(draft.case_id, draft.id, draft.version))


def test_who_corrects(database: Database, treated: Treated) -> None:
    with database.reading() as db:
        forum_id = show_case(db, SYSTEM, treated.case_id).treatment.forum_id
        forum = type("Forum", (), {"id": forum_id})()
    with pytest.raises(NotAllowed):
        correct(database, treated, actor=actor_with(forum, Role.MEMBER))
    with pytest.raises(NotFound):
        correct(database, treated, actor=actor_with(type("Forum", (), {"id": treated.id})(), Role.SECRETARY))
    correct(database, treated, actor=actor_with(forum, Role.SECRETARY))


OF_TREATED = (
    "(SELECT p.id FROM presentation p JOIN treatment t ON t.id = p.treatment_id WHERE t.state = 'treated')"
)
OF_DRAFT = (
    "(SELECT p.id FROM presentation p JOIN treatment t ON t.id = p.treatment_id WHERE t.state <> 'treated')"
)
REFUSED = (
    "UPDATE treatment SET title = 'x' WHERE state = 'treated'",
    "UPDATE treatment SET state = 'drafting' WHERE state = 'treated'",
    "UPDATE treatment SET kind = 'inform' WHERE state = 'treated'",
    "UPDATE treatment SET sequence = 99 WHERE state = 'treated'",
    "UPDATE treatment SET wanted_result = 'x', preparer = 'x' WHERE state = 'treated'",
    "DELETE FROM treatment WHERE state = 'treated'",
    f"UPDATE presentation SET language = 'da' WHERE id IN {OF_TREATED}",
    f'UPDATE presentation SET wording = \'{{"case": "x"}}\' WHERE id IN {OF_TREATED}',
    f"DELETE FROM presentation WHERE id IN {OF_TREATED}",
    f"UPDATE presentation_part SET heading = 'x' WHERE presentation_id IN {OF_TREATED}",
    f"UPDATE presentation_part SET body = '[]' WHERE kind = 'proposal' AND presentation_id IN {OF_TREATED}",
    f"UPDATE presentation_part SET html = 'x' WHERE presentation_id IN {OF_TREATED}",
    f"UPDATE presentation_part SET position = position + 1 WHERE presentation_id IN {OF_TREATED}",
    f"UPDATE presentation_part SET presentation_id = {OF_DRAFT}, key = key || 'x' "
    f"WHERE presentation_id IN {OF_TREATED}",
    f"UPDATE presentation_part SET presentation_id = {OF_TREATED}, key = key || 'x' "
    f"WHERE presentation_id IN {OF_DRAFT}",
    f"DELETE FROM presentation_part WHERE presentation_id IN {OF_TREATED}",
    f"UPDATE attachment SET presentation_id = {OF_TREATED}",
    "UPDATE presenter SET text = 'x' WHERE treatment_id IN (SELECT id FROM treatment WHERE state = 'treated')",
    "DELETE FROM presenter WHERE treatment_id IN (SELECT id FROM treatment WHERE state = 'treated')",
    "UPDATE correction SET html = 'x'",
    "UPDATE correction SET made_at = made_at",
    "DELETE FROM correction",
    "INSERT INTO correction SELECT * FROM correction",
)
ONLY_SQLITE = (
    "INSERT OR REPLACE INTO treatment SELECT * FROM treatment WHERE state = 'treated'",
    f"INSERT OR REPLACE INTO presentation_part SELECT * FROM presentation_part WHERE presentation_id IN {OF_TREATED}",
    "INSERT OR REPLACE INTO correction SELECT * FROM correction",
)
ONLY_POSTGRES = (
    "TRUNCATE treatment CASCADE",
    "TRUNCATE presentation_part",
    "TRUNCATE correction",
)
ALLOWED = (
    "UPDATE treatment SET shared_at = NULL, version = version + 1, updated_at = updated_at",
    "UPDATE presentation SET revision = revision + 1, version = version + 1",
    "UPDATE presentation_part SET version = version + 1, party_organisation_id = NULL",
    "UPDATE attachment SET version = version + 1",
    f"UPDATE presentation_part SET heading = 'x' WHERE presentation_id IN {OF_DRAFT}",
    f"DELETE FROM attachment WHERE presentation_id IN {OF_DRAFT}",
    f"DELETE FROM presentation_part WHERE presentation_id IN {OF_DRAFT}",
)


def is_refused(database: Database, statement: str) -> bool:
    try:
        with database.writing() as db:
            db.execute(text(statement))
    except DBAPIError as error:
        return "stands as it is" in str(error.orig) or "stays as it is" in str(error.orig)
    return False


def test_nothing_overwrites_a_treated_paper(database: Database, treated: Treated) -> None:
    """Not even a fault of ours, or somebody at a database prompt."""
    correct(database, treated)
    with database.reading() as db:
        before = content_of(db, SYSTEM, treated.id)
    statements = (*REFUSED, *(ONLY_SQLITE if database.is_sqlite else ONLY_POSTGRES))
    done = [statement for statement in statements if not is_refused(database, statement)]
    assert done == []
    with database.reading() as db:
        assert content_of(db, SYSTEM, treated.id) == before
    print(f"treated papers: {len(statements)} statements against them refused")


def test_what_is_no_content_goes_on_and_drafts_are_free(database: Database, treated: Treated) -> None:
    for statement in ALLOWED:
        with database.writing() as db:
            db.execute(text(statement))


def test_without_guards_the_paper_is_overwritten(database: Database, treated: Treated) -> None:
    """The twin: nothing else in the database keeps it."""
    statement = f"UPDATE presentation_part SET html = 'x' WHERE presentation_id IN {OF_TREATED}"
    assert statement in REFUSED
    at_the_prompt(database, lambda connection: connection.execute(text(statement)))
    with database.reading() as db:
        assert {part.html for part in show_case(db, SYSTEM, treated.case_id).parts} == {"x"}


def test_a_case_treated_without_a_number_may_be_given_one(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_treated(db, forum)
    forget = "UPDATE treatment SET series_id = NULL, sequence = NULL"
    at_the_prompt(database, lambda connection: connection.execute(text(forget)))
    with database.writing() as db:
        set_number(db, SYSTEM, treatment.id, sequence=7, year=2012)
        assert parts_of(db, treatment)
