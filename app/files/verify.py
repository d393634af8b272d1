"""Whether every stored file that a row names lies in the store as it was stored."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.files.queries import stored_files
from app.platform.storage import FileStore


@dataclass(frozen=True, slots=True)
class FileFault:
    """A stored file that is not as it was. ``what`` is a phrase: ``is missing``."""

    sha256: str
    what: str


def file_faults(db: Session, store: FileStore) -> Iterator[FileFault]:
    """Read every file and compare it with its name, which is the hash of what it held when it was stored."""
    for sha256, size in stored_files(db):
        path = store.path(sha256)
        try:
            with path.open("rb") as source:
                found = hashlib.file_digest(source, "sha256").hexdigest()
        except FileNotFoundError:
            yield FileFault(sha256, "is missing")
            continue
        if found != sha256:
            yield FileFault(sha256, "holds other bytes than were stored")
        elif path.stat().st_size != size:
            yield FileFault(sha256, f"is not {size} bytes long")
