"""The parts of a template that a paper adds to: list formats, notes, properties, and the text around them."""

import re
from dataclasses import dataclass
from typing import Any, Final

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.parts.numbering import NumberingPart
from lxml import etree

from app.documents.docx.numbering import (
    LEVELS,
    STEP,
    Kind,
    ListLevel,
    abstract_number,
    level_of_style,
    number_instance,
)
from app.documents.docx.xml import W, w

CUSTOM_NAMESPACE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
VALUE_TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the package that grows: its name, and the text before and after what a paper adds."""

    name: str
    before: str
    after: str


def list_levels(
    document: Document, found: dict[str, Any]
) -> tuple[tuple[ListLevel, ...], tuple[ListLevel, ...]]:
    """How bullets and numbers are written on each level; list formats of our own are added where a style has none."""
    numbering = numbering_root(document)
    styles = document.styles.element
    bullets: list[ListLevel] = []
    numbers: list[ListLevel] = []
    own: dict[Kind, tuple[int, int]] = {}
    wanted: tuple[tuple[str, Kind, list[ListLevel]], ...] = (
        ("List Bullet", "bullet", bullets),
        ("List Number", "number", numbers),
    )
    for name, kind, target in wanted:
        for level in range(LEVELS):
            style = found[f"{name} {level + 1}" if level else name]
            style_id = str(style.get(w("styleId")))
            brought = level_of_style(style, styles, numbering)
            if brought is not None:
                target.append(ListLevel(style_id, brought[0], brought[1], 0, brought[2]))
                continue
            if kind not in own:
                own[kind] = _own_format(numbering, kind)
            abstract, number = own[kind]
            target.append(ListLevel(style_id, abstract, level, number, STEP * (level + 1)))
    return tuple(bullets), tuple(numbers)


def _own_format(numbering: Any, kind: Kind) -> tuple[int, int]:
    abstract = 1 + highest(numbering.iterfind(w("abstractNum")), w("abstractNumId"))
    number = 1 + highest(numbering.iterfind(w("num")), w("numId"))
    formats = numbering.findall(w("abstractNum"))
    added = parse_xml(abstract_number(abstract, kind))
    if formats:
        formats[-1].addnext(added)
    else:
        numbering.insert(0, added)
    numbering.append(parse_xml(number_instance(number, abstract)))
    return abstract, number


def highest(elements: Any, name: str) -> int:
    """The highest whole number that an attribute has, at least 0."""
    values = (str(each.get(name) or "") for each in elements)
    return max((int(value) for value in values if re.fullmatch(r"\d{1,9}", value)), default=0)


def numbering_root(document: Document) -> Any:
    """The root of the numbering part, which is made when the template has none."""
    try:
        part: Any = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        name = free_name(document, "/word/numbering.xml")
        root = f'<w:numbering xmlns:w="{W}"/>'.encode()
        part = NumberingPart.load(name, CONTENT_TYPE.WML_NUMBERING, root, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    for each in part.element.findall(w("numIdMacAtCleanup")):
        part.element.remove(each)
    return part.element


def footnotes_part(document: Document) -> Part:
    """The part of the notes, with the two separators that Word wants, made when the template has none."""
    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    except KeyError:
        rules = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
        )
        root = f'<w:footnotes xmlns:w="{W}">{rules}</w:footnotes>'
        name = free_name(document, "/word/footnotes.xml")
        part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, root.encode(), document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        return part


def custom_properties_part(document: Document) -> Part:
    """The part of the custom properties, made when the template has none."""
    package = document.part.package
    try:
        part: Part = package.part_related_by(RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    except KeyError:
        root = f'<Properties xmlns="{CUSTOM_NAMESPACE}" xmlns:vt="{VALUE_TYPES}"/>'
        part = Part(free_name(document, "/docProps/custom.xml"), _CUSTOM_TYPE, root.encode(), package)
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    return part


def free_name(document: Document, name: str) -> PackURI:
    """The name, or the same with a number when the package has it already."""
    taken = {str(part.partname) for part in document.part.package.iter_parts()}
    while name in taken:
        name = re.sub(r"(\d*)\.xml$", lambda found: f"{int(found[1] or 0) + 1}.xml", name)
    return PackURI(name)


def member(part: Any) -> str:
    """The name of a part in the ZIP."""
    return str(part.partname).lstrip("/")


def serialised(root: Any) -> str:
    """The XML of a part, with its declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True).decode()


def declared(xml: str, prefix: str, namespace: str) -> str:
    """The XML with the prefix declared on its root, where our own strings need it."""
    start = re.search(r"<[^?!][^>]*>", xml)
    if start is None or f'xmlns:{prefix}="{namespace}"' in start.group():
        return xml
    name = re.match(r"<[^\s/>]+", start.group())
    end = start.start() + (len(name.group()) if name else 0)
    return f'{xml[:end]} xmlns:{prefix}="{namespace}"{xml[end:]}'


def growing(name: str, xml: str) -> Frame:
    """A part to whose root elements are added at the end."""
    if xml.rstrip().endswith("/>"):
        opening = xml.rstrip()[:-2]
        root = re.findall(r"<([^\s?!/>]+)", opening)[-1]
        return Frame(name, opening + ">", f"</{root}>")
    end = xml.rindex("</")
    return Frame(name, xml[:end], xml[end:])
