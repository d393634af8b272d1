"""Asking the application directly, in one event loop: quick, and exact to the byte."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self
from unittest import mock
from urllib.parse import quote, unquote, urlencode

import anyio.to_thread
from starlette.types import ASGIApp

Field = tuple[str, str]
Files = Mapping[str, tuple[str, bytes]]
BOUNDARY = "part-of-a-form"
OURS = (("sec-fetch-site", "same-origin"), ("accept-language", "en"), ("x-request-id", "0123456789abcdef"))
"""What a page of ours sends along. The number of the request is always the same, so that answers can be compared."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The header; several of one name are joined."""
        found = [value for key, value in self.headers if key == name]
        return ", ".join(found) if found else None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Caller:
    """Sends requests to an application. Nothing is followed, kept or repaired on the way."""

    def __init__(self, app: ASGIApp, *, cookie: str = "samstyr", scheme: str = "http") -> None:
        self._app = app
        self._cookie = cookie
        self._scheme = scheme
        self._runner = asyncio.Runner()
        # A thread of its own: the test's may have an event loop already, as that of a browser has.
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def ask(
        self,
        method: str,
        address: str,
        *,
        token: str = "",
        body: bytes = b"",
        headers: Iterable[tuple[str, str]] = (),
        usual: bool = True,
    ) -> Answer:
        """Send one request and wait for the whole answer.

        :param usual: whether the headers of our own pages go along.
        """
        sent = [*(OURS if usual else ()), *headers]
        if token:
            sent.append(("cookie", f"{self._cookie}={token}"))
        if body:
            sent.append(("content-length", str(len(body))))
        # A thread for each request would take most of the time, and there is only one request at a time.
        with mock.patch.object(anyio.to_thread, "run_sync", _here):
            return self._thread.submit(
                lambda: self._runner.run(self._ask(method, address, body, sent))
            ).result()

    def send(
        self, address: str, fields: Sequence[Field], *, token: str = "", files: Files | None = None
    ) -> Answer:
        """Send a form: as a browser does, in parts when it has files."""
        body, kind = encoded(fields, files)
        return self.ask("POST", address, token=token, body=body, headers=[("content-type", kind)])

    async def _ask(self, method: str, address: str, body: bytes, headers: list[tuple[str, str]]) -> Answer:
        path, _, query = address.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": self._scheme,
            "path": unquote(path),
            "raw_path": path.encode("latin-1", "replace"),
            "query_string": query.encode("latin-1", "replace"),
            "root_path": "",
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
                for name, value in [("host", "testserver"), *headers]
            ],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 443 if self._scheme == "https" else 80),
            "state": {},
        }
        waiting = [{"type": "http.request", "body": body, "more_body": False}]
        started: dict[str, Any] = {}
        pieces: list[bytes] = []

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await asyncio.sleep(3600)  # the browser stays until it has its answer
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            elif message["type"] == "http.response.body":
                pieces.append(message.get("body", b""))

        await self._app(scope, receive, send)
        names = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in started["headers"])
        return Answer(started["status"], names, b"".join(pieces))


def encoded(fields: Sequence[Field], files: Files | None = None) -> tuple[bytes, str]:
    """The body of a form and its content type."""
    if files is None:
        plain = urlencode(list(fields), errors="surrogatepass").encode()
        return plain, "application/x-www-form-urlencoded"
    pieces = []
    for name, value in fields:
        pieces.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_in_quotes(name)}"\r\n\r\n')
        pieces.append(value + "\r\n")
    parts = ["".join(pieces).encode("utf-8", "surrogatepass")]
    for name, (file_name, data) in files.items():
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="{_in_quotes(name)}"; filename="{_in_quotes(file_name)}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        parts += [head.encode("utf-8", "surrogatepass"), data, b"\r\n"]
    parts.append(f"--{BOUNDARY}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={BOUNDARY}"


def quoted(value: str) -> str:
    """A value as it stands in a path."""
    return quote(value, safe="/")


def _in_quotes(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


async def _here(call: Callable[..., Any], *values: Any, **_options: Any) -> Any:
    return call(*values)
