"""What may come in, and that a refusal leaves nothing behind."""

import io
from pathlib import Path
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.files.models import Blob
from app.files.service import store_upload
from app.kernel.errors import NotAllowed, RuleBroken
from app.platform.db import Database
from app.platform.storage import FileStore
from tests.factories.packages import odf, office
from tests.factories.templates import png

SECRETARY = Actor(user_id=None, name="Sekretær", roles={uuid4(): frozenset({Role.SECRETARY})})
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
LIMIT = 100_000


PNG = png()
DOCX = office()
GOOD = {
    "a.pdf": PDF,
    "a.PDF": PDF,
    "a.docx": DOCX,
    "a.xlsx": office("xlsx"),
    "a.pptx": office("pptx"),
    "a.odt": odf(),
    "a.png": PNG,
    "a.gif": b"GIF89a\x01\x00\x01\x00" + bytes(40),
    "a.txt": "Blåbær på fjellet".encode("cp1252"),
    "a.csv": "navn;sum\nÆra;3\n".encode(),
    "a.md": b"# Heading\n\n- point\n",
}
BAD = {
    "empty": ("a.pdf", b"", "file.empty"),
    "large": ("a.txt", b"x" * (LIMIT + 1), "file.too_large"),
    "html": ("a.html", b"<html></html>", "file.type_not_allowed"),
    "svg": ("a.svg", b"<svg/>", "file.type_not_allowed"),
    "no extension": ("pdf", PDF, "file.type_not_allowed"),
    "double extension": ("a.pdf.exe", PDF, "file.type_not_allowed"),
    "html as text": ("a.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>", "file.type_disagrees"),
    "svg as image": ("a.png", b"<svg xmlns='x'/>", "file.type_disagrees"),
    "pdf as image": ("a.png", PDF, "file.type_disagrees"),
    "image as text": ("a.txt", PNG, "file.type_disagrees"),
    "binary as text": ("a.csv", b"a;b\x00\x01", "file.type_disagrees"),
    "late binary as text": ("a.csv", b"a" * 9000 + b"\x00", "file.type_disagrees"),
    "text as pdf": ("a.pdf", b"hello", "file.type_disagrees"),
    "sheet as document": ("a.docx", office("xlsx"), "file.type_disagrees"),
    "plain zip as document": ("a.odt", DOCX, "file.type_disagrees"),
    "other odf": ("a.odt", odf("ods"), "file.type_disagrees"),
    "cut pdf": ("a.pdf", PDF[:20], "file.broken"),
    "cut zip": ("a.docx", DOCX[:-30], "file.broken"),
    "macro": ("a.docx", office(links=(("r", "vbaProject", "vbaProject.bin", False),)), "file.macros"),
    "macro name": ("a.docm", DOCX, "file.macros"),
    "basic in odf": ("a.odt", odf(parts={"Basic/Standard/Module1.xml": "<x/>"}), "file.macros"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_stored_under_the_hash_of_its_content(
    name: str, database: Database, tmp_path: Path
) -> None:
    store = FileStore(tmp_path)
    with database.writing() as db:
        upload = store_upload(
            db, SECRETARY, store, stream=io.BytesIO(GOOD[name]), file_name=f"x/{name}", limit=LIMIT
        )
    assert upload.file_name == name
    assert store.read(upload.blob.sha256) == GOOD[name]
    with database.reading() as db:
        blob = db.get_one(Blob, upload.blob.sha256)
        assert blob.size == len(GOOD[name])


@pytest.mark.parametrize("case", BAD)
def test_a_refused_file_leaves_nothing(case: str, database: Database, tmp_path: Path) -> None:
    name, content, code = BAD[case]
    root = tmp_path / "data"
    with pytest.raises(RuleBroken) as refused, database.writing() as db:
        store_upload(db, SECRETARY, FileStore(root), stream=io.BytesIO(content), file_name=name, limit=LIMIT)
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_the_same_bytes_are_stored_once(database: Database, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with database.writing() as db:
        uploads = [
            store_upload(db, SECRETARY, store, stream=io.BytesIO(PDF), file_name=name, limit=LIMIT)
            for name in ("a.pdf", "b.pdf")
        ]
    assert uploads[0].blob is uploads[1].blob


def test_who_can_attach_nowhere_may_not_store(database: Database, tmp_path: Path) -> None:
    member = Actor(user_id=None, name="Medlem", roles={uuid4(): frozenset({Role.MEMBER})})
    with pytest.raises(NotAllowed), database.writing() as db:
        store_upload(db, member, FileStore(tmp_path), stream=io.BytesIO(PDF), file_name="a.pdf", limit=LIMIT)
