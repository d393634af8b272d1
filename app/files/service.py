"""Taking a file in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.files.inspection import inspect
from app.files.models import Blob
from app.files.rules import MACRO_EXTENSIONS, extension_of, family_of, media_type_of, safe_file_name
from app.kernel.errors import NotAllowed, Reason, RuleBroken
from app.platform.clock import utc_now
from app.platform.storage import CHUNK, FileStore, TooLarge


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file and the clean name that it came under."""

    blob: Blob
    file_name: str


def store_upload(
    db: Session, actor: Actor, store: FileStore, *, stream: BinaryIO, file_name: str, limit: int
) -> Upload:
    """Check a file of at most ``limit`` bytes and store it; the same bytes are stored once.

    The stream must be one that can be rewound, as uploads and opened files can. Storing is no act on any record, so the
    caller's command is what stands in the audit.

    :raise NotAllowed: when the actor can attach files nowhere.
    :raise RuleBroken: ``file.empty``, ``file.too_large``, ``file.type_not_allowed``, ``file.type_disagrees``,
        ``file.broken`` or ``file.macros``; nothing is stored then.
    """
    in_cases = (Permission.CASE_EDIT, Permission.CASE_EXEMPT)
    attaches = any(actor.forums_with(permission) != frozenset() for permission in in_cases)
    if not attaches and not actor.may(Permission.DIRECTORY_EDIT):
        raise NotAllowed(Permission.CASE_EDIT.value)
    name = safe_file_name(file_name)
    extension = extension_of(name)
    if extension in MACRO_EXTENSIONS:
        raise RuleBroken(Reason("file.macros", "file"))
    if family_of(extension) is None:
        raise RuleBroken(Reason("file.type_not_allowed", "file", {"extension": extension}))
    size = stream.seek(0, 2)
    if size == 0:
        raise RuleBroken(Reason("file.empty", "file"))
    if size > limit:
        raise _too_large(limit)
    inspect(stream, extension)
    stream.seek(0)
    try:
        stored = store.put(_chunks(stream), limit=limit)
    except TooLarge:
        raise _too_large(limit) from None
    return Upload(_blob(db, stored.sha256, stored.size, media_type_of(name)), name)


def _too_large(limit: int) -> RuleBroken:
    return RuleBroken(Reason("file.too_large", "file", {"megabytes": str(limit >> 20)}))


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _blob(db: Session, sha256: str, size: int, media_type: str) -> Blob:
    known = db.get(Blob, sha256)
    if known is not None:
        return known
    blob = Blob(sha256=sha256, size=size, media_type=media_type, created_at=utc_now())
    try:
        with db.begin_nested():
            db.add(blob)
    except IntegrityError:  # somebody stored the same bytes in the same moment
        known = db.get(Blob, sha256)
        if known is None:
            raise
        return known
    return blob
