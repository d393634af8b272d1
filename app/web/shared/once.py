"""What is sent twice acts once: the key of a form, the fingerprint of its content, and the pages that speak of both."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from fastapi import Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from app.idempotency import service
from app.idempotency.rules import FIELD, Answer, KeyUsed, is_key
from app.web.shared.addresses import own_path
from app.web.shared.flash import flash_cookie
from app.web.shared.templating import page, say_there
from app.web.shared.visit import Visit
from app.writing.rules import REVISION_FIELD

_CHUNK = 1024 * 1024
_ANCHOR = re.compile(r"[a-z]+#([A-Za-z][A-Za-z0-9_-]*)")


class MalformedKey(Exception):
    """The field is there, and holds no key."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form with a key, as the unit of work asks for it."""

    form: FormData
    key: str
    command: str
    body_hash: str


def read_sent(visit: Visit, form: FormData | None) -> Sent | None:
    """The key of a form and the fingerprint of its content; None for a form without a key, as other programs send it.

    Reads files through, so it is called while no transaction is open.

    :raise MalformedKey: for several keys, or what cannot be one.
    """
    keys = form.getlist(FIELD) if form is not None else []
    if form is None or not keys:
        return None
    key = keys[0]
    if len(keys) > 1 or not isinstance(key, str) or not is_key(key):
        raise MalformedKey
    return Sent(form, key, f"{visit.request.method} {visit.request.scope['path']}", _fingerprint(form))


def once(visit: Visit, sent: Sent | None, act: Callable[[], Response]) -> Response:
    """Do the act under the key, inside the unit of work; or answer what was answered when it was done.

    Strangers have no keys: what they may do is held by the token in their link.
    """
    user_id = visit.actor_if_any.user_id if visit.actor_if_any else None
    if sent is None or user_id is None:
        return act()
    try:
        done = service.claim(visit.db, user_id, sent.key, command=sent.command, body_hash=sent.body_hash)
    except KeyUsed:
        return _other_content(visit, sent.form)
    if done is not None:
        return _again(visit, done)
    response = act()
    if response.status_code < 400:
        service.keep(visit.db, user_id, sent.key, _answer(visit, response))
    return response


def malformed_key(visit: Visit) -> Response:
    """The page for a key that is none: a browser does not send that from a form of ours."""
    return page(visit, "layout/problem.html", {"problem": "malformed", "messages": []}, status=422)


def _fingerprint(form: FormData) -> str:
    digest = hashlib.sha256()
    for part in _parts(form):
        digest.update(part)
    return digest.hexdigest()


def _parts(form: FormData) -> Iterator[bytes]:
    """Every field and file in order, each behind its length, so that no two forms read alike."""
    for name, value in form.multi_items():
        if name in {FIELD, REVISION_FIELD}:  # a draft may have been kept between the two times
            continue
        yield _measured(name)
        if isinstance(value, UploadFile):
            yield b"file" + _measured(value.filename or "")
            yield from _file_parts(value.file)
        else:
            yield b"text" + _measured(value)


def _measured(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return len(data).to_bytes(8, "big") + data


def _file_parts(file: BinaryIO) -> Iterator[bytes]:
    size = file.seek(0, 2)
    yield size.to_bytes(8, "big")
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk
    file.seek(0)


def _answer(visit: Visit, response: Response) -> Answer:
    said: SimpleCookie = SimpleCookie()
    for header in response.headers.getlist("set-cookie"):
        said.load(header)
    name = flash_cookie(visit.settings)
    flash = said[name].value if name in said else ""
    return Answer(response.status_code, response.headers.get("location", ""), flash)


def _again(visit: Visit, done: Answer) -> Response:
    if done.location:
        response: Response = RedirectResponse(done.location, status_code=done.status)
        # The address is kept as it was sent: quoted once already.
        response.headers["location"] = done.location
        say_there(visit, response, done.flash)
        return response
    if done.status == 204:
        return Response(status_code=204)
    return page(visit, "layout/sent_before.html", _page_values(visit, None))


def _other_content(visit: Visit, form: FormData) -> Response:
    return page(visit, "layout/sent_before.html", _page_values(visit, form), status=422)


def _page_values(visit: Visit, form: FormData | None) -> Mapping[str, Any]:
    """What was typed, so that it can be read and sent again under a new key. Files cannot be handed back."""
    items = [] if form is None else [item for item in form.multi_items() if item[0] != FIELD]
    fields = [(name, value) for name, value in items if isinstance(value, str)]
    target = _ANCHOR.fullmatch(visit.request.headers.get("hx-target", ""))
    return {
        "is_other": form is not None,
        "action": quote(visit.request.scope["path"], safe="/"),
        "texts": [(name, value) for name, value in fields if _is_prose(value)],
        "fields": [(name, value) for name, value in fields if not _is_prose(value)],
        "has_file": any(isinstance(value, UploadFile) and value.filename for _, value in items),
        "anchor": target[1] if target else "sent-before",
        "back": _came_from(visit),
    }


def _is_prose(value: str) -> bool:
    """Whether somebody wrote it, so that it is worth reading again: choices and numbers are single words."""
    return len(value.split()) > 1


def _came_from(visit: Visit) -> str:
    try:
        came = urlsplit(visit.request.headers.get("referer", ""))
    except ValueError:
        return ""
    return own_path(came.path + (f"?{came.query}" if came.query else "")) or ""
