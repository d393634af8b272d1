"""A finished paper comes in: pasted or as a file, shown before it is stored, and nothing of it dropped."""

import html
import re
from pathlib import Path

import pytest

from app.access.roles import Role
from app.cases.queries.lists import list_cases
from app.cases.queries.show import show_case
from app.documents.docx.case_presentation import build_case_presentation
from app.documents.docx.styles import shipped_template
from app.documents.docx.template import Template
from app.kernel.language import Language
from app.meetings.queries.find import meeting_on
from tests.factories.cases import SYSTEM
from tests.factories.hostile import REFUSED
from tests.factories.papers import full_content
from tests.support.house import HOSTILE

PAPER = (Path(__file__).parents[1] / "data" / "saksframlegg-oppdiktet.txt").read_text(encoding="utf-8")


def only_case(house):
    with house.web.database.reading() as db:
        (line,) = list_cases(db, SYSTEM).lines
        return show_case(db, SYSTEM, line.case_id, line.treatment_id)


def no_cases(house):
    with house.web.database.reading() as db:
        return list_cases(db, SYSTEM).total == 0


def test_the_form_is_for_those_who_write(house, secretary):
    assert secretary.get("/forums/skate/import").status_code == 200
    assert secretary.get("/forums/nonsense/import").status_code == 404
    for browser in (house.browser(Role.MEMBER), house.browser()):
        assert browser.get("/forums/skate/import").status_code == 404
        assert browser.post("/forums/skate/import", data={"text": PAPER}).status_code == 404
        assert browser.post("/forums/skate/import/confirm", data={"text": PAPER}).status_code == 404
    assert no_cases(house)


def test_what_was_understood_is_shown_and_nothing_is_stored(house, secretary):
    shown = secretary.post("/forums/skate/import", data={"text": PAPER})
    assert shown.status_code == 200
    assert "Nothing is stored yet" in shown.text
    assert "Read it in" in shown.text
    assert 'action="/forums/skate/import/confirm"' in shown.text
    assert no_cases(house)


def test_a_confirmed_paper_becomes_a_case(house, secretary):
    read = secretary.post("/forums/skate/import/confirm", data={"text": PAPER, "make_meeting": "1"})
    assert read.status_code == 303
    case = only_case(house)
    assert case.treatment.title
    assert case.parts
    page = secretary.get(read.headers["location"])
    assert page.status_code == 200
    assert "Look it over" in page.text
    assert case.treatment.title in page.text


def test_the_same_number_does_not_come_in_twice(house, secretary):
    secretary.post("/forums/skate/import/confirm", data={"text": PAPER, "make_meeting": "1"})
    assert only_case(house).treatment.number
    shown = secretary.post("/forums/skate/import", data={"text": PAPER})
    assert shown.status_code == 200
    assert "already" in shown.text
    assert ">Read it in<" not in shown.text
    again = secretary.post("/forums/skate/import/confirm", data={"text": PAPER})
    assert again.status_code == 422
    assert only_case(house)


def test_the_meeting_is_made_only_when_asked_for(house, secretary):
    text = "SAKSFRAMLEGG\n\nForum: Skate\n\nMøtedato: 13.6.2019\n\nSak 13/2019 Kalender Behandlingssak\n\nBakgrunn\n\nTekst.\n"
    shown = secretary.post("/forums/skate/import", data={"text": text})
    assert "Plan the meeting of 13.6.2019" in shown.text
    assert secretary.post("/forums/skate/import/confirm", data={"text": text}).status_code == 303
    case = only_case(house)
    with house.web.database.reading() as db:
        assert meeting_on(db, house.forum.id, case.treatment.created_at.date()) is None
    assert "13.6.2019" in case.treatment.unplaced


def test_lines_not_understood_are_listed_and_kept(house, secretary):
    text = PAPER.rstrip() + "\n\nEn {{ linje }} <b>uten</b> plass\n"
    shown = secretary.post("/forums/skate/import", data={"text": text})
    assert "En {{ linje }} &lt;b&gt;uten&lt;/b&gt; plass" in shown.text
    secretary.post("/forums/skate/import/confirm", data={"text": text})
    assert "<b>uten</b> plass" in only_case(house).treatment.unplaced


def test_another_forum_is_named_as_a_warning(secretary):
    shown = secretary.post(
        "/forums/skate/import",
        data={"text": "Forum: KU\n\nSak 1/2020 Kalender Orienteringssak\n\nBakgrunn\n\nTekst.\n"},
    )
    assert "names the forum “KU”" in shown.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_file_comes_in_its_usual_encodings(secretary, encoding):
    text = "Forum: Skate\n\nSak 1/2020 Blåbærsyltetøy Orienteringssak\n\nBakgrunn\n\nTekst.\n"
    shown = secretary.post(
        "/forums/skate/import", data={"text": "  "}, files={"file": ("a.txt", text.encode(encoding))}
    )
    assert shown.status_code == 200
    assert "Blåbærsyltetøy" in shown.text


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"%PDF\x00\x01\x81", "nor plain text"), (b"\x81\x8d", "nor plain text"), (b"", "Paste the text")],
)
def test_what_is_no_text_is_refused(secretary, data, message):
    refused = secretary.post("/forums/skate/import", data={"text": ""}, files={"file": ("a.txt", data)})
    assert refused.status_code == 422
    assert message in refused.text


def test_nothing_is_refused_in_words(secretary):
    refused = secretary.post("/forums/skate/import", data={"text": " \n "})
    assert refused.status_code == 422
    assert "Paste the text" in refused.text


def test_too_much_is_refused_and_kept(secretary):
    for path in ("", "/confirm"):
        refused = secretary.post(f"/forums/skate/import{path}", data={"text": "æ " * 500_000})
        assert refused.status_code == 422
        assert "æ " * 499_999 in refused.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_papers_are_text(house, secretary, text):
    paper = f"Forum: {text}\n\nSak 1/2020 {text} Orienteringssak\n\nBakgrunn\n\n{text}\n\n{text}\n"
    shown = secretary.post("/forums/skate/import", data={"text": paper})
    assert shown.status_code == 200
    assert "<script>alert" not in shown.text
    answer = secretary.post("/forums/skate/import/confirm", data={"text": paper})
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert "<script>alert" not in secretary.get(answer.headers["location"]).text


def word_file(content=None) -> bytes:
    template = Template.open(shipped_template(), Language.NB)
    return build_case_presentation(content or full_content(Language.NB), template)


def send(browser, data: bytes, name="sak.docx"):
    return browser.post("/forums/skate/import", data={"text": ""}, files={"file": (name, data)})


def test_a_word_file_is_shown_and_comes_in_with_its_looks(house, secretary):
    shown = send(secretary, word_file())
    assert shown.status_code == 200
    assert "The file was made here" in shown.text
    assert "Every line of the paper has found its place." in shown.text
    assert no_cases(house)
    lines = html.unescape(re.search(r'name="lines" value="([^"]*)"', shown.text)[1])
    read = secretary.post("/forums/skate/import/confirm", data={"lines": lines, "make_meeting": "1"})
    assert read.status_code == 303
    case = only_case(house)
    assert case.treatment.title == full_content(Language.NB).title
    assert [part.key for part in case.parts][:2] == ["background", "proposal"]


@pytest.mark.parametrize("lines", ["x", "{}", "[" * 5000, '{"lines": [1]}'])
def test_lines_that_are_not_ours_are_refused(house, secretary, lines):
    assert secretary.post("/forums/skate/import/confirm", data={"lines": lines}).status_code == 422
    assert no_cases(house)


def test_a_hostile_word_file_is_refused_with_its_reason(house, secretary):
    refused = send(secretary, REFUSED["DDE"][1])
    assert refused.status_code == 422
    assert "starts another program" in refused.text
    assert no_cases(house)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("sak.docx", b"<html><body>hei", "not what its name says"),
        ("sak.docx", b"Sak 13/2019 En tittel", "not what its name says"),
        ("sak.docx", b"\x00\x81 noe", "not what its name says"),
        ("sak.docx", b"", "The file is empty."),
        ("sak.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the format of an old Office"),
        ("sak.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the format of an old Office"),
    ],
)
def test_what_is_called_a_word_file_and_is_none_is_refused_as_one(house, secretary, name, data, said):
    refused = send(secretary, data, name)
    assert refused.status_code == 422
    assert said in refused.text
    assert no_cases(house)


@pytest.mark.parametrize("roles", [(), (Role.MEMBER,)])
def test_a_word_file_is_not_read_for_who_may_read_in_nothing(house, monkeypatch, roles):
    read = []
    monkeypatch.setattr("app.web.cases.import_paper.word_lines", read.append)
    assert send(house.browser(*roles), word_file()).status_code == 404
    assert read == []
    send(house.browser(Role.SECRETARY), word_file())
    assert len(read) == 1


def test_a_word_file_is_not_read_for_strangers(house):
    answer = send(house.web.client(), word_file())
    assert answer.status_code == 401
    assert "Every line of the paper" not in answer.text
