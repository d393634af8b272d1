"""Office files made by hand, honest and hostile, so that every byte of them is known."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from tests.factories.templates import png

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "application/vnd.openxmlformats-officedocument."
MAINS = {
    "docx": ("word/document.xml", f"{_OFFICE}wordprocessingml.document.main+xml"),
    "dotx": ("word/document.xml", f"{_OFFICE}wordprocessingml.template.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{_OFFICE}presentationml.presentation.main+xml"),
}
_ROOTS = {
    "docx": f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>%s</w:body></w:document>',
    "xlsx": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{R}">%s</workbook>',
    "pptx": f'<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{R}">%s</p:presentation>',
}
_ROOTS["dotx"] = _ROOTS["docx"]


def zipped(
    members: Mapping[str, bytes | str], *, streamed: bool = False, method=zipfile.ZIP_DEFLATED
) -> bytes:
    """A ZIP file. ``streamed`` writes sizes behind the data, as programs do that cannot go back."""
    target = _Stream() if streamed else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, method)
    return target.getvalue()


class _Stream(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_place):
        raise OSError

    def tell(self):
        raise OSError


def types(kind: str, **more: str) -> str:
    """The part of content types; ``more`` maps further part names (``__`` for ``/``) to their types."""
    main, content_type = MAINS[kind]
    overrides = {main: content_type} | {name.replace("__", "/"): value for name, value in more.items()}
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        + "".join(
            f'<Override PartName="/{name}" ContentType="{value}"/>' for name, value in overrides.items()
        )
        + "</Types>"
    )


def relations(*found: tuple[str, str, str, bool]) -> str:
    """A part of relationships: id, the last word of its type, target, whether outside."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELS}">'
        + "".join(
            f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"'
            + (' TargetMode="External"/>' if outside else "/>")
            for key, kind, target, outside in found
        )
        + "</Relationships>"
    )


def office(
    kind: str = "docx",
    inside: str = "",
    *,
    parts: Mapping[str, bytes | str] | None = None,
    links: tuple[tuple[str, str, str, bool], ...] = (),
    streamed: bool = False,
) -> bytes:
    """A small Office file; ``inside`` is the content of its main part, ``links`` what that part points to."""
    main, _type = MAINS[kind]
    folder, base = main.split("/")
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": types(kind),
        "_rels/.rels": relations(("rId1", "officeDocument", main, False)),
        main: _ROOTS[kind] % inside,
    }
    if links:
        members[f"{folder}/_rels/{base}.rels"] = relations(*links)
    return zipped(members | dict(parts or {}), streamed=streamed)


def paragraph(text: str = "Hei") -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def field(*code: str, result: str = "svar") -> str:
    """A complex field whose instruction is split over runs."""
    pieces = "".join(f"<w:r><w:instrText xml:space='preserve'>{piece}</w:instrText></w:r>" for piece in code)
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + pieces
        + f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


ODF_KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
_ODF_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def odf(
    kind: str = "odt", inside: str = "<text:p>Hei</text:p>", *, parts: Mapping[str, bytes | str] | None = None
) -> bytes:
    """A small OpenDocument file."""
    media_type = f"application/vnd.oasis.opendocument.{ODF_KINDS[kind]}"
    members: dict[str, bytes | str] = {
        "mimetype": media_type,
        "content.xml": f"<office:document-content {_ODF_NAMES}><office:body>{inside}</office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest {_ODF_NAMES}><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{media_type}"/></manifest:manifest>',
    }
    return zipped(
        members | dict(parts or {}), method=zipfile.ZIP_STORED if not parts else zipfile.ZIP_DEFLATED
    )


def odf_part(inside: str) -> str:
    """Another part of an OpenDocument file."""
    return f"<office:document-meta {_ODF_NAMES}>{inside}</office:document-meta>"


def png_head(width: int, height: int) -> bytes:
    """A picture that says how large it is, and holds next to nothing."""
    data = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(data))
        + b"IHDR"
        + data
        + struct.pack(">I", zlib.crc32(b"IHDR" + data))
        + png()[33:]
    )
