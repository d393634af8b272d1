"""A Word template, read once and kept ready: per paper only a few parts are written.

python-docx opens and checks the file. From then on a paper is text put between the beginning and the end of each part
that changes, added to a copy of the packed rest; that is why a paper of three pages takes about a millisecond.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from app.documents.docx.numbering import ListLevel
from app.documents.docx.opening import document_frame, drop_second_styles, open_document, set_language
from app.documents.docx.parts import (
    VALUE_TYPES,
    Frame,
    custom_properties_part,
    declared,
    footnotes_part,
    growing,
    highest,
    list_levels,
    member,
    numbering_root,
    serialised,
)
from app.documents.docx.placeholders import split_at_places
from app.documents.docx.properties import OWN_PROPERTIES
from app.documents.docx.styles import add_missing_styles, find_styles
from app.documents.docx.xml import R, W, w
from app.kernel.language import Language

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_CONTROLS_A_PAPER: Final = 100_000
_TEXT_WIDTH: Final = 9070  # twips: A4 with margins of 2.5 cm


@dataclass(frozen=True, slots=True)
class Template:
    """What the builder must know of a template in one language, shared by all its papers."""

    digest: str  # SHA-256 of the file, hexadecimal
    language: Language
    package: bytes  # a ZIP with the parts that are the same in every paper
    document: Frame
    relations: Frame
    numbering: Frame
    footnotes: Frame
    footnote_relations: Frame
    custom_properties: Frame
    core_properties: str  # the name of the part, which is written anew
    margins: tuple[tuple[str, tuple[str, ...]], ...]  # headers and footers: text, field, text, field, … text
    styles: Mapping[str, str]  # style name → id
    bullets: tuple[ListLevel, ...]
    numbers: tuple[ListLevel, ...]
    text_width: int  # twips
    first_relation: int
    first_footnote_relation: int
    first_footnote: int
    first_number: int
    first_control: int
    first_bookmark: int
    first_property: int

    @staticmethod
    def open(data: bytes, language: Language) -> "Template":
        """The template in the language of a paper; kept in memory, so that opening it again costs next to nothing.

        Styles are found by name. Those that are missing are added from the shipped template.

        :raise TemplateRefused: with the reasons of the guard, or ``template-is-paper``.
        """
        return _open(data, language)

    def pack(self, changed: Sequence[tuple[str, str]]) -> bytes:
        """The whole file: the same bytes for the same parts."""
        target = io.BytesIO(self.package)
        with zipfile.ZipFile(target, "a") as package:
            for name, content in changed:
                package.writestr(_member(name), content.encode())
        return target.getvalue()


@lru_cache(maxsize=16)
def _open(data: bytes, language: Language) -> Template:
    document = open_document(data)
    package: Any = document.part.package
    drop_second_styles(document)
    set_language(document, language.tag)
    found = find_styles(document.styles.element)
    add_missing_styles(document.styles.element, found)
    bullets, numbers = list_levels(document, found)
    numbering = numbering_root(document)
    notes, custom = footnotes_part(document), custom_properties_part(document)
    core = package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    properties = parse_xml(custom.blob)
    for each in list(properties):
        if each.get("name") in OWN_PROPERTIES:
            properties.remove(each)
    roots = [part.element for part in package.iter_parts() if hasattr(part, "element")]
    body = document.element
    pieces: dict[str, Any] = {
        "first_relation": _next_relation(document.part.rels),
        "first_footnote_relation": _next_relation(notes.rels),
        "first_footnote": 1 + highest(parse_xml(notes.blob), w("id")),
        "first_number": 1 + highest(numbering.iterfind(w("num")), w("numId")),
        "first_control": _free_controls(roots),
        "first_bookmark": 1 + highest(body.iter(w("bookmarkStart")), w("id")),
        "first_property": max(1 + highest(properties, "pid"), 2),
        "text_width": _text_width(document),
        "margins": split_at_places(document, language),
        "document": document_frame(document),
        "relations": growing(_relations_of(document.part), document.part.rels.xml.decode()),
        "numbering": growing(
            member(document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)), serialised(numbering)
        ),
        "footnotes": growing(
            member(notes), declared(declared(serialised(parse_xml(notes.blob)), "w", W), "r", R)
        ),
        "footnote_relations": growing(_relations_of(notes), notes.rels.xml.decode()),
        "custom_properties": growing(member(custom), declared(serialised(properties), "vt", VALUE_TYPES)),
        "core_properties": member(core),
    }
    frames = [each for each in pieces.values() if isinstance(each, Frame)]
    changing = {frame.name for frame in frames} | {member(core)} | {name for name, _ in pieces["margins"]}
    return Template(
        digest=hashlib.sha256(data).hexdigest(),
        language=language,
        package=_packed(document, changing),
        styles={name: str(style.get(w("styleId"))) for name, style in found.items()},
        bullets=bullets,
        numbers=numbers,
        **pieces,
    )


def _packed(document: Document, changing: set[str]) -> bytes:
    """Everything but the changing parts, deflated once for all papers."""
    saved, target = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(target, "w") as package:
        for each in source.infolist():
            if each.filename not in changing:
                package.writestr(_member(each.filename), source.read(each))
    return target.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    """A member without a date or an operating system of its own."""
    member_info = zipfile.ZipInfo(name, _NO_DATE)
    member_info.compress_type = zipfile.ZIP_DEFLATED
    member_info.create_system = 3
    return member_info


def _relations_of(part: Any) -> str:
    return str(part.partname.rels_uri).lstrip("/")


def _next_relation(relations: Mapping[str, Any]) -> int:
    taken = [int(found[1]) for key in relations if (found := re.fullmatch(r"rId(\d{1,9})", key))]
    return max(taken, default=0) + 1


def _free_controls(roots: Sequence[Any]) -> int:
    """The beginning of a stretch of control numbers that the template does not use."""
    taken = {
        int(value)
        for root in roots
        for each in root.iter(w("sdt"))
        if (number := each.find(f"{w('sdtPr')}/{w('id')}")) is not None
        and re.fullmatch(r"\d{1,10}", value := str(number.get(w("val"))))
    }
    start = _CONTROLS_A_PAPER
    while any(start <= value < start + _CONTROLS_A_PAPER for value in taken):
        start += _CONTROLS_A_PAPER
    return start


def _text_width(document: Document) -> int:
    section = document.sections[-1] if len(document.sections) else None
    if section is None or not section.page_width:
        return _TEXT_WIDTH
    width = section.page_width - (section.left_margin or 0) - (section.right_margin or 0)
    return max(int(width) // 635, 2000)  # 635 English Metric Units a twip
