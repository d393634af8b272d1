"""The numbered list of attachments."""

import io
from pathlib import Path

import pytest

from app.access.roles import Role
from app.cases.queries.files import attachment_file
from app.cases.queries.show import AttachmentView, show_case
from app.cases.service.attachments import (
    add_attachment,
    edit_attachment,
    move_attachment,
    put_file,
    remove_attachment,
)
from app.cases.service.share import share
from app.files.service import Upload, store_upload
from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.db import Database
from app.platform.storage import FileStore
from tests.factories.cases import SYSTEM, make_case
from tests.factories.forums import actor_with, make_forum


def upload(db, store: FileStore, name: str, text: str) -> Upload:
    return store_upload(db, SYSTEM, store, stream=io.BytesIO(text.encode()), file_name=name, limit=10_000)


def attachments(database: Database, case_id) -> tuple[AttachmentView, ...]:
    with database.reading() as db:
        return show_case(db, SYSTEM, case_id).attachments


def test_lines_are_numbered_from_one_whatever_happens(database: Database) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        one, two, three = (add_attachment(db, SYSTEM, treatment.id, title=title) for title in ("A", "B", "C"))
        move_attachment(db, SYSTEM, three.id, direction="up")
        move_attachment(db, SYSTEM, one.id, direction="up")
        remove_attachment(db, SYSTEM, one.id)
    lines = attachments(database, treatment.case_id)
    assert [(line.number, line.title) for line in lines] == [(1, "C"), (2, "B")]
    assert two.id == lines[1].id


def test_a_title_may_stand_before_its_file_has_come(database: Database, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        attachment = add_attachment(db, SYSTEM, treatment.id, title="Bakgrunn fra Lillevik")
        with pytest.raises(NotFound):
            attachment_file(db, SYSTEM, attachment.id)
        sent = upload(db, store, "bakgrunn.txt", "Slik var det")
        put_file(db, SYSTEM, attachment.id, version=1, blob=sent.blob, file_name=sent.file_name)
    with pytest.raises(Conflict), database.writing() as db:
        put_file(db, SYSTEM, attachment.id, version=1, blob=sent.blob, file_name="annen.txt")
    [line] = attachments(database, treatment.case_id)
    assert (line.title, line.file_name, line.size) == ("Bakgrunn fra Lillevik", "bakgrunn.txt", 12)
    with database.reading() as db:
        found = attachment_file(db, SYSTEM, attachment.id)
    assert store.read(found.sha256) == b"Slik var det"
    assert (found.file_name, found.media_type) == ("bakgrunn.txt", "text/plain")


def test_a_file_without_a_title_lends_its_name(database: Database, tmp_path: Path) -> None:
    with database.writing() as db:
        treatment = make_case(db, make_forum(db))
        sent = upload(db, FileStore(tmp_path), "Tall for bemanning.csv", "a;b")
        attachment = add_attachment(
            db, SYSTEM, treatment.id, title="", blob=sent.blob, file_name=sent.file_name
        )
        assert attachment.title == "Tall for bemanning"
        edit_attachment(db, SYSTEM, attachment.id, version=1, title="Bemanning")
    assert attachments(database, treatment.case_id)[0].title == "Bemanning"
    with pytest.raises(RuleBroken, match=r"attachment\.no_title"), database.writing() as db:
        add_attachment(db, SYSTEM, treatment.id, title=" ")
    with pytest.raises(Conflict), database.writing() as db:
        edit_attachment(db, SYSTEM, attachment.id, version=1, title="For sent")


def test_who_may_not_read_the_case_gets_no_file(database: Database, tmp_path: Path) -> None:
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        sent = upload(db, FileStore(tmp_path), "a.txt", "hemmelig")
        attachment = add_attachment(
            db, SYSTEM, treatment.id, title="A", blob=sent.blob, file_name=sent.file_name
        )
    member = actor_with(forum, Role.MEMBER)
    with pytest.raises(NotFound), database.reading() as db:
        attachment_file(db, member, attachment.id)
    with database.writing() as db:
        share(db, SYSTEM, treatment.id)
        assert attachment_file(db, member, attachment.id).size == 8
    with pytest.raises(NotAllowed), database.writing() as db:
        remove_attachment(db, member, attachment.id)
