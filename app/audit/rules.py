"""How entries of the record hang together: each holds a hash of itself and of the entry before it.

``hash = sha256("audit-v1", seq, prev, canonical JSON)``. What people can read (names, old and new values) is not in the
entry; the entry holds ``sha256(salt, text)`` of it. Without the salt nobody can try out what a text may have been, so
when salt and text are erased the entry says nothing of them, and the chain still holds.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

VERSION: Final = "audit-v1"
START: Final = "0" * 64
"""What the first entry follows."""

ERASED: Final = "audit.erased"
"""The act of erasing. Its own text names the entries that lost theirs, and can itself not be erased."""

CHAINED: Final = (
    "at",
    "action",
    "actor_user_id",
    "actor_digest",
    "subject_type",
    "subject_id",
    "forum_id",
    "case_id",
    "text_digest",
    "request_id",
)
"""The fields of an entry that its hash covers, apart from its place and the hash before it."""


def new_salt() -> str:
    """256 bits that nobody can guess."""
    return secrets.token_hex(32)


def canonical(value: Any) -> str:
    """The one way of writing JSON values: sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def actor_digest(salt: str, name: str) -> str:
    """What an entry holds of the name of who acted."""
    return _sha256(salt, canonical(name))


def text_digest(salt: str, name: str, changes: Mapping[str, Any]) -> str:
    """What an entry holds of the name of what was acted on, and of the old and new values."""
    return _sha256(salt, canonical({"changes": changes, "name": name}))


def entry_hash(seq: int, prev: str, fields: Mapping[str, Any]) -> str:
    """The hash of an entry. ``fields`` has at least those of ``CHAINED``."""
    plain = {name: _plain(fields[name]) for name in CHAINED}
    return _sha256(VERSION, str(seq), prev, canonical(plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    return value


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
