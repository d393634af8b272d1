"""Checkpoints: one signed line with the place and hash of the last entry, to be kept where this machine cannot reach.

The signature tells a line of ours from one that somebody made up. It does not make the record safe by itself: the key
lies on this machine. What catches a record that was cut off or made anew is that the line lies elsewhere.
"""

import base64
import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.audit.verify import Held

if TYPE_CHECKING:  # only the commands that sign need the library, which takes its time to load
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_FILE: Final = "checkpoint.key"
_FORMAT: Final = "samstyr-checkpoint-1"


class NoCheckpoint(ValueError):
    """A line is no checkpoint of this installation. The message says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key of the installation."""

    key: "Ed25519PrivateKey"

    @property
    def public_text(self) -> str:
        """The public key as one word, to be kept with the checkpoints."""
        return _public_text(self.key.public_key())

    def sign(self, seq: int, entry_hash: str, at: datetime) -> str:
        """The line to keep."""
        body = f"{_FORMAT} {seq} {entry_hash} {at:%Y-%m-%dT%H:%M:%SZ} {_short(self.public_text)}"
        return f"{body} {base64.b64encode(self.key.sign(body.encode())).decode()}"


def open_signer(data_dir: Path) -> Signer:
    """The key in the data folder, readable by its owner only. It is made at first use.

    :raise NoCheckpoint: when the file is there but holds no key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = data_dir / KEY_FILE
    if not path.exists():
        _make_key(path, Ed25519PrivateKey.generate().private_bytes_raw())
    try:
        stored = base64.b64decode(path.read_bytes().strip(), validate=True)
        return Signer(Ed25519PrivateKey.from_private_bytes(stored))
    except ValueError:  # binascii.Error is one too
        raise NoCheckpoint(f"{path} does not hold a key. Put back the one from your backup.") from None


def _make_key(path: Path, key: bytes) -> None:
    """Write the key beside its place and move it there whole, unless somebody else was first."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # made for its owner only
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(base64.b64encode(key) + b"\n")
            target.flush()
            os.fsync(target.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()


def read_checkpoints(text: str, public_text: str) -> list[Held]:
    """The checkpoints in a text, one a line; empty lines and those that begin with # are passed by.

    :raise NoCheckpoint: for a line that is none, was changed, or was signed with another key; or when there is no line.
    """
    public = _public_key(public_text)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    held = [_read(number, line, public) for number, line in lines if line and not line.startswith("#")]
    if not held:
        raise NoCheckpoint("There is no checkpoint in it.")
    return held


def _read(number: int, line: str, public: "Ed25519PublicKey") -> Held:
    from cryptography.exceptions import InvalidSignature

    words = line.split(" ")
    if len(words) != 6 or words[0] != _FORMAT or not words[1].isdecimal():
        raise NoCheckpoint(f"Line {number} is no checkpoint.")
    _format, seq, entry_hash, at, key, signature = words
    if key != _short(_public_text(public)):
        raise NoCheckpoint(f"Line {number} was signed with another key than this installation has.")
    try:
        public.verify(base64.b64decode(signature, validate=True), line.rpartition(" ")[0].encode())
    except (InvalidSignature, ValueError):
        raise NoCheckpoint(f"Line {number} was changed after it was signed.") from None
    return Held(int(seq), entry_hash, at)


def _public_key(text: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))
    except ValueError:
        raise NoCheckpoint("The public key is not one that samstyr checkpoint --public-key prints.") from None


def _public_text(key: "Ed25519PublicKey") -> str:
    return base64.b64encode(key.public_bytes_raw()).decode()


def _short(public_text: str) -> str:
    return hashlib.sha256(public_text.encode()).hexdigest()[:16]
