"""The installation's own key: signs what browsers carry for us, and seals secrets that must not lie open in the database.

It lies in the data folder, beside the database and not in it, so that a copy of the database alone gives nothing away.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

_BYTES = 32


class InstallationKeys:
    """Keys for different uses, all derived from one that is made when it is first needed. Opens nothing until then."""

    def __init__(self, root: Path) -> None:
        self._path = root / "keys" / "installation.key"
        self._main: bytes | None = None

    def sign(self, use: str, value: dict[str, Any]) -> str:
        """A text for a cookie or a form that only we can have written. Not secret: its reader can look into it."""
        from itsdangerous import URLSafeTimedSerializer

        return str(URLSafeTimedSerializer(self._derived(f"sign {use}"), salt=use).dumps(value))

    def signed(self, use: str, text: str, *, seconds: int) -> dict[str, Any] | None:
        """What ``sign`` was given, if the text is ours, for this use and not older than so many seconds."""
        from itsdangerous import BadData, URLSafeTimedSerializer

        try:
            value = URLSafeTimedSerializer(self._derived(f"sign {use}"), salt=use).loads(
                text, max_age=seconds
            )
        except BadData:
            return None
        return value if isinstance(value, dict) else None

    def seal(self, use: str, text: str) -> str:
        """Encrypt, so that it can be read by this installation only."""
        return str(self._fernet(use).encrypt(text.encode()).decode())

    def opened(self, use: str, sealed: str, *, seconds: int | None = None) -> str | None:
        """Decrypt; None for what was sealed under another key or for another use, was altered, or is too old."""
        from cryptography.fernet import InvalidToken

        try:
            return str(self._fernet(use).decrypt(sealed.encode("utf-8", "replace"), ttl=seconds).decode())
        except InvalidToken:
            return None

    def derived(self, use: str, text: str) -> bytes:
        """32 bytes that belong to the text and that nobody can work out without the key."""
        return hmac.new(
            self._derived(f"derive {use}"), text.encode("utf-8", "replace"), hashlib.sha256
        ).digest()

    def _fernet(self, use: str) -> Any:
        from cryptography.fernet import Fernet

        return Fernet(urlsafe_b64encode(self._derived(f"seal {use}")))

    def _derived(self, use: str) -> bytes:
        if self._main is None:
            self._main = _read_or_make(self._path)
        return hmac.new(self._main, use.encode(), hashlib.sha256).digest()


def _read_or_make(path: Path) -> bytes:
    """The key in the file. Of processes that make it at the same time one wins, and all get that one's key."""
    with contextlib.suppress(FileNotFoundError):
        return _checked(path.read_bytes(), path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(secrets.token_bytes(_BYTES))
            target.flush()
            os.fsync(target.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return _checked(path.read_bytes(), path)


def _checked(key: bytes, path: Path) -> bytes:
    if len(key) != _BYTES:
        # A shortened key would make every signature easy to forge, so nothing is signed with it.
        raise OSError(f"{path} is damaged. Put back the one from the backup")
    return key
