"""Reading a Word file back as paragraphs, content controls included (python-docx skips them)."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from docx.oxml import parse_xml

from app.documents.docx.opening import tag_of
from app.documents.docx.xml import w
from app.guard.examine import examined

_DOCUMENT: Final = "word/document.xml"
_STYLES: Final = "word/styles.xml"
_SIGNS: Final = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "\u2011"}


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph as it stands in the file."""

    text: str
    style_name: (
        str  # as Word stores it, such as "heading 1" in every language; "" when the paragraph names none
    )
    part_key: str  # the key of the part whose control it stands in; "" outside of them


def read_paragraph_texts(data: bytes) -> list[ReadParagraph]:
    """The paragraphs in the order of the file, those in tables and controls among them.

    Text that is marked as deleted is left out, text that is marked as inserted is taken.

    :raise RuleBroken: for a file that must not come in.
    """
    data = examined(data, "docx")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        styles = parse_xml(package.read(_STYLES)) if _STYLES in names else None
        body = parse_xml(package.read(_DOCUMENT)) if _DOCUMENT in names else None
    named = _style_names(styles) if styles is not None else {}
    return list(_paragraphs(body, named, "")) if body is not None else []


def _style_names(styles: Any) -> dict[str, str]:
    return {
        str(style.get(w("styleId"))): str(name.get(w("val")))
        for style in styles.iterfind(w("style"))
        if (name := style.find(w("name"))) is not None
    }


def _paragraphs(element: Any, named: dict[str, str], key: str) -> Iterator[ReadParagraph]:
    for child in element:
        if child.tag == w("p"):
            style = child.find(f"{w('pPr')}/{w('pStyle')}")
            style_id = str(style.get(w("val"))) if style is not None else ""
            yield ReadParagraph("".join(_words(child)), named.get(style_id, style_id), key)
        elif child.tag == w("sdt"):
            tag = tag_of(child)
            yield from _paragraphs(child, named, tag.removeprefix("sec:") if tag.startswith("sec:") else key)
        elif child.tag in {w("body"), w("sdtContent"), w("tbl"), w("tr"), w("tc"), w("ins")}:
            yield from _paragraphs(child, named, key)


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == w("t"):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in {w("del"), w("pPr"), w("rPr"), w("sdtPr")}:
            yield from _words(child)
