"""Which kinds of file may come in, and under which names they are kept."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.kernel.text import clean_line

LONGEST_NAME: Final = 150


class ScanState(StrEnum):
    """What the virus scanner has said of a stored file."""

    PENDING = "pending"  # the scanner was away; the file waits and is given to nobody
    CLEAN = "clean"
    INFECTED = "infected"
    SKIPPED = "skipped"  # no scanner was set when the file came

    @property
    def may_go_out(self) -> bool:
        """Whether the file is given to anybody."""
        return self in {ScanState.CLEAN, ScanState.SKIPPED}


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "docx": f"{_OFFICE}.wordprocessingml.document",
        "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
        "pptx": f"{_OFFICE}.presentationml.presentation",
        "odt": f"{_ODF}.text",
        "ods": f"{_ODF}.spreadsheet",
        "odp": f"{_ODF}.presentation",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "webp": "image/webp",
        "txt": "text/plain",
        "csv": "text/csv",
        "md": "text/markdown",
    }
)
"""Every extension that may come in, with the media type under which it goes out. HTML and SVG run scripts: never here."""

TEMPLATE_EXTENSIONS: Final = frozenset({"docx", "dotx"})

MACRO_EXTENSIONS: Final = frozenset({"docm", "dotm", "xlsm", "xltm", "pptm", "potm", "ppsm", "xlsb"})


def extension_of(file_name: str) -> str:
    """The last extension in lower case, without its dot; empty when there is none."""
    _stem, dot, extension = file_name.rpartition(".")
    return extension.casefold() if dot else ""


def media_type_of(file_name: str) -> str:
    """The media type under which a stored file goes out; ``application/octet-stream`` for a name without a known one."""
    return MEDIA_TYPES.get(extension_of(file_name), "application/octet-stream")


def safe_file_name(name: str) -> str:
    """The name alone: no folders, no control characters, nothing that a file system refuses, at most 150 characters.

    The extension survives the shortening. Never used as a path: the store names files by their content.
    """
    base = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1])
    base = "".join(
        "_" if character in '<>:"|?*' else character for character in base if character.isprintable()
    )
    base = base.lstrip(".").strip()
    extension = extension_of(base)
    if not base or base == extension:
        return "file"
    if len(base) <= LONGEST_NAME:
        return base
    tail = f".{extension}" if 0 < len(extension) <= 10 else ""
    return base[: LONGEST_NAME - len(tail)].rstrip() + tail
