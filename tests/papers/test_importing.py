"""A finished paper becomes records, and the records give the same paper back."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.models import Case, Treatment
from app.cases.queries.find import find_by_number
from app.cases.queries.show import show_case
from app.cases.rules import TreatmentKind, TreatmentState
from app.documents.case_presentation import CasePresentation
from app.documents.reading.reader import read_case_presentation
from app.forums.rules import SeriesPeriod
from app.kernel.errors import NotAllowed, RuleBroken
from app.kernel.language import Language
from app.meetings.queries.find import meeting_of
from app.papers.importing import import_presentation
from app.papers.presentation import content_of
from app.papers.understanding import understand
from app.platform.db import Database
from tests.factories.cases import DAY, SYSTEM, make_meeting
from tests.factories.forums import actor_with, make_forum
from tests.factories.people import make_organisation, make_person
from tests.support.queries import counted_statements

DATA = Path(__file__).parent.parent / "data"
PAPER = (DATA / "saksframlegg-oppdiktet.txt").read_text(encoding="utf-8")
SHORT = """SAKSFRAMLEGG

Forum: Samvirkerådet

Møtedato: 9.3.2022

Sak 8/2022 Enklere skjema Orienteringssak

Bakgrunn

Skjemaene er for lange.

Saken vil bli framlagt av Kari Nordmann, Tjenestekontoret
Saksframlegget er utarbeidet av Tjenestekontoret
Lillevik, 21.2.2022
"""


def comparable(content: CasePresentation) -> CasePresentation:
    """What the text says, without what only the records know."""
    return dataclasses.replace(content, case_id="", revision=1, author="")


@pytest.mark.parametrize("name", ["saksframlegg-oppdiktet.txt", "sagsfremstilling-opdigtet.txt"])
def test_the_content_comes_back_as_it_went_in(name: str, database: Database) -> None:
    paper = read_case_presentation((DATA / name).read_text(encoding="utf-8"))
    with database.writing() as db:
        forum = make_forum(db, name=paper.forum_name or "Rådet", language=paper.content.language)
        treatment = import_presentation(db, SYSTEM, forum, paper)
        before = content_of(db, SYSTEM, treatment.id)
    assert comparable(before) == dataclasses.replace(paper.content, forum=forum.name)
    assert before.case_id == str(treatment.case_id)
    assert treatment.state is TreatmentState.SCHEDULED


def test_the_paper_stands_on_the_agenda_of_its_day_under_its_number(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        meeting = make_meeting(db, forum, DAY)
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(PAPER))
        found = meeting_of(db, treatment.id)
        assert found is not None
        assert found.id == meeting.id
        assert find_by_number(db, SYSTEM, forum.key, "Sak 7-22") == (treatment.case_id, treatment.id)
        other = import_presentation(db, SYSTEM, forum, read_case_presentation(SHORT), make_meeting=False)
        page = show_case(db, SYSTEM, other.case_id)
        assert page.treatment.kind is TreatmentKind.INFORM
        assert page.treatment.number == "8/2022"
        assert page.treatment.shared_at is None


def test_a_meeting_is_made_when_there_is_none(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(SHORT))
        found = meeting_of(db, treatment.id)
        assert found is not None
        assert found.day == DAY
        actions = db.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions[0] == "case.created"
    assert actions[-1] == "case.imported"
    assert "meeting.created" in actions


def test_without_a_meeting_its_date_is_kept_among_what_is_not_placed(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(SHORT), make_meeting=False)
        assert meeting_of(db, treatment.id) is None
        page = show_case(db, SYSTEM, treatment.case_id)
    assert page.treatment.unplaced == "Møtedato: 9.3.2022"
    assert page.treatment.state is TreatmentState.READY


def test_names_are_linked_where_exactly_one_fits(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        organisation = make_organisation(db, "Tjenestekontoret")
        person = make_person(db, "Kari Nordmann")
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(SHORT))
        page = show_case(db, SYSTEM, treatment.case_id)
    assert [(each.text, each.person_id) for each in page.presenters] == [
        ("Kari Nordmann, Tjenestekontoret", person.id)
    ]
    assert page.treatment.preparer_organisation_id == organisation.id
    with database.writing() as db:
        make_person(db, "Kari Nordmann")
        twin = import_presentation(
            db, SYSTEM, forum, read_case_presentation(SHORT.replace("8/2022", "9/2022"))
        )
        assert show_case(db, SYSTEM, twin.case_id).presenters[0].person_id is None


def test_a_number_that_is_taken_stops_the_import_and_leaves_nothing(database: Database) -> None:
    paper = read_case_presentation(SHORT)
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        import_presentation(db, SYSTEM, forum, paper)
    with pytest.raises(RuleBroken) as refused, database.writing() as db:
        import_presentation(db, SYSTEM, forum, paper)
    assert [reason.code for reason in refused.value.reasons] == ["import.number_taken"]
    with database.reading() as db:
        assert len(db.scalars(select(Case.id)).all()) == 1
        assert len(db.scalars(select(Treatment.id)).all()) == 1


def test_a_paper_without_a_number_gets_none(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        text = SHORT.replace("Sak 8/2022 Enklere skjema Orienteringssak", "Tittel: Enklere skjema")
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(text))
    assert treatment.sequence is None
    assert treatment.state is TreatmentState.SCHEDULED


def test_a_paper_that_lacks_a_presenter_is_still_a_draft(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        text = SHORT.replace("Saken vil bli framlagt av Kari Nordmann, Tjenestekontoret\n", "")
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(text))
    assert treatment.state is TreatmentState.DRAFTING


def test_a_series_without_years_takes_the_number_alone(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet", series_period=SeriesPeriod.NEVER, paper_pattern="{n}")
        treatment = import_presentation(db, SYSTEM, forum, read_case_presentation(SHORT))
        assert content_of(db, SYSTEM, treatment.id).number == "8"


def test_what_would_happen_is_told_beforehand(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Et annet råd", active_from=date(2023, 1, 1))
        import_presentation(
            db, SYSTEM, forum, read_case_presentation(SHORT.replace("Møtedato: 9.3.2022", ""))
        )
    with database.reading() as db:
        preview = understand(db, SYSTEM, forum, SHORT)
    rows = [(row.field, row.value) for row in preview.rows]
    assert ("title", "Enklere skjema") in rows
    assert ("number", "8/2022") in rows
    assert ("meeting_date", "9.3.2022") in rows
    assert ("section", "Bakgrunn") in rows
    assert ("presenter", "Kari Nordmann, Tjenestekontoret") in rows
    assert [reason.code for reason in preview.warnings][:2] == [
        "import.other_forum",
        "import.meeting_will_be_made",
    ]
    assert [reason.code for reason in preview.refusals] == [
        "import.number_taken",
        "meeting.forum_not_active",
    ]


def test_an_empty_text_has_no_title(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        preview = understand(db, SYSTEM, forum, "")
    assert [reason.code for reason in preview.refusals] == ["import.no_title"]
    assert preview.paper.content.language is Language.NB
    assert [reason.code for reason in preview.warnings] == ["import.no_meeting", "import.no_number"]


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("Unntatt offentlighet, jf. offl. § 23 første ledd", True),
        ("Unntatt fra offentlighet", True),
        ("Unnateke offentlegheit", True),
        ("Undtaget fra aktindsigt", True),
        ("Møteoffentlighet er god for styringen", False),
    ],
)
def test_a_paper_that_says_it_is_exempt_is_not_read_in_as_open_unsaid(
    line: str, is_told: bool, database: Database
) -> None:
    with database.writing() as db:
        preview = understand(db, SYSTEM, make_forum(db), f"Sak 1/2019 En sak\n{line}\nBakgrunn\nTekst")
    assert ("import.exempt" in [reason.code for reason in preview.warnings]) is is_told


def test_who_may_not_write_cases_may_not_import(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
    member = actor_with(forum, Role.MEMBER)
    with pytest.raises(NotAllowed), database.writing() as db:
        import_presentation(db, member, forum, read_case_presentation(SHORT))
    with pytest.raises(NotAllowed), database.reading() as db:
        understand(db, member, forum, SHORT)


def test_a_long_paper_costs_no_more_queries_than_a_short_one(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db, name="Samvirkerådet")
        short = import_presentation(db, SYSTEM, forum, read_case_presentation(SHORT))
        long = import_presentation(db, SYSTEM, forum, read_case_presentation(PAPER))
    for treatment in (short, long):
        with counted_statements(database) as statements, database.reading() as db:
            content_of(db, SYSTEM, treatment.id)
        assert len(statements) <= 7
