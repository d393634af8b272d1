"""Clients that write without pause, and remember what they were told."""

import contextlib
import http.client
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

_FILE_BYTES = 300_000
_WRITES_PER_CASE = 12


@dataclass
class Write:
    """One command: what it was, whether it was answered as done, and how often it was sent."""

    kind: str  # case, part or attachment
    name: str  # stands in the database if the command was carried out
    acknowledged: bool = False
    sent: int = 0


@dataclass
class SavedPart:
    """The saves of one part: the number of the last one sent, and of the last one acknowledged."""

    part_id: UUID
    sent: int = 0
    acknowledged: int = 0


@dataclass
class Ledger:
    """What all clients did."""

    writes: list[Write] = field(default_factory=list)
    parts: list[SavedPart] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unanswered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        """The number of commands that were answered as done."""
        return sum(write.acknowledged for write in self.writes) + sum(
            part.acknowledged for part in self.parts
        )


class Client(threading.Thread):
    """A secretary at work: makes a case, saves a part of it and attaches files, then makes the next.

    A command without an answer is sent again with the same key, as a browser's user does with the back button.
    """

    def __init__(
        self, port: int, cookie: str, forum: str, ledger: Ledger, part_of: Callable[[UUID], tuple[UUID, int]]
    ) -> None:
        super().__init__(daemon=True)
        self._port, self._cookie, self._forum = port, cookie, forum
        self._ledger, self._part_of = ledger, part_of
        self._connection: http.client.HTTPConnection | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                with contextlib.suppress(_Stopped):
                    self._work_on_a_case()
        finally:
            self._forget_connection()

    def _work_on_a_case(self) -> None:
        title = f"Sak {uuid4()}"
        fields = {"forum": self._forum, "title": title, "kind": "inform", "language": "nb"}
        location = self._command("case", title, "/cases/new", urlencode(fields).encode(), _FORM)
        treatment = UUID(parse_qs(urlsplit(location).query)["treatment"][0])
        part_id, version = self._part_of(treatment)
        part = SavedPart(part_id)
        with self._ledger.lock:
            self._ledger.parts.append(part)
        for number in range(1, _WRITES_PER_CASE):
            if number % 3:
                part.sent = number
                fields = {
                    "version": str(version),
                    "heading": "Bakgrunn",
                    "body": f"Lagring {number} er gjort.",
                }
                address = f"/treatments/{treatment}/parts/{part_id}"
                self._send(address, urlencode(fields).encode(), _FORM, lambda: None)
                part.acknowledged = number
                version += 1
            else:
                name = f"Vedlegg {uuid4()}"
                self._command(
                    "attachment",
                    name,
                    f"/treatments/{treatment}/attachments",
                    *multipart(name, size=_FILE_BYTES),
                )

    def _command(self, kind: str, name: str, path: str, body: bytes, content_type: str) -> str:
        write = Write(kind, name)
        with self._ledger.lock:
            self._ledger.writes.append(write)

        def sent() -> None:
            write.sent += 1

        location = self._send(path, body, content_type, sent)
        write.acknowledged = True
        return location

    def _send(self, path: str, body: bytes, content_type: str, sent: Callable[[], None]) -> str:
        """Send until there is an answer; returns where it leads."""
        body, content_type = with_key(body, content_type, uuid4().hex)
        while not self.stopping.is_set():
            try:
                sent()
                status, location = self._request(path, body, content_type)
            except ConnectionRefusedError:  # nobody is there: it was not sent
                self._forget_connection()
                time.sleep(0.1)
                continue
            except (OSError, http.client.HTTPException):
                self._forget_connection()
                with self._ledger.lock:
                    self._ledger.unanswered += 1
                continue
            if status == 303 and not location.startswith("/login"):
                return location
            if status < 500:
                self._ledger.refused.append(f"{status} {path}")
                raise _Stopped
            time.sleep(0.05)
        raise _Stopped

    def _request(self, path: str, body: bytes, content_type: str) -> tuple[int, str]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {
            "Cookie": self._cookie,
            "Content-Type": content_type,
            "Sec-Fetch-Site": "same-origin",
        }
        self._connection.request("POST", path, body, headers)
        with self._connection.getresponse() as answer:  # killed in the middle of it, it must be closed too
            answer.read()
        return answer.status, answer.getheader("location", "")

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Stopped(Exception):
    """The client was told to stop, or refused: what it was at is left as it is."""


_FORM = "application/x-www-form-urlencoded"
_BOUNDARY = b"grense-3f9a2c"


def multipart(title: str, *, size: int) -> tuple[bytes, str]:
    """A form with a title and a file of random bytes, and its type; its end comes with the key."""
    content = b"%PDF-1.7\n" + os.urandom(size) + b"\n%%EOF\n"
    body = _field(b'name="title"', title.encode())
    body += _field(b'name="file"; filename="vedlegg.pdf"\r\nContent-Type: application/pdf', content)
    return body, f"multipart/form-data; boundary={_BOUNDARY.decode()}"


def with_key(body: bytes, content_type: str, key: str) -> tuple[bytes, str]:
    """A form with the hidden field that every form of ours has."""
    if content_type == _FORM:
        return body + b"&idempotency_key=" + key.encode(), content_type
    return _field(
        b'name="idempotency_key"', key.encode()
    ) + body + b"--" + _BOUNDARY + b"--\r\n", content_type


def _field(head: bytes, content: bytes) -> bytes:
    return (
        b"--" + _BOUNDARY + b"\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + content + b"\r\n"
    )
