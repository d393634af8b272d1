"""Receiving a file: guarded, scanned and put into the store, before any transaction begins.

All of this can take seconds. Nobody who writes has to wait for it, and nothing of it is lost when the command that
follows is refused: a stored file that no row names is swept.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.access.actor import Actor
from app.access.permissions import Permission
from app.files.rules import (
    MACRO_EXTENSIONS,
    MEDIA_TYPES,
    TEMPLATE_EXTENSIONS,
    ScanState,
    extension_of,
    safe_file_name,
)
from app.files.scanning import ScannerAway, scan
from app.guard.intake import guard
from app.kernel.errors import NotAllowed, Reason, RuleBroken
from app.platform.logs import log
from app.platform.storage import CHUNK, FileStore, TooLarge


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file in the store that no row names yet. ``removed`` names what the guard took out of it."""

    sha256: str
    size: int
    file_name: str
    scan_state: ScanState
    removed: tuple[str, ...] = ()


class Infected(RuleBroken):
    """A virus was found in a file on its way in. The same bytes may lie in the store from before."""

    def __init__(self, sha256: str, signature: str) -> None:
        super().__init__(Reason("file.infected", "file", {"signature": signature}))
        self.sha256 = sha256


def receive(
    actor: Actor,
    store: FileStore,
    *,
    stream: BinaryIO,
    file_name: str,
    limit: int,
    scanner: str = "",
    as_template: bool = False,
) -> Arrival:
    """Check a file of at most ``limit`` bytes and put it into the store; the same bytes are stored once.

    The stream must be one that can be rewound, as uploads and opened files can. While the scanner is away the file is
    received all the same, and waits.

    :raise NotAllowed: when the actor can attach files nowhere.
    :raise RuleBroken: ``file.empty``, ``file.too_large``, ``file.type_not_allowed``, ``file.infected`` or a code of the
        guard; nothing is stored then.
    """
    in_cases = (Permission.CASE_EDIT, Permission.CASE_EXEMPT)
    attaches = any(actor.forums_with(permission) != frozenset() for permission in in_cases)
    if not attaches and not actor.may(Permission.DIRECTORY_EDIT):
        raise NotAllowed(Permission.CASE_EDIT.value)
    name = safe_file_name(file_name)
    extension = extension_of(name)
    if extension in MACRO_EXTENSIONS:
        raise RuleBroken(Reason("file.macros", "file"))
    if extension not in (TEMPLATE_EXTENSIONS if as_template else MEDIA_TYPES):
        raise RuleBroken(Reason("file.type_not_allowed", "file", {"extension": extension}))
    size = stream.seek(0, 2)
    if size == 0:
        raise RuleBroken(Reason("file.empty", "file"))
    if size > limit:
        raise _too_large(limit)
    stream.seek(0)
    try:
        with store.staged(_chunks(stream), limit=limit) as (source, copy):
            verdict = guard(source, extension, copy, may_be_template=as_template)
            kept = copy if verdict.is_rewritten else source
            state = _scanned(kept, scanner)
            with kept.open("rb") as checked:
                stored = store.put(_chunks(checked), limit=limit + CHUNK)  # a cleaned copy may be longer
    except TooLarge:
        raise _too_large(limit) from None
    return Arrival(stored.sha256, stored.size, name, state, verdict.removed)


def _scanned(path: Path, scanner: str) -> ScanState:
    if not scanner:
        return ScanState.SKIPPED
    try:
        found = scan(scanner, path)
    except ScannerAway as away:
        log.warning("scanner_away", why=str(away))
        return ScanState.PENDING
    if found:
        log.warning("upload_infected", signature=found)
        with path.open("rb") as source:
            raise Infected(hashlib.file_digest(source, "sha256").hexdigest(), found)
    return ScanState.CLEAN


def _too_large(limit: int) -> RuleBroken:
    return RuleBroken(Reason("file.too_large", "file", {"megabytes": str(limit >> 20)}))


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
