"""A content-addressed store of files in the data folder.

A file is written beside its place, synced, renamed to its SHA-256 and made read-only, before the row that names it is
committed. So a row never lacks its file, and a file is never half there.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20


class TooLarge(Exception):
    """The stream was longer than allowed. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where bytes lie: SHA-256 in hex, and their number."""

    sha256: str
    size: int


class FileStore:
    """Files by the hash of their content."""

    def __init__(self, root: Path) -> None:
        self._root = root / "files"
        self._temporary = root / "tmp"

    def put(self, chunks: Iterable[bytes], *, limit: int) -> StoredFile:
        """Store a stream and return its name. Storing the same bytes twice keeps one copy.

        :raise TooLarge: after ``limit`` bytes, with nothing kept.
        """
        self._temporary.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        size = 0
        handle, name = tempfile.mkstemp(dir=self._temporary)
        try:
            with os.fdopen(handle, "wb") as target:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            stored = StoredFile(digest.hexdigest(), size)
            place = self.path(stored.sha256)
            place.parent.mkdir(parents=True, exist_ok=True)
            Path(name).chmod(0o440)
            Path(name).replace(place)
            _sync_folder(place.parent)
            return stored
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()

    @contextlib.contextmanager
    def staged(self, chunks: Iterable[bytes], *, limit: int) -> Iterator[tuple[Path, Path]]:
        """A stream as a file that can be looked into before it is stored, and the name of another beside it.

        Both are gone when the block ends.

        :raise TooLarge: after ``limit`` bytes.
        """
        self._temporary.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._temporary) as folder:
            source = Path(folder) / "source"
            size = 0
            with source.open("wb") as target:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge
                    target.write(chunk)
            yield source, Path(folder) / "copy"

    def is_writable(self) -> bool:
        """Whether files can be stored now."""
        try:
            self._temporary.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self._temporary, os.W_OK)

    def path(self, sha256: str) -> Path:
        """Where a stored file lies. The name is a hash of ours, never a client's text.

        :raise ValueError: when it is not 64 lower-case hex digits.
        """
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not the name of a stored file")
        return self._root / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        """The whole file. For small ones only, such as Word templates."""
        return self.path(sha256).read_bytes()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
