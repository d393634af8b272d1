"""One run over an XML part: no document type, no entities, not too deep, not too much. Nothing is kept in memory."""

import re
from collections.abc import Iterable
from typing import Any, Final
from xml.parsers import expat

from lxml import etree

from app.guard.limits import DEEPEST, MOST_ELEMENTS, MOST_MARKUP, MOST_PARAGRAPHS, refusal

_MARKS: Final = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
_XML_NAMES: Final = (".xml", ".rels", ".vml", ".svg", ".xhtml", ".html", ".rdf")
_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
_LOOSE: Final = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)


class Watcher:
    """What somebody wants to know of the elements of a part. Names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; names of attributes come without their namespace too."""

    def text(self, words: str) -> None:
        """Words inside the element that began last."""

    def end(self, name: str) -> None:
        """An element ends."""


class Counts:
    """What all parts of a package may hold together."""

    def __init__(self, most_elements: int = MOST_ELEMENTS) -> None:
        self.most_elements = most_elements
        self.elements = self.paragraphs = self.bytes = 0


def looks_like_markup(name: str, content_type: str, head: bytes) -> bool:
    """Whether any program could read the part as XML: by its name, by its declared type or by its first bytes."""
    return (
        name.casefold().endswith(_XML_NAMES)
        or content_type.casefold().endswith("xml")
        or head.lstrip(b" \t\r\n").startswith(_MARKS)
    )


def watch(pieces: Iterable[bytes], counts: Counts, watcher: Watcher, *, is_loose: bool = False) -> None:
    """Run over a part.

    :param is_loose: for drawings of old Excel, which are not always well formed; they are looked through as they are.
    :raise RuleBroken: ``file.dtd``, ``file.too_long``, ``file.broken``.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def refuse_type(*_declaration: Any) -> None:
        raise refusal("file.dtd")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() not in _ENCODINGS:
            raise refusal("file.broken")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        counts.elements += 1
        local = name.rpartition(" ")[2]
        if local == "p":
            counts.paragraphs += 1
        if depth > DEEPEST or counts.elements > counts.most_elements or counts.paragraphs > MOST_PARAGRAPHS:
            raise refusal("file.too_long")
        watcher.start(local, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        watcher.end(name.rpartition(" ")[2])

    parser.StartDoctypeDeclHandler = refuse_type
    parser.EntityDeclHandler = refuse_type
    parser.XmlDeclHandler = declared
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = watcher.text
    broken = False
    waiting: list[bytes] = []
    held = given = 0
    for piece in pieces:
        counts.bytes += len(piece)
        if counts.bytes > MOST_MARKUP:
            raise refusal("file.too_long")
        if is_loose and _LOOSE.search(piece):
            raise refusal("file.dtd")
        if broken:
            continue
        waiting.append(piece)
        held += len(piece)
        # The parser reads a tag that has not ended anew from its beginning each time. So it gets as much again as it could
        # not finish, or one endless tag would cost the square of its length.
        if held >= given - max(parser.CurrentByteIndex, 0):
            broken = _fed(parser, b"".join(waiting), is_loose=is_loose)
            given += held
            waiting, held = [], 0
    if waiting and not broken:
        broken = _fed(parser, b"".join(waiting), is_loose=is_loose)
    if not broken:
        _fed(parser, b"", is_loose=is_loose)


def _fed(parser: Any, piece: bytes, *, is_loose: bool) -> bool:
    try:
        parser.Parse(piece, not piece)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if not is_loose:
            raise refusal("file.broken") from error
        return True
    return False


def parsed(content: bytes) -> Any:
    """The part as a tree, for parts that ``watch`` has let pass.

    :raise RuleBroken: ``file.broken``.
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refusal("file.broken") from error
    document: Any = root.getroottree()
    if document.docinfo.doctype:
        raise refusal("file.dtd")
    return root


def written(root: Any) -> bytes:
    """The tree as a part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local(element: Any) -> str:
    """The name of an element without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def drop(element: Any) -> None:
    """Take an element out, and leave the words that follow it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: Any) -> None:
    """Take an element out, and leave what it holds in its place."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.text:
        if before is not None:
            before.tail = (before.tail or "") + element.text
        else:
            parent.text = (parent.text or "") + element.text
    for child in list(element):
        element.addprevious(child)
    drop(element)
