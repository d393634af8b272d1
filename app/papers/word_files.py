"""A finished paper that comes as a Word file: guarded first, then read, both in a process that may not grow."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.documents.docx.paper_lines import read_paper_lines
from app.documents.reading.word import WordPaper, word_paper
from app.guard.confined import confined
from app.guard.intake import guard
from app.kernel.errors import Reason, RuleBroken

_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of today's Office files, and of old or locked ones


def claims_to_be_word(name: str, beginning: bytes) -> bool:
    """Whether a file is to be read as a Word file or refused as one, by its name or by its first four bytes."""
    return name.casefold().endswith((".docx", ".docm", ".doc", ".dotx")) or beginning in _BEGINNINGS


def word_lines(path: Path) -> dict[str, Any]:
    """The lines of a Word file as JSON, which ``word_paper`` reads.

    :raise RuleBroken: with one of the guard's codes, or ``import.empty``.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.docx"
        verdict = guard(path, "docx", copy)
        found: dict[str, Any] = confined(read_paper_lines, str(copy if verdict.is_rewritten else path))
    if not found["lines"]:
        raise RuleBroken(Reason("import.empty", "file"))
    return found


def harmless_template(path: Path) -> tuple[bytes, tuple[str, ...]]:
    """A Word template as it would be kept, and what is taken out of it for that.

    :raise RuleBroken: with one of the guard's codes.
    """
    extension = path.suffix.casefold().removeprefix(".")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.docx"
        verdict = guard(path, extension if extension == "dotx" else "docx", copy, may_be_template=True)
        return (copy if verdict.is_rewritten else path).read_bytes(), verdict.removed


def read_word_file(path: Path) -> WordPaper:
    """The paper in a Word file.

    :raise RuleBroken: as ``word_lines`` does, or ``file.unreadable``.
    """
    try:
        return word_paper(word_lines(path))
    except ValueError as error:
        raise RuleBroken(Reason("file.unreadable", "file")) from error
