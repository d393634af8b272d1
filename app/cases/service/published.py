"""Looking through what the public sees, or is about to see, for national identity numbers."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.queries.published import published_files, published_texts
from app.files.texts import extract_texts
from app.kernel.errors import Reason, RuleBroken
from app.kernel.national_id import national_ids, without_national_ids
from app.platform.storage import FileStore


def numbers_in_texts(db: Session, treatment_id: UUID) -> tuple[Reason, ...]:
    """Where a title, a fact, a part or an attachment's name holds such a number; never the whole number."""
    return tuple(
        reason
        for each in published_texts(db, treatment_id)
        for reason in _reasons(f"national_id.{each.kind}", each.place, each.text)
    )


def numbers_in_files(db: Session, store: FileStore, treatment_id: UUID) -> tuple[Reason, ...]:
    """Where a file that goes with the paper holds such a number."""
    return tuple(
        reason
        for file in published_files(db, treatment_id)
        for reason in numbers_in_file(store, file.place, file.sha256, file.file_name)
    )


def numbers_in_file(store: FileStore, place: str, sha256: str, file_name: str) -> tuple[Reason, ...]:
    """Where one stored file holds such a number."""
    return tuple(_in_file(store, place, sha256, file_name))


def _in_file(store: FileStore, place: str, sha256: str, file_name: str) -> Iterator[Reason]:
    try:
        texts = extract_texts(store.path(sha256), file_name)
    except RuleBroken:  # what nobody can look through is not let out unseen
        yield Reason("national_id.file_unread", "", {"place": without_national_ids(place)})
        return
    for found in texts:
        where = {"kind": found.kind, "name": without_national_ids(found.name)}
        yield from _reasons("national_id.file", place, found.text, where)


def _reasons(code: str, place: str, text: str, where: Mapping[str, str] | None = None) -> Iterator[Reason]:
    for number in dict.fromkeys(national_ids(text)):
        yield Reason(code, "", {"place": without_national_ids(place), "number": number, **(where or {})})
