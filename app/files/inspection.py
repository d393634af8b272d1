"""What a file is by its content, whatever its name says.

Only enough is read to know the kind and to refuse what is broken or carries macros; nothing is parsed.
"""

import re
import zipfile
from collections.abc import Mapping
from typing import BinaryIO, Final

import filetype

from app.files.rules import MEDIA_TYPES, Family, family_of
from app.kernel.errors import Reason, RuleBroken

_HEAD: Final = 8192  # bytes; filetype needs at most 262
_TAIL: Final = 2048
_MOST_ENTRIES: Final = 20_000
_MOST_INFLATED: Final = 2 << 30  # bytes; a packed bomb is refused by what its directory declares
_MAIN_PART: Final[Mapping[str, str]] = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml|!--)", re.IGNORECASE)
_CONTROL: Final = bytes(code for code in range(32) if code not in b"\t\n\r\f")


def inspect(stream: BinaryIO, extension: str) -> None:
    """Let pass a file whose content agrees with its extension. The stream is left anywhere.

    :raise RuleBroken: ``file.type_disagrees``, ``file.broken`` or ``file.macros``.
    """
    family = family_of(extension)
    stream.seek(0)
    head = stream.read(_HEAD)
    if family is Family.TEXT:
        _inspect_text(stream, head)
        return
    if _magic(head) != ("zip" if family in {Family.OOXML, Family.ODF} else MEDIA_TYPES[extension]):
        raise _refusal("file.type_disagrees")
    if family is Family.PDF:
        _inspect_pdf(stream)
    elif family in {Family.OOXML, Family.ODF}:
        _inspect_package(stream, extension, family)


def _magic(head: bytes) -> str:
    """The media type by the first bytes, with ``zip`` for every kind of zip; empty when unknown."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    kind = filetype.guess(head)
    return str(kind.mime) if kind is not None else ""


def _inspect_text(stream: BinaryIO, head: bytes) -> None:
    if _magic(head) or _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise _refusal("file.type_disagrees")
    chunk = head
    while chunk:
        if chunk.translate(None, _CONTROL) != chunk:
            raise _refusal("file.type_disagrees")
        chunk = stream.read(1 << 20)


def _inspect_pdf(stream: BinaryIO) -> None:
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    if b"%%EOF" not in stream.read():
        raise _refusal("file.broken")


def _inspect_package(stream: BinaryIO, extension: str, family: Family) -> None:
    try:
        with zipfile.ZipFile(stream) as package:
            _inspect_entries(package)
            if family is Family.OOXML:
                _inspect_ooxml(package, extension)
            else:
                _inspect_odf(package, extension)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise _refusal("file.broken") from error


def _inspect_entries(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = {entry.filename.casefold() for entry in entries}
    if (
        len(names) != len(entries)
        or len(entries) > _MOST_ENTRIES
        or sum(entry.file_size for entry in entries) > _MOST_INFLATED
        or any(entry.flag_bits & 0x1 for entry in entries)  # encrypted: nobody here could read it
    ):
        raise _refusal("file.broken")
    if any(name.rsplit("/", 1)[-1].startswith("vbaproject") for name in names):
        raise _refusal("file.macros")


def _inspect_ooxml(package: zipfile.ZipFile, extension: str) -> None:
    names = set(package.namelist())
    if "[Content_Types].xml" not in names:
        raise _refusal("file.type_disagrees")
    if b"macroenabled" in _first_bytes(package, "[Content_Types].xml").lower():
        raise _refusal("file.macros")
    if _MAIN_PART[extension] not in names:
        raise _refusal("file.type_disagrees")


def _inspect_odf(package: zipfile.ZipFile, extension: str) -> None:
    names = package.namelist()
    if "mimetype" not in names or "content.xml" not in names:
        raise _refusal("file.type_disagrees")
    if _first_bytes(package, "mimetype").strip() != MEDIA_TYPES[extension].encode():
        raise _refusal("file.type_disagrees")
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _refusal("file.macros")


def _first_bytes(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as entry:
        return entry.read(1 << 20)


def _refusal(code: str) -> RuleBroken:
    return RuleBroken(Reason(code, "file"))
