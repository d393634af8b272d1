"""Attachments: lines with and without files, what may come in, and how files leave."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from app.access.roles import Role
from app.cases.models import Attachment
from app.cases.queries.show import show_case
from app.cases.service.attachments import add_attachment, edit_attachment
from app.cases.service.share import share
from app.files.models import Blob
from app.files.rules import ScanState
from app.files.service import SCAN_JOB
from app.jobs.queries import unfinished_jobs
from app.web.shared.downloads import attachment_disposition
from tests.factories.cases import SYSTEM
from tests.factories.packages import field, office
from tests.support.house import HOSTILE

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def lines_of(house, treatment):
    with house.web.database.reading() as db:
        return show_case(db, SYSTEM, treatment.case_id, treatment.id).attachments


def attach(browser, treatment, *, title="", name="Bakgrunn æøå.pdf", data=PDF):
    files = {"file": (name, BytesIO(data), "text/html")} if data is not None else None
    return browser.post(f"/treatments/{treatment.id}/attachments", data={"title": title}, files=files)


def test_a_file_comes_in_and_leaves_as_it_was(house, secretary, treatment):
    assert attach(secretary, treatment).status_code == 303
    (line,) = lines_of(house, treatment)
    assert (line.title, line.file_name, line.size) == ("Bakgrunn æøå", "Bakgrunn æøå.pdf", len(PDF))
    page = secretary.get(f"/cases/{treatment.case_id}").text
    assert f"/attachments/{line.id}/" in page
    assert f"PDF, {len(PDF)} B" in page
    file = secretary.get(f"/attachments/{line.id}/Bakgrunn.pdf")
    assert file.content == PDF
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''Bakgrunn%20%C3%A6%C3%B8%C3%A5.pdf" in file.headers["content-disposition"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"].startswith("sandbox")
    assert file.headers["cache-control"] == "no-store"


def test_a_line_may_stand_before_its_file(house, secretary, treatment):
    assert attach(secretary, treatment, title="Kommer senere", data=None).status_code == 303
    (line,) = lines_of(house, treatment)
    assert line.size is None
    assert secretary.get(f"/attachments/{line.id}/x.pdf").status_code == 404
    address = f"/treatments/{treatment.id}/attachments/{line.id}"
    assert secretary.get(f"{address}/edit").status_code == 200
    put = secretary.post(
        address, data={"version": line.version, "title": "Er her"}, files={"file": ("a.pdf", PDF)}
    )
    assert put.status_code == 303
    (line,) = lines_of(house, treatment)
    assert (line.title, line.file_name) == ("Er her", "a.pdf")


def test_a_line_needs_a_title_or_a_file(secretary, treatment):
    refused = attach(secretary, treatment, data=None)
    assert refused.status_code == 422
    assert "what the attachment is called" in refused.text


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.exe", b"MZ", "Files of this kind"),
        ("a.html", b"<script>", "Files of this kind"),
        ("a.svg", b"<svg/>", "Files of this kind"),
        ("a.docm", b"PK", "macros"),
        ("a.pdf", b"<html>", "not what its name says"),
        ("a.pdf", b"", "empty"),
        ("a.docx", b"PK\x03\x04broken", "cannot be read"),
    ],
)
def test_what_may_not_come_in_is_refused_with_its_title_kept(
    house, secretary, treatment, name, data, message
):
    refused = attach(secretary, treatment, title="Min tittel", name=name, data=data)
    assert refused.status_code == 422
    assert message in refused.text
    assert 'value="Min tittel"' in refused.text
    assert 'href="#attachment-file"' in refused.text
    assert 'id="attachment-file"' in refused.text
    assert lines_of(house, treatment) == ()


def test_a_file_over_the_limit_is_refused_in_words(house, secretary, treatment):
    house.web.app.state.settings = house.web.app.state.settings.model_copy(update={"max_upload_mb": 1})
    just_over = attach(secretary, treatment, data=PDF + b" " * (1 << 20))
    assert just_over.status_code == 422
    far_over = attach(secretary, treatment, data=PDF + b" " * (5 << 20))
    assert far_over.status_code == 413
    for answer in (just_over, far_over):
        assert "The largest that can come in is 1 MB" in answer.text
    assert lines_of(house, treatment) == ()
    with house.writing() as db:
        line = add_attachment(db, SYSTEM, treatment.id, title="Linje")
    again = secretary.post(
        f"/treatments/{treatment.id}/attachments/{line.id}",
        data={"version": 1, "title": "x"},
        files={"file": ("a.pdf", PDF + b" " * (5 << 20))},
    )
    assert again.status_code == 413
    assert "The largest that can come in is 1 MB" in again.text


@pytest.mark.parametrize(
    "name", [*HOSTILE, "../../etc/passwd", "a\r\nSet-Cookie: x", '"; filename=b.html', "x" * 400]
)
def test_hostile_file_names_are_names(house, secretary, treatment, name):
    made = attach(secretary, treatment, title="Tittel", name=f"{name}.pdf")
    assert made.status_code == 303
    (line,) = lines_of(house, treatment)
    assert "/" not in line.file_name
    file = secretary.get(f"/attachments/{line.id}/x.pdf")
    assert file.status_code == 200
    assert "set-cookie" not in file.headers
    assert secretary.get(f"/cases/{treatment.case_id}").status_code == 200


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_text(house, secretary, treatment, title):
    assert attach(secretary, treatment, title=title, data=None).status_code == 303
    page = secretary.get(f"/cases/{treatment.case_id}/edit")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_files_are_for_those_who_may_read_the_case(house, secretary, treatment):
    attach(secretary, treatment)
    (line,) = lines_of(house, treatment)
    address = f"/attachments/{line.id}/x.pdf"
    member = house.browser(Role.MEMBER)
    assert member.get(address).status_code == 404
    assert house.web.client().get(address).status_code == 303
    with house.writing() as db:
        share(db, SYSTEM, treatment.id)
    assert member.get(address).status_code == 200
    assert house.browser().get(address).status_code == 404
    assert attach(member, treatment).status_code == 403


def test_lines_are_moved_and_removed(house, secretary, treatment):
    for title in ("En", "To", "Tre"):
        attach(secretary, treatment, title=title, data=None)
    third = lines_of(house, treatment)[2]
    address = f"/treatments/{treatment.id}/attachments/{third.id}"
    assert secretary.post(f"{address}/move", data={"direction": "up"}).status_code == 303
    assert [line.title for line in lines_of(house, treatment)] == ["En", "Tre", "To"]
    assert secretary.post(f"{address}/move", data={"direction": "sideways"}).status_code == 303
    assert "Tre" in secretary.get(f"{address}/remove").text
    assert secretary.post(f"{address}/remove").status_code == 303
    assert [line.title for line in lines_of(house, treatment)] == ["En", "To"]
    assert secretary.get(f"{address}/edit").status_code == 404


def test_a_stale_title_shows_both(house, secretary, treatment):
    with house.writing() as db:
        line = add_attachment(db, SYSTEM, treatment.id, title="Linje")
        edit_attachment(db, SYSTEM, line.id, version=1, title="Den andres")
    stale = secretary.post(
        f"/treatments/{treatment.id}/attachments/{line.id}", data={"version": 1, "title": "Min"}
    )
    assert stale.status_code == 409
    assert "Den andres" in stale.text
    assert 'value="Min"' in stale.text
    assert 'name="version" value="2"' in stale.text


def test_a_refused_file_leaves_the_title_as_it_was(house, secretary, treatment):
    with house.writing() as db:
        line = add_attachment(db, SYSTEM, treatment.id, title="Linje")
    refused = secretary.post(
        f"/treatments/{treatment.id}/attachments/{line.id}",
        data={"version": 1, "title": "Ny"},
        files={"file": ("a.exe", b"MZ")},
    )
    assert refused.status_code == 422
    assert lines_of(house, treatment)[0].title == "Linje"


def test_dispositions_hold_one_name():
    shown = attachment_disposition('Sak 13-19 "æ" \r\n%;.docx')
    assert shown.count("filename=") == 1
    assert "\r" not in shown
    assert "\n" not in shown
    plain = shown.split('"')[1]
    assert plain.isascii()
    assert unquote(shown.split("UTF-8''")[1]).endswith(".docx")


def test_looking_into_a_file_keeps_nobody_waiting(house, secretary, treatment, monkeypatch):
    """The guard and the scanner take their time; meanwhile everybody else writes."""
    from app.web.shared import uploads

    real = uploads.receive

    def slow(*arguments, **named):
        with house.web.database.writing() as db:
            db.execute(text("UPDATE forum SET name = name"))
        return real(*arguments, **named)

    monkeypatch.setattr(uploads, "receive", slow)
    assert attach(secretary, treatment, name="a.pdf", data=PDF).status_code == 303


def test_a_file_that_waits_for_the_scanner_is_told_of_and_given_to_nobody(house, secretary, treatment):
    app = house.web.app
    app.state.settings = app.state.settings.model_copy(update={"scanner": "clamd://127.0.0.1:9"})
    sent = attach(secretary, treatment, title="Til sjekk", name="a.pdf", data=PDF)
    assert sent.status_code == 303
    page = secretary.get(f"/cases/{treatment.case_id}/edit?treatment={treatment.id}").text
    assert "Waits to be checked for viruses" in page
    shown = secretary.get(f"/cases/{treatment.case_id}?treatment={treatment.id}").text
    assert "Waits to be checked for viruses" in shown
    assert "/attachments/" not in shown
    with house.web.database.writing() as db:
        attachment = db.query(Attachment).filter_by(title="Til sjekk").one()
        blob = db.query(Blob).filter_by(sha256=attachment.sha256).one()
    address = f"/attachments/{attachment.id}/a.pdf"
    refused = secretary.get(address)
    assert refused.status_code == 422
    assert "waits to be checked for viruses" in refused.text
    for state, status in ((ScanState.INFECTED, 422), (ScanState.CLEAN, 200)):
        with house.web.database.writing() as db:
            db.get_one(Blob, blob.sha256).scan_state = state
        assert secretary.get(address).status_code == status


def test_a_virus_found_on_the_way_in_holds_back_the_copy_that_is_there(
    house, secretary, treatment, monkeypatch
):
    """Without a scanner it came in; now somebody sends the same file again, and the scanner knows it."""
    assert attach(secretary, treatment, title="Gammel", name="a.txt", data=b"ondt").status_code == 303
    with house.web.database.reading() as db:
        old = db.query(Attachment).filter_by(title="Gammel").one()
    assert secretary.get(f"/attachments/{old.id}/a.txt").status_code == 200
    app = house.web.app
    app.state.settings = app.state.settings.model_copy(update={"scanner": "clamd://127.0.0.1:9"})
    monkeypatch.setattr("app.files.receiving.scan", lambda *_: "Eicar-Test-Signature")
    sent = attach(secretary, treatment, title="Ny", name="b.txt", data=b"ondt")
    assert sent.status_code == 422
    assert "A virus was found in the file" in sent.text
    held = secretary.get(f"/attachments/{old.id}/a.txt")
    assert held.status_code == 422
    assert held.content != b"ondt"
    with house.web.database.reading() as db:
        assert [(job.kind, job.key) for job in unfinished_jobs(db) if job.kind == SCAN_JOB] == [
            (SCAN_JOB, old.sha256)
        ]


def test_what_was_taken_out_of_a_file_stands_in_the_history(house, secretary, treatment):
    data = office(inside=field('INCLUDETEXT "http://evil.example/x"'))
    sent = attach(secretary, treatment, name="a.docx", data=data)
    assert "attached_cleaned" in sent.headers["set-cookie"]
    history = secretary.get(f"/cases/{treatment.case_id}/history?treatment={treatment.id}")
    assert "fields that fetch text or pictures from elsewhere" in history.text
