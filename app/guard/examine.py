"""Whether a file may come in, and what it is without the things that it must not bring along."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from app.guard.archive import Archive, write_copy
from app.guard.limits import MOST_IN_TEMPLATE, MOST_INFLATED, refusal
from app.guard.odf import examine_odf
from app.guard.ooxml import Findings, examine_ooxml
from app.guard.pictures import HEAD, Pixels
from app.kernel.errors import RuleBroken

_OFFICE: Final = frozenset({"docx", "dotx", "xlsx", "pptx"})
_ODF: Final = frozenset({"odt", "ods", "odp"})
_TEXTS: Final = frozenset({"txt", "csv", "md"})
NOT_PARSED: Final = _TEXTS | {"pdf"}
"""Kinds of which only bytes are compared."""

_PICTURES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}
_BINARY: Final = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"MZ", b"\x7fELF")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAIL: Final = 2048  # bytes
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml|!--)", re.IGNORECASE)
_CONTROL: Final = bytes(code for code in range(32) if code not in b"\t\n\r\f")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of a file that may come in.

    ``removed`` names what was taken out: ``template``, ``field``, ``link``, ``linked``, ``workbook``, ``data``,
    ``action``, ``add_in``. ``is_rewritten`` tells that the copy is what may be kept, and not the file itself.
    """

    removed: tuple[str, ...] = ()
    is_rewritten: bool = False


def examine(
    source: BinaryIO, extension: str, copy: BinaryIO | None = None, *, may_be_template: bool = False
) -> Verdict:
    """Let pass a file whose content agrees with its extension and does no harm.

    Where something has to be taken out, the harmless file is written to ``copy``.

    :raise RuleBroken: ``file.empty``, ``file.type_disagrees``, ``file.broken``, ``file.disguised``, ``file.encrypted``, ``file.bomb``,
        ``file.too_long``, ``file.too_many_pixels``, ``file.dtd``, ``file.macros``, ``file.embedded``, ``file.fetches``
        or ``file.dde``.
    """
    source.seek(0)
    head = source.read(HEAD)
    if not head:
        raise refusal("file.empty")
    if extension in _TEXTS:
        _examine_text(source, head)
    elif extension in _PICTURES:
        if not head.startswith(_PICTURES[extension]) or (extension == "webp" and head[8:12] != b"WEBP"):
            raise refusal("file.type_disagrees")
        if not Pixels().add(head):
            raise refusal("file.broken")
    elif extension == "pdf":
        _examine_pdf(source, head)
    elif extension in _OFFICE | _ODF:
        return _examine_package(source, head, extension, copy, may_be_template=may_be_template)
    else:
        raise refusal("file.type_not_allowed")
    return Verdict()


def examined(data: bytes, extension: str, *, may_be_template: bool = False) -> bytes:
    """The harmless form of a file that lies in memory.

    :raise RuleBroken: as ``examine`` does.
    """
    copy = io.BytesIO()
    verdict = examine(io.BytesIO(data), extension, copy, may_be_template=may_be_template)
    return copy.getvalue() if verdict.is_rewritten else data


def _examine_package(
    source: BinaryIO, head: bytes, extension: str, copy: BinaryIO | None, *, may_be_template: bool
) -> Verdict:
    if head.startswith(_OLE):
        raise refusal(
            "file.encrypted"
        )  # how Office wraps a file with a password; its old formats are not let in
    archive = Archive(source, most=MOST_IN_TEMPLATE if may_be_template else MOST_INFLATED)
    try:
        found: Findings = (
            examine_odf(archive, extension)
            if extension in _ODF
            else examine_ooxml(archive, extension, may_be_template=may_be_template)
        )
    except (ValueError, EOFError, RecursionError) as error:
        if isinstance(error, RuleBroken):
            raise
        raise refusal("file.broken") from error
    if not found.changed:
        return Verdict()
    if copy is not None:
        write_copy(archive, dict(found.changed), copy)
    return Verdict(tuple(sorted(found.removed)), is_rewritten=True)


def _examine_text(source: BinaryIO, head: bytes) -> None:
    if head.startswith(_BINARY) or _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise refusal("file.type_disagrees")
    chunk = head
    while chunk:
        if chunk.translate(None, _CONTROL) != chunk:
            raise refusal("file.type_disagrees")
        chunk = source.read(HEAD)


def _examine_pdf(source: BinaryIO, head: bytes) -> None:
    if not head.startswith(b"%PDF-"):
        raise refusal("file.type_disagrees")
    size = source.seek(0, 2)
    source.seek(max(0, size - _TAIL))
    if b"%%EOF" not in source.read():
        raise refusal("file.broken")
