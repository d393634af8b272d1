"""Looking through what the public sees, or is about to see, for national identity numbers."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.queries.published import published_files, published_texts
from app.files.rules import extension_of
from app.files.texts import extract_texts
from app.kernel.errors import Reason, RuleBroken
from app.kernel.national_id import national_ids, without_national_ids
from app.platform.storage import FileStore

_TRY_AGAIN: Final = 60.0  # seconds
_UNREAD: Final[dict[tuple[Path, str], float]] = {}


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
        found = _looked_at(store.path(sha256), extension_of(file_name))
    except RuleBroken:  # what nobody can look through is not let out unseen
        yield Reason("national_id.file_unread", "", {"place": without_national_ids(place)})
        return
    for kind, name, number in found:
        yield _reason("national_id.file", place, number, {"kind": kind, "name": name})


def _looked_at(path: Path, extension: str) -> tuple[tuple[str, str, str], ...]:
    """``_numbers_at``; a file that could not be read is not tried again at once, inside the transaction that asks.

    Later it is: the machine may have been busy.
    """
    failed_at = _UNREAD.get((path, extension))
    if failed_at is not None and monotonic() - failed_at < _TRY_AGAIN:
        raise RuleBroken("file.unreadable")
    try:
        return _numbers_at(path, extension)
    except RuleBroken:
        now = monotonic()
        for key, at in list(_UNREAD.items()):
            if now - at >= _TRY_AGAIN:
                _UNREAD.pop(key, None)
        _UNREAD[path, extension] = now
        raise


@lru_cache(maxsize=4096)
def _numbers_at(path: Path, extension: str) -> tuple[tuple[str, str, str], ...]:
    """What is found in a stored file, which never changes: who looked through it before a transaction does not have to
    do it again inside."""
    return tuple(
        (text.kind, without_national_ids(text.name), number)
        for text in extract_texts(path, f"file.{extension}")
        for number in dict.fromkeys(national_ids(text.text))
    )


def _reasons(code: str, place: str, text: str) -> Iterator[Reason]:
    for number in dict.fromkeys(national_ids(text)):
        yield _reason(code, place, number)


def _reason(code: str, place: str, number: str, where: Mapping[str, str] | None = None) -> Reason:
    return Reason(code, "", {"place": without_national_ids(place), "number": number, **(where or {})})
