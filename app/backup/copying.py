"""Copying files so that they are on the disk, and known to be what they were."""

import hashlib
import os
from pathlib import Path

from app.platform.storage import CHUNK


def copied(source: Path, target: Path) -> str:
    """Copy a file, sync the copy, and return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as original, target.open("xb") as copy:
        while chunk := original.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def synced(path: Path) -> None:
    """Make what others wrote into a file survive a loss of power."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
