"""The words of a PDF: on its pages and beside them, and in the files that it carries."""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.guard.limits import refusal

Placed = tuple[str, str, str]
ReadInside = Callable[[io.BytesIO, str], Iterator[Placed]]
"""Reads a file of this name that lies in memory."""

_MOST_BOOKMARKS: Final = 20_000  # they may lead in a circle


def pdf_texts(source: Path | io.BytesIO, read_inside: ReadInside) -> Iterator[Placed]:
    """The kind of each place, its name, and its words.

    :raise RuleBroken: ``file.unreadable``.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusal("file.unreadable")
        told: Mapping[str, Any] = reader.metadata or {}
        yield "properties", "", "\n".join(str(value) for value in told.values())
        yield "properties", "", _described(reader)
        yield "text", "", "\n".join(_bookmarks(reader))
        filled_in = (reader.get_fields() or {}).values()  # stands in no page's own text
        yield "text", "", "\n".join(str(field.get("/V", "")) for field in filled_in)
        for number, page in enumerate(reader.pages, 1):
            yield "page", str(number), page.extract_text()
            notes = [note.get_object() for note in page.get("/Annots", ()) or ()]
            yield "comments", "", "\n".join(str(note.get("/Contents", "")) for note in notes)
            yield "page", str(number), "\n".join(_address(note) for note in notes)
            for note in notes:
                if "/FS" in note:
                    yield from _carried(*_file_in(note["/FS"]), read_inside)
        for name, versions in reader.attachments.items():
            for data in versions if isinstance(versions, list) else [versions]:
                yield from _carried(name, data, read_inside)
    except (PyPdfError, RecursionError, TypeError, AttributeError, AssertionError, IndexError) as error:
        raise refusal("file.unreadable") from error


def _described(reader: Any) -> str:
    """What the file says of itself in XML."""
    stored = reader.trailer["/Root"].get("/Metadata")
    return stored.get_object().get_data().decode("utf-8", "replace") if stored is not None else ""


def _bookmarks(reader: Any) -> Iterator[str]:
    """The titles alone: where a bookmark leads may be broken in a file that is good to read."""
    waiting, seen = [reader.trailer["/Root"].get("/Outlines")], 0
    while waiting and seen < _MOST_BOOKMARKS:
        found = waiting.pop()
        if found is not None:
            bookmark, seen = found.get_object(), seen + 1
            yield str(bookmark.get("/Title", ""))
            waiting += [bookmark.get("/Next"), bookmark.get("/First")]


def _address(note: Any) -> str:
    action = note.get("/A")
    return str(action.get_object().get("/URI", "")) if action is not None else ""


def _file_in(described: Any) -> tuple[str, bytes]:
    entry = described.get_object()
    return str(entry.get("/UF", entry.get("/F", ""))), entry["/EF"]["/F"].get_object().get_data()


def _carried(name: str, data: bytes, read_inside: ReadInside) -> Iterator[Placed]:
    """A file that goes out with this one: its name and its words."""
    yield "part", name, name
    for _kind, _place, words in read_inside(io.BytesIO(data), name):
        yield "part", name, words
