"""The paper as a Word file: every line of the source, in order, in the right look."""

import io
from pathlib import Path

import docx
import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.service.share import share
from app.directory.service import set_template
from app.documents.docx.reading import ReadParagraph, read_paragraph_texts
from app.documents.docx.styles import shipped_template
from app.documents.json_export import from_json
from app.documents.reading.paper import ReadPaper
from app.documents.reading.reader import read_case_presentation
from app.files.service import store_upload
from app.kernel.errors import NotFound
from app.kernel.language import Language
from app.papers.export import export_docx, export_json
from app.papers.importing import import_presentation
from app.papers.presentation import content_of, file_name_of
from app.papers.queries import paper_facts
from app.platform.db import Database
from app.platform.i18n import format_date, format_long_date
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM, make_case
from tests.factories.forums import actor_with, make_forum, outsider
from tests.factories.people import make_organisation
from tests.support.papers import INVENTED, PAPERS


def words_of(data: bytes) -> str:
    """Everything that the body of a Word file prints, white space folded; notes and lists as they are typed."""
    body = docx.Document(io.BytesIO(data)).element.body
    space = {"tab", "br", "p", "tc"}
    texts = []
    for element in body.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "t":
            texts.append(element.text or "")
        elif name in space:
            texts.append(" ")
    return " ".join("".join(texts).split())


def plain(line: str) -> str:
    """The words of a line of the source: without its bullet or number, which Word prints by itself."""
    words = line.strip().removeprefix("- ")
    number, dot, rest = words.partition(". ")
    return " ".join((rest if dot and number.isdigit() and not line[0].isalpha() else words).split())


def assert_under_their_headings(paper: ReadPaper, data: bytes) -> None:
    """Every line of a part of the source stands in that part of the file, and the part begins with its heading."""
    parts: dict[str, list[ReadParagraph]] = {}
    for paragraph in read_paragraph_texts(data):
        parts.setdefault(paragraph.part_key, []).append(paragraph)
    for part in paper.content.parts:
        first = parts[part.key][0]
        assert (first.style_name, first.text) == ("heading 1", part.heading)
    for line in paper.lines:
        kind, _, key = line.field.partition(":")
        if kind == "part":
            printed = " ".join(" ".join(each.text.split()) for each in parts[key])
            assert plain(line.text) in printed or " ".join(line.text.split()) in printed, line


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_line_of_the_source_is_printed_once_and_in_order(
    path: Path, database: Database, tmp_path: Path
) -> None:
    """With the real paper too, where it lies beside the repository."""
    text = path.read_text(encoding="utf-8")
    paper = read_case_presentation(text)
    with database.writing() as db:
        forum = make_forum(db, name=paper.forum_name, language=paper.content.language)
        treatment = import_presentation(db, SYSTEM, forum, paper)
        exported = export_docx(db, SYSTEM, FileStore(tmp_path), treatment.id)
    # Dates are printed in one way, whichever way the paper wrote them.
    for day in filter(None, (paper.content.meeting_date, paper.content.dated)):
        text = text.replace(format_long_date(day, paper.content.language), format_date(day))
        text = text.replace(f"den {format_date(day)}", format_date(day))
    printed = words_of(exported.data)
    position = 0
    for line in text.splitlines():
        if not line.strip():
            continue
        words = plain(line)
        found = printed.find(words, position)
        if found < 0:  # a list may have been counted on by Word itself, or a sentence begin with its number
            words = " ".join(line.split())
            found = printed.find(words, position)
        assert found >= 0, f"{line!r} is not after {printed[max(0, position - 80) : position]!r}"
        position = found + len(words)
    assert_under_their_headings(paper, exported.data)
    assert docx.Document(io.BytesIO(exported.data)).core_properties.title


def test_an_export_is_told_and_named_by_number_and_title(database: Database, tmp_path: Path) -> None:
    paper = read_case_presentation(INVENTED.read_text(encoding="utf-8"))
    with database.writing() as db:
        forum = make_forum(db, name=paper.forum_name)
        treatment = import_presentation(db, SYSTEM, forum, paper)
        share(db, SYSTEM, treatment.id)
        member = actor_with(forum, Role.MEMBER)
        exported = export_docx(db, member, FileStore(tmp_path), treatment.id)
        exported.note_taken(db, member)
        [told] = db.scalars(select(AuditEvent).where(AuditEvent.action == "case.exported"))
    assert exported.name == "Sak 7-22 Felles kalender for innbyggertjenester - Valg av driftsmodell.docx"
    assert exported.media_type.endswith("wordprocessingml.document")
    assert (told.actor_name, told.case_id) == (member.name, treatment.case_id)
    assert told.changes["format"] == [None, "docx"]


def test_a_draft_without_a_number_is_named_by_its_title(database: Database) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum, "Inn/ut: " + "lange ord " * 20)
        name = file_name_of(paper_facts(db, SYSTEM, treatment.id), "docx")
    assert name.startswith("Inn-ut_ lange ord")
    assert name.endswith("ord.docx")
    assert len(name) < 100


def test_who_may_not_read_a_draft_does_not_export_it(database: Database, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
    for actor in (actor_with(forum, Role.MEMBER), outsider()):
        with pytest.raises(NotFound), database.writing() as db:
            export_docx(db, actor, store, treatment.id)


def test_the_secretariats_own_template_gives_the_look(database: Database, tmp_path: Path) -> None:
    own = docx.Document(io.BytesIO(shipped_template()))
    own.sections[0].header.paragraphs[0].text = "Tjenestekontorets eget hode"
    changed = io.BytesIO()
    own.save(changed)
    store = FileStore(tmp_path)
    with database.writing() as db:
        office = make_organisation(db, "Tjenestekontoret")
        forum = make_forum(db, secretariat_id=office.id, language=Language.NB)
        treatment = make_case(db, forum)
        before = export_docx(db, SYSTEM, store, treatment.id)
        upload = store_upload(db, SYSTEM, store, stream=changed, file_name="mal.docx", limit=10_000_000)
        set_template(
            db, SYSTEM, office.id, version=office.version, sha256=upload.blob.sha256, name=upload.file_name
        )
        after = export_docx(db, SYSTEM, store, treatment.id)
        store.path(upload.blob.sha256).unlink()
        gone = export_docx(db, SYSTEM, store, treatment.id)
    assert "Tjenestekontorets eget hode" in header_of(after.data)
    assert "Tjenestekontorets eget hode" not in header_of(before.data)
    assert header_of(gone.data) == header_of(before.data)
    assert docx.Document(io.BytesIO(after.data)).core_properties.author == "Tjenestekontoret"


def test_json_holds_the_same_content(database: Database) -> None:
    paper = read_case_presentation(INVENTED.read_text(encoding="utf-8"))
    with database.writing() as db:
        forum = make_forum(db, name=paper.forum_name)
        treatment = import_presentation(db, SYSTEM, forum, paper)
        exported = export_json(db, SYSTEM, treatment.id)
        assert from_json(exported) == content_of(db, SYSTEM, treatment.id)
        [told] = db.scalars(select(AuditEvent.changes).where(AuditEvent.action == "case.exported"))
    assert told["format"] == [None, "json"]


def header_of(data: bytes) -> str:
    section = docx.Document(io.BytesIO(data)).sections[0]
    headers = (section.header, section.first_page_header)
    return " ".join(paragraph.text for header in headers for paragraph in header.paragraphs)
