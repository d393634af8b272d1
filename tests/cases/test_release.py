"""Releasing a case: what stands against it, and national identity numbers above all."""

from io import BytesIO

import pytest
from sqlalchemy import select

from app.cases.models import Treatment
from app.cases.queries.find import attachments_of, parts_of, presentation_of
from app.cases.queries.show import show_case
from app.cases.service.attachments import add_attachment, edit_attachment, put_file
from app.cases.service.edit import edit_treatment
from app.cases.service.exempt import Target, end_exemption, exempt
from app.cases.service.parts import save_part
from app.cases.service.release import release, withdraw_release
from app.cases.service.share import share
from app.exemptions.rules import Covers
from app.exemptions.service.decisions import ExemptionDraft
from app.files.service import store_upload
from app.kernel.errors import Conflict, RuleBroken
from app.kernel.language import Language
from app.platform.clock import utc_now
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM, make_case
from tests.factories.exemptions import basis
from tests.factories.forums import make_forum
from tests.kernel.test_national_id import NUMBER


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


def codes(broken):
    return [reason.code for reason in broken.value.reasons]


def draft(db, key="offl-23-1", **fields):
    legal = basis(db, key)
    fields.setdefault("considered_wider_access", not legal.is_duty)
    return ExemptionDraft(legal.id, **fields)


def shared_case(db, title="Felles innkjøp"):
    forum = make_forum(db)
    treatment = make_case(db, forum, title)
    share(db, SYSTEM, treatment.id)
    return forum, treatment


def parts_and_lines(db, treatment):
    paper = presentation_of(db, treatment.id)
    return parts_of(db, paper.id), attachments_of(db, paper.id)


def stored(db, store, text, name="notat.txt"):
    return store_upload(db, SYSTEM, store, stream=BytesIO(text.encode()), file_name=name, limit=1_000_000)


def test_a_draft_cannot_be_released_and_a_release_is_not_done_twice(database, store):
    with database.writing() as db:
        treatment = make_case(db, make_forum(db), "Utkast")
        with pytest.raises(RuleBroken) as broken:
            release(db, SYSTEM, store, treatment.id, version=treatment.version)
        assert codes(broken) == ["release.not_shared"]
        share(db, SYSTEM, treatment.id)
        with pytest.raises(RuleBroken) as past:
            release(db, SYSTEM, store, treatment.id, version=treatment.version, embargo_until=utc_now())
        assert codes(past) == ["release.embargo_past"]
        with pytest.raises(Conflict):
            release(db, SYSTEM, store, treatment.id, version=treatment.version - 1)
        release(db, SYSTEM, store, treatment.id, version=treatment.version)
        with pytest.raises(RuleBroken) as again:
            release(db, SYSTEM, store, treatment.id, version=treatment.version)
        assert codes(again) == ["release.already"]
        withdraw_release(db, SYSTEM, treatment.id)
        assert treatment.released_at is None
        with pytest.raises(RuleBroken) as closed:
            withdraw_release(db, SYSTEM, treatment.id)
        assert codes(closed) == ["release.not_released"]


def _put_number(db, store, treatment, place):
    """A national identity number in one place of the paper."""
    text = f"Gjelder {NUMBER[:6]} {NUMBER[6:]}"
    paper = presentation_of(db, treatment.id)
    part = parts_of(db, paper.id)[0]
    if place == "title":
        treatment.title = text
    elif place == "presenters":
        treatment.presenters[0].text = text
    elif place == "facts":
        treatment.preparer = text
    elif place == "part":
        save_part(
            db,
            SYSTEM,
            part.id,
            version=part.version,
            heading=part.heading,
            body_markdown=f"| a |\n|---|\n| {text} |",
        )
    elif place == "heading":
        save_part(db, SYSTEM, part.id, version=part.version, heading=text, body_markdown="")
    elif place == "note":
        body = f"Tekst^[Se {NUMBER[:6]} **{NUMBER[6:]}**]."
        save_part(db, SYSTEM, part.id, version=part.version, heading="H", body_markdown=body)
    elif place == "link":
        body = f"[her](https://example.no/{NUMBER})"
        save_part(db, SYSTEM, part.id, version=part.version, heading="H", body_markdown=body)
    elif place == "attachment":
        add_attachment(db, SYSTEM, treatment.id, title=text)
    elif place == "file name":
        upload = stored(db, store, "x", f"{NUMBER}.txt")
        add_attachment(db, SYSTEM, treatment.id, title="Notat", blob=upload.blob, file_name=upload.file_name)
    else:
        upload = stored(db, store, f"Til {text}")
        add_attachment(db, SYSTEM, treatment.id, title="Notat", blob=upload.blob, file_name=upload.file_name)
    db.flush()


PLACES = {
    "title": "title",
    "presenters": "presenters",
    "facts": "facts",
    "part": "part",
    "heading": "part",
    "note": "part",
    "link": "part",
    "attachment": "attachment",
    "file name": "attachment",
    "file": "file",
}


@pytest.mark.parametrize("place", PLACES)
def test_an_identity_number_blocks_release_and_its_place_is_named(place, sqlite_empty, store):
    with sqlite_empty.writing() as db:
        _forum, treatment = shared_case(db)
        _put_number(db, store, treatment, place)
        with pytest.raises(RuleBroken) as broken:
            release(db, SYSTEM, store, treatment.id, version=treatment.version)
        (reason,) = broken.value.reasons
        assert reason.code == f"national_id.{PLACES[place]}"
        told = "".join(reason.values.values())
        assert NUMBER not in told.replace(" ", "")
        assert reason.values["number"] == NUMBER[:6] + "*****"


def test_what_stays_exempt_may_hold_one(database, store):
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        _put_number(db, store, treatment, "part")
        _put_number(db, store, treatment, "file")
        (part, *_rest), (line,) = parts_and_lines(db, treatment)
        held = exempt(db, SYSTEM, store, treatment.id, Target(Covers.PART, part.id), draft(db, "offl-13-1"))
        words = draft(db, "offl-13-1", public_text="Et notat")
        of_file = exempt(db, SYSTEM, store, treatment.id, Target(Covers.ATTACHMENT, line.id), words)
        release(db, SYSTEM, store, treatment.id, version=treatment.version)
        for target, exemption in (
            (Target(Covers.PART, part.id), held),
            (Target(Covers.ATTACHMENT, line.id), of_file),
        ):
            with pytest.raises(RuleBroken) as broken, db.begin_nested():
                end_exemption(db, SYSTEM, store, treatment.id, target, exemption_id=exemption.id)
            assert codes(broken)[0].startswith("national_id.")


def test_a_released_paper_takes_none_in(database, store):
    with database.writing() as db:
        _forum, treatment = shared_case(db)
        line = add_attachment(db, SYSTEM, treatment.id, title="Notat")
        release(db, SYSTEM, store, treatment.id, version=treatment.version)
        (part, *_rest), _lines = parts_and_lines(db, treatment)
        upload = stored(db, store, f"Til {NUMBER}")
        clean = stored(db, store, "Ingen numre her")
        tries = {
            "national_id.part": lambda: save_part(
                db, SYSTEM, part.id, version=part.version, heading="H", body_markdown=NUMBER
            ),
            "national_id.attachment": lambda: edit_attachment(
                db, SYSTEM, line.id, version=line.version, title=NUMBER
            ),
            "national_id.file": lambda: put_file(
                db,
                SYSTEM,
                line.id,
                version=line.version,
                blob=upload.blob,
                file_name=upload.file_name,
                store=store,
            ),
            "release.file_unseen": lambda: put_file(
                db, SYSTEM, line.id, version=line.version, blob=clean.blob, file_name=clean.file_name
            ),
            "national_id.title": lambda: edit_treatment(
                db,
                SYSTEM,
                treatment.id,
                version=treatment.version,
                title=NUMBER,
                kind=treatment.kind,
                wanted_result="",
                presenters=[],
                preparer="",
                preparer_organisation_id=None,
                language=Language.NB,
                place="",
                dated=None,
            ),
        }
        for code, attempt in tries.items():
            with pytest.raises(RuleBroken) as broken, db.begin_nested():
                attempt()
            assert codes(broken) == [code]
            db.expire_all()
    with database.reading() as db:
        (case_id,) = db.scalars(select(Treatment.case_id))
        page = show_case(db, SYSTEM, case_id)
        assert NUMBER not in str(page)
