"""Exempting, releasing and reading through the pages: what each reader sees, and what is written down about it."""

import io
import zipfile
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.models import Treatment
from app.cases.queries.find import attachments_of, parts_of, presentation_of
from app.cases.service.parts import save_part
from app.cases.service.share import share
from app.exemptions.models import Exemption, LegalBasis
from app.meetings.service.agenda import put_on_agenda
from app.platform.clock import today
from tests.factories.cases import SYSTEM, make_complete, make_meeting
from tests.factories.exemptions import basis
from tests.kernel.test_national_id import NUMBER
from tests.support.reader import Reader

SECRET = "Anbudet fra Nordvik"


@pytest.fixture
def treatment(house):
    with house.writing() as db:
        made = make_complete(db, house.forum, SECRET)
        share(db, SYSTEM, made.id)
        return made


@pytest.fixture
def legal(house):
    with house.writing() as db:
        return {key: basis(db, key).id for key in ("offl-23-1", "offl-13-1", "offl-14-1")}


def exempt(browser, treatment, legal, covers="title", record_id=None, **fields):
    data = {"basis_id": str(legal["offl-23-1"]), "considered_wider_access": "1", **fields}
    address = f"/treatments/{treatment.id}/exempt/{covers}/{record_id or treatment.id}"
    files = data.pop("file", None)
    return browser.post(address, data=data, files={"file": files} if files else None)


def release(browser, house, treatment, **fields):
    with house.web.database.reading() as db:
        version = db.get_one(Treatment, treatment.id).version
    return browser.post(f"/treatments/{treatment.id}/release", data={"version": version, **fields})


def readings(house):
    with house.web.database.reading() as db:
        wanted = select(AuditEvent.changes).where(AuditEvent.action == "case.exempt_read")
        return [changes["way"][1] for changes in db.scalars(wanted.order_by(AuditEvent.seq))]


def test_the_whole_road_from_exempting_to_withdrawing(house, secretary, treatment, legal):
    member, outsider = house.browser(Role.MEMBER), house.browser()
    case = f"/cases/{treatment.case_id}"
    assert exempt(secretary, treatment, legal, public_text="Et innkjøp").status_code == 303
    assert SECRET in member.get(case).text
    assert outsider.get(case).status_code == 404
    looked_over = secretary.get(f"/treatments/{treatment.id}/release").text
    assert "Et innkjøp" in looked_over
    assert release(secretary, house, treatment).status_code == 303
    page = outsider.get(case).text
    assert "Et innkjøp" in page
    assert "offl. §\u00a023 første ledd" in page
    assert SECRET not in page
    assert f'href="/forums/{house.forum.key}"' not in page  # no dead links
    assert SECRET in member.get(case).text
    assert "Et innkjøp" in outsider.get("/cases").text
    assert treatment.case_id.hex not in outsider.get("/").text  # the front page is for one's own forums
    assert secretary.get(f"/treatments/{treatment.id}/release/withdraw").status_code == 200
    assert secretary.post(f"/treatments/{treatment.id}/release/withdraw").status_code == 303
    assert outsider.get(case).status_code == 404
    history = secretary.get(f"{case}/history").text
    for words in ("Released the case", "Withdrew the release", "Exempted from public access"):
        assert words in history


def test_a_withheld_paper_shows_its_number_title_and_ground_and_nothing_else(
    house, secretary, treatment, legal
):
    redacted = ("sladdet.txt", io.BytesIO(b"Sladdet"), "text/plain")
    answer = exempt(secretary, treatment, legal, covers="document", file=redacted)
    assert answer.status_code == 303
    release(secretary, house, treatment)
    outsider = house.browser()
    page = outsider.get(f"/cases/{treatment.case_id}").text
    assert "offl. §\u00a023 første ledd" in page
    for hidden in ("Kari Oppdiktet", "velge alternativ B", "Case for decision", "Being drafted"):
        assert hidden not in page
    with house.web.database.reading() as db:
        exemption_id = db.scalars(select(Exemption.id)).one()
    assert outsider.get(f"/redacted/{exemption_id}/sladdet.txt").content == b"Sladdet"


def test_who_is_asked_before_an_exempt_part_is_removed_has_read_its_name(house, secretary, treatment, legal):
    with house.web.database.reading() as db:
        part = next(each for each in parts_of(db, presentation_of(db, treatment.id).id) if each.html)
    question = f"/treatments/{treatment.id}/parts/{part.id}/remove"
    assert secretary.get(question).status_code == 200
    assert readings(house) == []
    exempt(secretary, treatment, legal, covers="part", record_id=part.id)
    assert secretary.get(question).status_code == 200
    assert readings(house) == ["editor"]


def test_a_hidden_part_is_not_in_any_part_of_the_public_copy(house, secretary, treatment, legal):
    with house.web.database.reading() as db:
        part = next(each for each in parts_of(db, presentation_of(db, treatment.id).id) if each.html)
    assert exempt(secretary, treatment, legal, covers="part", record_id=part.id).status_code == 303
    whole = secretary.get(f"/treatments/{treatment.id}/export.docx").content
    public = secretary.get(f"/treatments/{treatment.id}/public.docx").content
    assert b"alternativ B" in _unpacked(whole)
    assert "Unntatt offentlighet, jf. offl. § 23 første ledd".encode() in _unpacked(whole)
    assert b"alternativ B" not in _unpacked(public)
    assert b"Deler av saksframlegget er unntatt offentlighet" in _unpacked(public)
    printed = {
        copy: printed_in(secretary.get(f"/treatments/{treatment.id}/{copy}.pdf").content)
        for copy in ("export", "public")
    }
    assert "alternativ B" in printed["export"]
    assert "alternativ B" not in printed["public"]
    assert "Deler av saksframlegget er unntatt" in printed["public"]
    assert readings(house) == ["file", "file"]  # the public copies tell nothing exempt


def printed_in(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def _unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join(package.read(name) for name in package.namelist())


def test_every_reading_of_what_is_exempt_is_written_down(house, secretary, treatment, legal):
    files = {"file": ("tilbud.txt", io.BytesIO(b"Pris"), "text/plain")}
    secretary.post(f"/treatments/{treatment.id}/attachments", data={"title": "Tilbud"}, files=files)
    member = house.browser(Role.MEMBER)
    case = f"/cases/{treatment.case_id}"
    member.get(case)
    assert readings(house) == []  # nothing is exempt yet
    with house.web.database.reading() as db:
        (line,) = attachments_of(db, presentation_of(db, treatment.id).id)
    exempt(secretary, treatment, legal, "attachment", line.id, public_text="Et tilbud")
    member.get(case)
    member.get(f"/attachments/{line.id}/tilbud.txt")
    secretary.get(f"{case}/edit")
    bad = secretary.post(f"/treatments/{treatment.id}", data={"title": ""})
    assert bad.status_code == 422  # the refused form shows the paper again
    assert readings(house) == ["page", "attachment", "editor", "editor"]
    secretary.get(f"{case}?view=public")
    assert len(readings(house)) == 4
    assert house.browser(Role.OBSERVER).get(f"/attachments/{line.id}/tilbud.txt").status_code == 404


def test_histories_conflicts_and_forms_that_tell_what_is_exempt_are_readings_too(
    house, secretary, treatment, legal
):
    with house.web.database.reading() as db:
        part = next(each for each in parts_of(db, presentation_of(db, treatment.id).id) if each.html)
    case, saving = f"/cases/{treatment.case_id}", f"/treatments/{treatment.id}/parts/{part.id}"
    changed = {"version": part.version, "heading": part.heading, "body": "Den hemmelige prisen"}
    assert secretary.post(saving, data=changed).status_code == 303
    secretary.get(f"{case}/history")
    assert readings(house) == []  # nothing is exempt yet
    exempt(secretary, treatment, legal, "part", part.id)
    assert "Den hemmelige prisen" in secretary.get(f"{case}/history").text
    assert readings(house) == ["history"]
    overtaken = secretary.post(saving, data={**changed, "body": "En annen pris"})
    assert overtaken.status_code == 409
    assert "Den hemmelige prisen" in overtaken.text
    assert readings(house) == ["history", "editor"]  # once for one answer
    secretary.get(f"/treatments/{treatment.id}/exempt/part/{part.id}")
    assert readings(house) == ["history", "editor", "editor"]
    assert house.browser(Role.MEMBER).get(f"{case}/history").status_code == 404
    assert len(readings(house)) == 3


def test_a_reading_that_cannot_be_written_down_is_not_shown(house, secretary, treatment, legal, monkeypatch):
    exempt(secretary, treatment, legal, public_text="Et innkjøp")

    def fails(*_args, **_values):
        raise OSError("disk full")

    monkeypatch.setattr("app.web.cases.pages.note_exempt_reading", fails)
    answer = house.browser(Role.MEMBER).get(f"/cases/{treatment.case_id}")
    assert answer.status_code == 503
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"basis_id": ""}, "Choose a legal basis"),
        ({"considered_wider_access": ""}, "Consider whether access can be given"),
        ({"public_text": ""}, "Write what the public is to see instead"),
        ({"public_text": SECRET}, "Write other words"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(fields, said, secretary, treatment, legal):
    answer = exempt(
        secretary, treatment, legal, **{"public_text": "Ord", "note": "Fordi det er slik", **fields}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "Fordi det er slik" in answer.text


def test_a_duty_is_not_asked_to_consider_wider_access(house, secretary, treatment, legal):
    duty = {"basis_id": str(legal["offl-13-1"]), "public_text": "Et innkjøp"}
    refused = exempt(secretary, treatment, legal, **duty)
    assert refused.status_code == 422
    assert "there is no wider access to consider" in refused.text
    assert exempt(secretary, treatment, legal, **duty, considered_wider_access="").status_code == 303
    told = secretary.get(f"/cases/{treatment.case_id}/history").text
    assert "The public sees" in told
    assert "Wider access considered" not in told  # nobody was asked


def test_the_editor_marks_what_is_exempt(house, secretary, treatment, legal):
    with house.web.database.reading() as db:
        part = parts_of(db, presentation_of(db, treatment.id).id)[0]
    editor = f"/cases/{treatment.case_id}/edit"
    assert "Exempt from public access, cf." not in secretary.get(editor).text
    exempt(secretary, treatment, legal, "part", part.id)
    marked = Reader(secretary).open(editor).page.xpath("//section[.//*[contains(@class, 'exempt')]]/@id")
    assert marked == [f"part-{part.id}"]


def test_two_who_decide_at_once_are_told(house, secretary, treatment, legal):
    assert exempt(secretary, treatment, legal, public_text="Den første").status_code == 303
    late = exempt(house.browser(Role.LEADER), treatment, legal, public_text="Den andre")
    assert late.status_code == 409
    assert "Den andre" in late.text
    ending = f"/treatments/{treatment.id}/exempt/title/{treatment.id}/end"
    assert secretary.post(ending, data={"exemption_id": str(treatment.id)}).status_code == 409
    with house.web.database.reading() as db:
        standing = db.scalars(select(Exemption.id).where(Exemption.ended_at.is_(None))).one()
    assert secretary.get(ending).status_code == 200
    assert secretary.post(ending, data={"exemption_id": str(standing)}).status_code == 303


def test_a_number_in_the_paper_blocks_release_and_is_not_repeated(house, secretary, treatment):
    with house.writing() as db:
        db.get_one(Treatment, treatment.id).preparer = f"Ola {NUMBER}"
    for answer in (
        secretary.get(f"/treatments/{treatment.id}/release"),
        release(secretary, house, treatment),
    ):
        assert "national identity number" in answer.text
        assert NUMBER not in answer.text
    assert house.browser().get(f"/cases/{treatment.case_id}").status_code == 404


def test_what_nobody_has_looked_over_is_not_released(house, secretary, treatment):
    page = Reader(secretary).open(f"/treatments/{treatment.id}/release")
    with house.writing() as db:
        part = parts_of(db, presentation_of(db, treatment.id).id)[0]
        save_part(
            db, SYSTEM, part.id, version=part.version, heading=part.heading, body_markdown="Skrevet imens"
        )
    sent = dict(page.form("Release", "").form_values())
    late = secretary.post(f"/treatments/{treatment.id}/release", data=sent)
    assert late.status_code == 409
    assert house.browser().get(f"/cases/{treatment.case_id}").status_code == 404
    page._read(late).send("Release")
    assert "Skrevet imens" in house.browser().get(f"/cases/{treatment.case_id}").text


def test_where_the_title_alone_is_exempt_lists_agenda_and_word_file_say_so(
    house, secretary, treatment, legal
):
    """Else a reader takes the whole paper for withheld."""
    exempt(secretary, treatment, legal, public_text="Et innkjøp")
    release(secretary, house, treatment)
    only_title = "The title is exempt from public access, cf."
    with house.writing() as db:
        meeting = make_meeting(db, house.forum)
        put_on_agenda(db, SYSTEM, meeting.id, treatment.id)
    outsider, observer = house.browser(), house.browser(Role.OBSERVER)
    for page in (
        outsider.get("/cases"),
        outsider.get(f"/cases/{treatment.case_id}"),
        observer.get(f"/meetings/{meeting.id}"),
        secretary.get("/"),
    ):
        assert only_title in page.text
        assert ">Exempt from public access, cf." not in page.text
    paper = _unpacked(outsider.get(f"/treatments/{treatment.id}/public.docx").content).decode(
        "utf-8", "replace"
    )
    assert "Tittelen er unntatt offentlighet, jf. offl." in paper
    assert ">Unntatt offentlighet" not in paper
    exempt(secretary, treatment, {"offl-23-1": legal["offl-14-1"]}, covers="document", whole_is_meant="1")
    listed = outsider.get("/cases").text
    assert only_title in listed
    assert ">Exempt from public access, cf." in listed


def test_a_time_without_a_day_is_no_release_at_once(house, secretary, treatment):
    """Somebody who filled in half an embargo meant one."""
    refused = release(secretary, house, treatment, embargo_time="12:00")
    assert refused.status_code == 422
    assert "Say on which day the embargo ends" in refused.text
    assert 'value="12:00"' in refused.text
    assert house.browser().get(f"/cases/{treatment.case_id}").status_code == 404


def test_an_embargo_holds_until_its_moment(house, secretary, treatment):
    past = (today() - timedelta(days=1)).isoformat()
    assert release(secretary, house, treatment, embargo_day=past).status_code == 422
    ahead = (today() + timedelta(days=3)).isoformat()
    assert release(secretary, house, treatment, embargo_day=ahead, embargo_time="12:00").status_code == 303
    assert house.browser().get(f"/cases/{treatment.case_id}").status_code == 404
    assert "embargo" in secretary.get(f"/cases/{treatment.case_id}").text
    with house.writing() as db:
        made = db.get_one(Treatment, treatment.id)
        made.embargo_until -= timedelta(days=4)
    assert house.browser().get(f"/cases/{treatment.case_id}").status_code == 200


def test_the_list_of_bases_grows_and_ends(house):
    admin = house.browser(administrator=True)
    assert house.browser(Role.SECRETARY).get("/admin/bases").status_code == 404
    assert "offl. §\u00a023 første ledd" in admin.get("/admin/bases").text
    added = {"law": "Ny lov", "section": "5", "printed_nb": "nl. § 5", "valid_from": "2026-01-01"}
    assert admin.post("/admin/bases", data={**added, "valid_to": "2025-01-01"}).status_code == 422
    assert admin.post("/admin/bases", data={"law": "Ny lov"}).status_code == 422
    assert admin.post("/admin/bases", data=added).status_code == 303
    with house.web.database.reading() as db:
        made = db.scalars(select(LegalBasis).where(LegalBasis.law == "Ny lov")).one()
    end = f"/admin/bases/{made.id}/end"
    assert admin.get(end).status_code == 200
    assert admin.post(end, data={"version": 7, "valid_to": "2026-06-01"}).status_code == 409
    assert admin.post(end, data={"version": 1, "valid_to": "2020-06-01"}).status_code == 422
    assert admin.post(end, data={"version": 1, "valid_to": "2026-06-01"}).status_code == 303
