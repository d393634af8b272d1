"""Correcting a treated paper on the web."""

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.audit.service.erase import erase_entry
from app.cases.models import Treatment
from app.cases.queries.history import case_history
from app.cases.service.correct import add_correction
from app.directory.service import create_person
from tests.factories.cases import SYSTEM, make_case, make_treated
from tests.factories.exemptions import make_exemption
from tests.papers.test_export import words_of
from tests.support.reader import Reader
from tests.support.record import ACTOR


@pytest.fixture
def treated(house):
    with house.writing() as db:
        return make_treated(db, house.forum, "Felles kalender")


def test_a_correction_is_added_by_the_secretary_and_read_by_all(house, treated, secretary) -> None:
    reader = Reader(secretary).open(f"/cases/{treated.case_id}")
    reader.follow("Add a correction").send(
        "Add the correction", body="Beløpet er **3 mill.**, ikke 2.", reason="Feil tall"
    )
    member = house.browser(Role.MEMBER)
    page = Reader(member).open(f"/cases/{treated.case_id}")
    assert "Rettelse" in page.text
    assert "Beløpet er 3 mill., ikke 2." in page.text
    assert "Begrunnelse: Feil tall" in page.text
    assert "Add a correction" not in page.text
    assert member.get(f"/treatments/{treated.id}/correction").status_code == 403
    told = Reader(secretary).open(f"/cases/{treated.case_id}/history")
    assert "Corrected the paper by an addition" in told.text


def test_the_editor_of_a_treated_paper_offers_nothing_that_would_be_refused(
    house, treated, secretary
) -> None:
    editor = Reader(secretary).open(f"/cases/{treated.case_id}/edit")
    assert "Nothing can be saved here" in editor.text
    assert not editor.page.xpath("//main//form[not(@data-draft-discard)]//button[not(@type='button')]")
    assert "Add a part" not in editor.text


def test_the_word_file_ends_with_the_corrections(house, treated, secretary) -> None:
    with house.writing() as db:
        add_correction(
            db, SYSTEM, treated.id, version=treated.version, body_markdown="Skal være B.", reason="Skrivefeil"
        )
    words = words_of(secretary.get(f"/treatments/{treated.id}/export.docx").content)
    assert words.index("Rettelse") < words.index("Skrivefeil") < words.index("Skal være B.")
    assert words.index("velge alternativ B") < words.index("Rettelse")


def test_two_at_once_keep_both_texts(house, treated, secretary) -> None:
    old = {"version": str(treated.version), "body": "Min rettelse", "reason": "x"}
    with house.writing() as db:
        add_correction(
            db, SYSTEM, treated.id, version=treated.version, body_markdown="Den andres", reason="y"
        )
    answer = secretary.post(f"/treatments/{treated.id}/correction", data=old)
    assert answer.status_code == 409
    assert "Min rettelse" in answer.text
    assert "Den andres" in answer.text
    form = Reader(secretary)
    form._read(answer)
    assert form.page.xpath("//input[@name='version']/@value") == [str(treated.version + 1)]


def test_what_is_missing_is_said(treated, secretary) -> None:
    answer = secretary.post(
        f"/treatments/{treated.id}/correction",
        data={"version": str(treated.version), "body": "", "reason": ""},
    )
    assert answer.status_code == 422
    assert "Write what is corrected" in answer.text
    assert "Write why the paper is corrected" in answer.text
    assert secretary.post(f"/treatments/{treated.id}/correction", data={}).status_code == 422


def test_a_draft_has_no_correction(house, secretary) -> None:
    with house.writing() as db:
        draft = make_case(db, house.forum)
    assert secretary.get(f"/treatments/{draft.id}/correction").status_code == 404
    assert "Add a correction" not in secretary.get(f"/cases/{draft.case_id}").text


def test_history_says_what_was_erased(house, treated, secretary) -> None:
    address = f"/cases/{treated.case_id}/history"
    assert "velge alternativ B" in secretary.get(address).text
    with house.writing() as db:
        edited = next(
            line for line in case_history(db, SYSTEM, treated.case_id) if line.action == "case.part_edited"
        )
        erase_entry(db, ACTOR, edited.seq, reason="the law")
    text = secretary.get(address).text
    assert "velge alternativ B" not in text
    assert "The text of this entry has been erased." in text
    assert "Name erased" in text


def test_administrators_see_who_changed_what_outside_the_forums(house, secretary) -> None:
    with house.writing() as db:
        create_person(db, ACTOR, name="Ola Nordmann", email="ola@example.no")
    administrator = house.browser(administrator=True)
    page = Reader(administrator).open("/admin/users").follow("History")
    assert "Added Ola Nordmann to the directory" in page.text
    assert secretary.get("/admin/history").status_code == 404
    assert "There is nothing older" in administrator.get("/admin/history?before=1").text


def test_earlier_corrections_of_what_is_exempt_are_read_on_the_record(house, treated, secretary) -> None:
    with house.writing() as db:
        made = add_correction(
            db, SYSTEM, treated.id, version=treated.version, body_markdown="Prisen er 3 mill.", reason="x"
        )
        db.get_one(Treatment, treated.id).title_exemption_id = make_exemption(db).id
        assert made.number == 1
    assert "Prisen er 3 mill." in secretary.get(f"/treatments/{treated.id}/correction").text
    with house.web.database.reading() as db:
        read = db.scalars(select(AuditEvent.changes).where(AuditEvent.action == "case.exempt_read")).all()
    assert [changes["way"][1] for changes in read] == ["editor"]
