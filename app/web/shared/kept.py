"""What somebody sent after their session was over: carried through the log-in in the page itself, and stored nowhere.

It may only go on to a command of our own register, and only when the person who has logged in sends it.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.routing import compile_path

from app.web.shared.route import Route

LONGEST: Final = 2_000_000  # characters; more is not carried, and the page says so
_MOST_FIELDS: Final = 500
_NEVER: Final = ("account:", "writing:")  # log-in itself, and what scripts send
_HIDDEN: Final = re.compile(r"[0-9a-f-]{36}|\d*", re.IGNORECASE)
_NOT_SHOWN: Final = frozenset(
    [
        "version",
        "idempotency_key",
        "began",
        "again",
        "key",
        "forum",
        "forum_id",
        "kind",
        "language",
        "direction",
        "make_meeting",
        "meeting_id",
    ]
)
_FIELDS: Final = TypeAdapter(list[tuple[str, str]])


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form on its way through the log-in. ``is_whole`` is false when it had files or more text than can be carried."""

    action: str
    fields: tuple[tuple[str, str], ...]
    has_files: bool = False
    is_too_long: bool = False

    @property
    def packed(self) -> str:
        """The fields as one hidden field of the log-in form."""
        return json.dumps(self.fields, ensure_ascii=False)

    @property
    def texts(self) -> list[str]:
        """What the person typed, without what the page itself put into the form."""
        return [
            value
            for name, value in self.fields
            if value.strip()
            and name not in _NOT_SHOWN
            and not _HIDDEN.fullmatch(value)
            and not name.startswith(("mine-", "was-", "place-"))
        ]


def kept_form(request: Request, register: Iterable[Route]) -> KeptForm | None:
    """The form of a command that nobody was signed in for; None when nothing was typed that could be lost.

    ``shared.forms`` leaves what came in at the request, while the request lasts.
    """
    form = getattr(request.state, "sent_form", None)
    action = command_path(str(request.scope["path"]), register) if request.method == "POST" else None
    if form is None or action is None:
        return None
    items: list[tuple[str, Any]] = form.multi_items()
    fields = tuple((name, value) for name, value in items if isinstance(value, str))
    has_files = any(not isinstance(value, str) and value.filename for _, value in items)
    if not any(value.strip() for _, value in fields) and not has_files:
        return None
    if not _may_be_carried(fields):
        return KeptForm(action, (), has_files, is_too_long=True)
    return KeptForm(action, fields, has_files)


def unpacked(action: str, packed: str, register: Iterable[Route]) -> KeptForm | None:
    """What the log-in form carried; None for what is no form of ours."""
    path = command_path(unquote(action), register)
    if path is None or len(packed) > 2 * LONGEST:
        return None
    try:
        fields = tuple(_FIELDS.validate_json(packed.encode("utf-8", "replace")))
    except ValidationError:
        return None
    return KeptForm(path, fields) if _may_be_carried(fields) else None


def command_path(path: str, register: Iterable[Route]) -> str | None:
    """The path as a form's action, when it is that of a command of ours; else None."""
    for route in register:
        if (
            route.method == "POST"
            and not route.name.startswith(_NEVER)
            and path.isprintable()
            and compile_path(route.path)[0].match(path)
        ):
            return quote(path)
    return None


def _may_be_carried(fields: tuple[tuple[str, str], ...]) -> bool:
    return len(fields) <= _MOST_FIELDS and sum(len(name) + len(value) for name, value in fields) <= LONGEST


def is_fragment(request: Request) -> bool:
    """Whether a script asks, which must be told in its answer instead of being led to another page."""
    return "hx-request" in request.headers or request.headers.get("sec-fetch-dest") == "empty"
