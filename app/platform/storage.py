"""A content-addressed store of files in the data folder.

A file is written beside its place, synced, renamed to its SHA-256 and made read-only, before the row that names it is
committed. So a row never lacks its file, and a file is never half there.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20
_SETTLING_SECONDS = 60  # until a file that nobody holds is known to be nobody's


class Busy(Exception):
    """Somebody else is copying or sweeping the store."""


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
        temporary = self.temporary()
        digest = hashlib.sha256()
        size = 0
        handle, name = tempfile.mkstemp(dir=temporary)
        try:
            with os.fdopen(handle, "wb") as target:
                # Held as long as the file is written: a file that nobody holds was left by a process that died.
                fcntl.flock(target, fcntl.LOCK_EX)
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
            sync_folder(place.parent)
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
            return os.access(self.temporary(), os.W_OK)
        except OSError:
            return False

    def free_bytes(self) -> int:
        """How much more the disk of the data folder takes from us."""
        return shutil.disk_usage(self.temporary()).free

    def temporary(self) -> Path:
        """The folder for what is on its way in, on the same disk as the files. Swept of what dead processes leave."""
        self._temporary.mkdir(parents=True, exist_ok=True)
        return self._temporary

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

    def names(self) -> Iterator[str]:
        """The SHA-256 of every file that is there, whether or not a row names it."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(each.name for each in folder.iterdir() if len(each.name) == 64)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """While the block lasts nobody else copies or sweeps the store; storing and reading go on.

        :raise Busy: when somebody does already.
        """
        with (self.temporary().parent / "store.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            yield

    def sweep_temporary(self, *, older_than: float) -> int:
        """Remove temporary files that no process writes any more, and what is so many seconds old. Says how many."""
        swept = 0
        now = time.time()
        for path in self.temporary().iterdir():
            with contextlib.suppress(FileNotFoundError):  # its process has just finished with it
                age = now - path.stat().st_mtime
                if path.is_dir():
                    if age > older_than:
                        shutil.rmtree(path, ignore_errors=True)
                        swept += 1
                elif age > older_than or (age > _SETTLING_SECONDS and _is_abandoned(path)):
                    path.unlink()
                    swept += 1
        return swept

    def age_seconds(self, sha256: str) -> float:
        """How long ago these bytes were stored last."""
        return time.time() - self.path(sha256).stat().st_mtime

    def discard(self, sha256: str, *, older_than: float) -> bool:
        """Remove a file, unless it has been stored again within so many seconds. Says whether it was removed.

        The file is moved aside before it is looked at: from then on whoever stores the same bytes makes a new one, and
        one that came between looking and removing cannot be hit.
        """
        place = self.path(sha256)
        aside = self.temporary() / f"discarded-{sha256}"
        place.replace(aside)
        if time.time() - aside.stat().st_mtime <= older_than:
            with contextlib.suppress(FileExistsError):
                os.link(aside, place)
            aside.unlink()
            return False
        aside.unlink()
        return True


def _is_abandoned(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def sync_folder(folder: Path) -> None:
    """Make what was created, renamed or removed in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
