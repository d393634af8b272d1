"""The files of what is exempt, or released: looked through while nobody waits, and never given out in its place."""

import io

import pytest
from sqlalchemy import select

from app.cases.models import Treatment
from app.cases.queries.find import attachments_of, presentation_of
from app.cases.service.published import _numbers_at
from app.cases.service.share import share
from app.exemptions.models import Exemption
from app.files.models import Blob
from app.files.rules import ScanState
from app.files.texts import extract_texts
from app.kernel.errors import RuleBroken
from tests.factories.cases import SYSTEM, make_complete
from tests.factories.exemptions import basis
from tests.web.test_cases_exempt import SECRET, exempt, release


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


def test_nobody_who_writes_waits_while_files_are_looked_through(house, secretary, treatment, monkeypatch):
    files = {"file": ("tilbud.txt", io.BytesIO(b"Pris"), "text/plain")}
    secretary.post(f"/treatments/{treatment.id}/attachments", data={"title": "Tilbud"}, files=files)
    looked = []

    def slowly(path, file_name):
        with house.writing() as db:  # somebody else
            db.get_one(Treatment, treatment.id, with_for_update=True).wanted_result = "Nytt"
        looked.append(path)
        return extract_texts(path, file_name)

    monkeypatch.setattr("app.cases.service.published.extract_texts", slowly)
    _numbers_at.cache_clear()
    assert secretary.get(f"/treatments/{treatment.id}/release").status_code == 200
    _numbers_at.cache_clear()
    assert release(secretary, house, treatment).status_code == 303
    assert len(looked) == 2


def test_nobody_who_writes_waits_while_a_released_case_gets_and_gives_files(
    house, secretary, treatment, legal, monkeypatch
):
    """A file that comes into a released case, or out of an exemption, is looked through before the transaction."""

    def sent(words):
        return {"file": (f"{words}.txt", io.BytesIO(words.encode()), "text/plain")}

    looked = []

    def slowly(path, file_name):
        with house.writing() as db:  # somebody else
            db.get_one(Treatment, treatment.id, with_for_update=True).wanted_result = "Nytt"
        looked.append(path.read_bytes())
        return extract_texts(path, file_name)

    monkeypatch.setattr("app.cases.service.published.extract_texts", slowly)
    assert release(secretary, house, treatment).status_code == 303
    lines = f"/treatments/{treatment.id}/attachments"
    assert secretary.post(lines, data={"title": "Tilbud"}, files=sent("Pris")).status_code == 303
    with house.web.database.reading() as db:
        (line,) = attachments_of(db, presentation_of(db, treatment.id).id)
    changed = {"title": "Tilbud", "version": line.version}
    assert secretary.post(f"{lines}/{line.id}", data=changed, files=sent("Ny pris")).status_code == 303
    redacted = sent("Sladdet")["file"]
    done = exempt(secretary, treatment, legal, "attachment", line.id, public_text="Et bilag", file=redacted)
    assert done.status_code == 303
    assert looked == [b"Pris", b"Ny pris", b"Sladdet"]
    _numbers_at.cache_clear()
    looked.clear()
    with house.web.database.reading() as db:
        standing = db.scalars(select(Exemption.id).where(Exemption.ended_at.is_(None))).one()
    ending = f"/treatments/{treatment.id}/exempt/attachment/{line.id}/end"
    assert secretary.post(ending, data={"exemption_id": str(standing)}).status_code == 303
    assert set(looked) == {b"Ny pris", b"Sladdet"}


def test_a_file_that_cannot_be_read_is_not_tried_again_while_others_wait(
    house, secretary, treatment, monkeypatch
):
    files = {"file": ("tilbud.txt", io.BytesIO(b"Helt uleselig"), "text/plain")}
    secretary.post(f"/treatments/{treatment.id}/attachments", data={"title": "Tilbud"}, files=files)
    tried = []

    def fails(path, _file_name):
        tried.append(path)
        raise RuleBroken("file.unreadable")

    monkeypatch.setattr("app.cases.service.published.extract_texts", fails)
    assert release(secretary, house, treatment).status_code == 422
    assert len(tried) == 1


def test_the_exempt_file_cannot_stand_for_itself(house, secretary, treatment, legal):
    files = {"file": ("tilbud.txt", io.BytesIO(b"Pris 14"), "text/plain")}
    secretary.post(f"/treatments/{treatment.id}/attachments", data={"title": "Tilbud"}, files=files)
    with house.web.database.reading() as db:
        (line,) = attachments_of(db, presentation_of(db, treatment.id).id)
    same = ("sladdet.txt", io.BytesIO(b"Pris 14"), "text/plain")
    refused = exempt(secretary, treatment, legal, "attachment", line.id, public_text="Et bilag", file=same)
    assert refused.status_code == 422
    assert "the very file that is exempt" in refused.text
    assert "Et bilag" in refused.text


def test_a_redacted_file_that_is_held_back_is_no_link(house, secretary, treatment, legal):
    redacted = ("sladdet.txt", io.BytesIO(b"Sladdet"), "text/plain")
    exempt(secretary, treatment, legal, covers="document", file=redacted)
    release(secretary, house, treatment)
    outsider = house.browser()
    assert "/redacted/" in outsider.get(f"/cases/{treatment.case_id}").text
    with house.writing() as db:
        db.scalars(select(Blob)).one().scan_state = ScanState.INFECTED
    page = outsider.get(f"/cases/{treatment.case_id}").text
    assert "/redacted/" not in page
    assert "Blocked: a virus was found in it" in page
