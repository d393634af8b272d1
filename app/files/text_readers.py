"""How the words are read out of each kind of file. Runs in a process that may neither grow nor go on for long."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from app.files.pdf_texts import Placed, pdf_texts
from app.files.rules import extension_of
from app.guard.limits import refusal

_ENDS_LINE: Final = frozenset(
    {"p", "h", "tr", "br", "line-break", "row", "si", "table-row", "pt", "property"}
)
_ENDS_CELL: Final = frozenset({"tab", "tc", "table-cell", "c", "v", "s"})
_SPOKEN: Final = frozenset({"descr", "title", "alt", "tooltip", "Target", "href"})
_WORD: Final = re.compile(r"(footnotes|endnotes|comments|header|footer)[^/]*\.xml$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(\d+)\.xml$")
_MARKUP: Final = (".xml", ".rels", ".vml", ".rdf")
_OFFICE: Final = frozenset({"docx", "dotx", "xlsx", "pptx"})
_PLAIN: Final = frozenset({"txt", "csv", "md"})
_ODF: Final = frozenset({"odt", "ods", "odp"})
_NO_ZERO: Final = 10  # digits of an identity number whose first is 0, in a cell of figures
PARSED: Final = _OFFICE | _ODF | {"pdf"}
"""Kinds that are read in a process of their own."""


def read_texts(path: str, extension: str) -> list[Placed]:
    """The kind of each place, its name, and its words.

    :raise RuleBroken: ``file.unreadable`` or ``file.broken``.
    """
    try:
        found = list(_read(Path(path), extension))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise refusal("file.broken") from error
    return [(kind, name, text.strip()) for kind, name, text in found if text.strip()]


def _read(source: Path | io.BytesIO, extension: str) -> Iterator[Placed]:
    if extension == "pdf":
        yield from pdf_texts(source, _read_inside)
    elif extension in _PLAIN:
        data = source.read_bytes() if isinstance(source, Path) else source.read()
        try:
            yield "text", "", data.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield "text", "", data.decode("cp1252", "replace")
    elif extension in _OFFICE | _ODF:
        with zipfile.ZipFile(source) as package:
            yield from _package(package, extension)


def _read_inside(source: io.BytesIO, name: str) -> Iterator[Placed]:
    """The words of a file that another one carries. The guard has not seen it, and what we cannot read stays unseen.

    :raise RuleBroken: ``file.unreadable``.
    """
    extension = extension_of(name)
    if extension not in _PLAIN | _OFFICE | _ODF | {"pdf", "xml"}:
        raise refusal("file.unreadable")
    yield from _read(source, "txt" if extension == "xml" else extension)


def _package(package: zipfile.ZipFile, extension: str) -> Iterator[Placed]:
    names = [name for name in package.namelist() if name.casefold().endswith(_MARKUP)]
    read = set()
    if extension == "xlsx":
        for name, sheet, words in _sheets(package):
            read.add(name)
            yield "sheet", sheet, words
    order = _slide_order(package) if extension == "pptx" else {}
    for name in names:
        if name in read or not package.getinfo(name).file_size:
            continue
        if extension in {"ods", "odp"} and name == "content.xml":
            yield from _odf_pages(package.read(name), extension)
            continue
        kind, place = _office_place(name, extension, order)
        yield kind, place, words_of(package.read(name), flows=kind not in {"properties", "part"})
    for name in package.namelist():
        if name.casefold().endswith(".xlsx"):  # the workbook behind a chart
            with zipfile.ZipFile(io.BytesIO(package.read(name))) as inner:
                for _name, sheet, words in _sheets(inner):
                    yield "sheet", sheet, words


def _office_place(name: str, extension: str, order: dict[str, str]) -> tuple[str, str]:
    folder, base = posixpath.split(name)
    if name.startswith("docProps/") or base == "meta.xml":
        return "properties", ""
    if base in {"document.xml", "content.xml"}:
        return "text", ""
    if extension in _ODF and base == "styles.xml":
        return "header", ""
    if name in order:
        return "slide", order[name]
    number = _NUMBER.search(base)
    if folder.endswith("notesSlides") and number:
        return "notes", number[1]
    margin = _WORD.search(base)
    if margin is not None:
        kind = margin[1].casefold()
        return {"header": "header", "footer": "header", "comments": "comments"}.get(kind, "footnotes"), ""
    if "comment" in name.casefold():
        return "comments", ""
    return "part", name


def words_of(content: bytes, *, flows: bool) -> str:
    """The words of an XML part: a line for each paragraph, a tab between cells, descriptions of pictures among them.

    Where the part does not flow as text does, each element is a line of its own, so that figures are not run together.
    """
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    return "".join(_words(root, flows=flows)) if root is not None else ""


def _words(root: Any, *, flows: bool = True) -> Iterator[str]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            for key, value in element.attrib.items():
                if key.rpartition("}")[2] in _SPOKEN and _is_told(element, key):
                    yield f"\n{value}\n"
            if element.text:
                yield element.text
            continue
        local = element.tag.rpartition("}")[2]
        if local in _ENDS_LINE or not flows:
            yield "\n"
        elif local in _ENDS_CELL:
            yield "\t"
        if element.tail and element is not root:
            yield element.tail


def _is_told(element: Any, key: str) -> bool:
    """Whether an attribute says something to people: the way to another part of the file does not."""
    return key != "Target" or element.get("TargetMode") == "External"


def _relations(package: zipfile.ZipFile, name: str) -> dict[str, str]:
    folder, base = posixpath.split(name)
    place = f"{folder}/_rels/{base}.rels"
    if place not in package.namelist():
        return {}
    # A target that begins with a slash is counted from the top of the package, as joining does too.
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip(
            "/"
        )
        for relation in _parsed(package.read(place))
    }


def _parsed(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _slide_order(package: zipfile.ZipFile) -> dict[str, str]:
    main = "ppt/presentation.xml"
    if main not in package.namelist():
        return {}
    relations = _relations(package, main)
    ids = [
        value
        for element in _parsed(package.read(main)).iter("{*}sldId")
        for key, value in element.attrib.items()
        if "/relationships" in key
    ]
    return {relations[each]: str(place) for place, each in enumerate(ids, 1) if each in relations}


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    """Part, name and words of each sheet, with the shared strings where they are used."""
    main = "xl/workbook.xml"
    names = set(package.namelist())
    if main not in names:
        return
    relations = _relations(package, main)
    shared: list[str] = []
    if "xl/sharedStrings.xml" in names:
        items = _parsed(package.read("xl/sharedStrings.xml")).iter("{*}si")
        shared = ["".join(text.text or "" for text in item.iter("{*}t")) for item in items]
    for sheet in _parsed(package.read(main)).iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if "/relationships" in name), "")
        part = relations.get(key, "")
        if part in names:
            yield part, sheet.get("name", ""), "".join(_cells(package, part, shared))


def _cells(package: zipfile.ZipFile, part: str, shared: list[str]) -> Iterator[str]:
    with package.open(part) as source:
        for _event, element in etree.iterparse(
            source, events=("end",), resolve_entities=False, no_network=True
        ):
            local = element.tag.rpartition("}")[2]
            if local == "c":
                value = "".join(text.text or "" for text in element.iter("{*}v", "{*}t"))
                is_shared = element.get("t") == "s" and value.isdigit() and int(value) < len(shared)
                yield (shared[int(value)] if is_shared else _as_shown(value)) + "\t"
                element.clear()
            elif local == "row":
                yield "\n"
                element.clear()
            elif local in {
                "oddHeader",
                "oddFooter",
                "evenHeader",
                "evenFooter",
                "firstHeader",
                "firstFooter",
            }:
                yield f"\n{element.text or ''}\n"


def _as_shown(value: str) -> str:
    """A number as a sheet may show it: without the point, and with the zero in front, that it is not stored with."""
    whole = value.removesuffix(".0")
    return f"{whole}\n0{whole}" if len(whole) == _NO_ZERO and whole.isdecimal() else whole


def _odf_pages(content: bytes, extension: str) -> Iterator[Placed]:
    tag, kind = ("{*}table", "sheet") if extension == "ods" else ("{*}page", "slide")
    root = _parsed(content)
    for number, element in enumerate(root.iter(tag), 1):
        name = next((value for key, value in element.attrib.items() if key.endswith("}name")), "")
        yield kind, name if kind == "sheet" else str(number), "".join(_words(element))
