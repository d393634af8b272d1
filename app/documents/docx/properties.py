"""The properties of the file: what archives and Word's own list of files show, and what lets a paper find its case."""

from datetime import date
from typing import Final

from app.documents.case_presentation import CasePresentation
from app.documents.docx.parts import CUSTOM_NAMESPACE
from app.documents.docx.xml import attribute, clean

FORMAT: Final = 1
OWN_PROPERTIES: Final = ("SamstyrFormat", "SakId", "SakRev", "SamstyrTemplate")
_LONGEST: Final = 255  # characters; the limit of Word and of python-docx
_UNDATED: Final = date(2000, 1, 1)
_FORMAT_ID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def core_properties(content: CasePresentation) -> str:
    """Title, case number, author, kind and language. The dates are the paper's, so that the file is the same each time."""
    day = (content.dated or content.meeting_date or _UNDATED).isoformat()
    named = (
        ("dc:title", content.title),
        ("dc:subject", content.number),
        ("dc:creator", content.author),
        ("cp:category", content.kind_label),
        ("cp:lastModifiedBy", content.author),
        ("dc:language", content.language.tag),
    )
    words = "".join(f"<{name}>{attribute(value, _LONGEST)}</{name}>" for name, value in named if value)
    stamps = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return f"{_CORE}{words}{stamps}</cp:coreProperties>"


def custom_properties(content: CasePresentation, digest: str, first: int) -> str:
    """What upload-back goes by: the format of the file, the case, its revision, and the template it was built with."""
    values = (
        ("i4", str(FORMAT)),
        ("lpwstr", attribute(clean(content.case_id), _LONGEST)),
        ("i4", str(content.revision)),
        ("lpwstr", digest),
    )
    return "".join(
        f'<property xmlns="{CUSTOM_NAMESPACE}" fmtid="{_FORMAT_ID}" pid="{first + number}" name="{name}">'
        f"<vt:{kind}>{value}</vt:{kind}></property>"
        for number, (name, (kind, value)) in enumerate(zip(OWN_PROPERTIES, values, strict=True))
    )
