"""Asking a virus scanner: clamd's own protocol, over TCP or a socket of the machine."""

import socket
import struct
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.kernel.text import clean_line

_PATIENCE: Final = 30.0  # seconds for each step of the conversation
_CHUNK: Final = 1 << 16
_LONGEST_ANSWER: Final = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or answers that it cannot look. The file has to wait."""


def scan(address: str, path: Path) -> str:
    """The name of what was found in a file; empty when it is clean.

    :raise ScannerAway: when that cannot be said now.
    """
    try:
        with _connected(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            with path.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerAway(f"{type(error).__name__}: {error.strerror or error}") from error
    said = clean_line(answer.decode("utf-8", "replace").rstrip("\0")).removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway(said or "the scanner said nothing")


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=_PATIENCE)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_PATIENCE)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer
