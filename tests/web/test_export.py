"""The Word file of a case: its name, its type, who may take it, and that it is written down."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from app.access.roles import Role
from app.cases.queries.history import case_history
from app.cases.service.edit import edit_treatment
from app.cases.service.numbers import set_number
from app.cases.service.share import share
from app.kernel.language import Language
from tests.factories.cases import SYSTEM, make_case, make_complete
from tests.support.house import HOSTILE

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def treatment(house):
    with house.writing() as db:
        treatment = make_complete(db, house.forum, "Felles kalender: «én» for alle?")
        set_number(db, SYSTEM, treatment.id, sequence=13, year=2019)
        share(db, SYSTEM, treatment.id)
    return treatment


def address(treatment):
    return f"/treatments/{treatment.id}/export.docx"


def test_the_file_is_a_word_file_with_a_good_name(house, treatment):
    member = house.browser(Role.MEMBER)
    assert address(treatment) in member.get(f"/cases/{treatment.case_id}").text
    file = member.get(address(treatment))
    assert file.status_code == 200
    assert file.headers["content-type"] == WORD
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["x-content-type-options"] == "nosniff"
    disposition = file.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert "13-19" in disposition
    assert ".docx" in disposition
    assert "velge alternativ B" in ZipFile(BytesIO(file.content)).read("word/document.xml").decode()


def test_who_took_it_is_written_down(house, treatment):
    house.browser(Role.MEMBER).get(address(treatment))
    with house.web.database.reading() as db:
        assert "case.exported" in {line.action for line in case_history(db, SYSTEM, treatment.case_id)}


def test_it_is_for_readers_only(house, treatment):
    assert house.browser().get(address(treatment)).status_code == 404
    assert house.web.client().get(address(treatment)).status_code == 303
    with house.writing() as db:
        draft = make_case(db, house.forum, "Hemmelig")
    assert house.browser(Role.MEMBER).get(address(draft)).status_code == 404
    assert house.browser(Role.SECRETARY).get(address(draft)).status_code == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_give_a_file(house, treatment, text):
    with house.writing() as db:
        edit_treatment(
            db,
            SYSTEM,
            treatment.id,
            version=treatment.version,
            title=text,
            kind=treatment.kind,
            wanted_result=text,
            presenters=(),
            preparer=text,
            preparer_organisation_id=None,
            language=Language.NB,
            place=text,
            dated=None,
        )
    file = house.browser(Role.MEMBER).get(address(treatment))
    assert file.status_code == 200
    assert ZipFile(BytesIO(file.content)).testzip() is None


@pytest.mark.parametrize("copy", ["export", "public"])
def test_the_pdf_is_taken_by_the_same_rules_and_written_down(house, treatment, copy):
    path = f"/treatments/{treatment.id}/{copy}.pdf"
    member = house.browser(Role.MEMBER)
    assert path.replace("public", "export") in member.get(f"/cases/{treatment.case_id}").text
    file = member.get(path)
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert ".pdf" in file.headers["content-disposition"]
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)
    assert "velge alternativ B" in printed
    with house.web.database.reading() as db:
        taken = [
            line for line in case_history(db, SYSTEM, treatment.case_id) if line.action == "case.exported"
        ]
    assert len(taken) == 1
    assert house.browser().get(path).status_code == 404
