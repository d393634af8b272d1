"""A Word file as lines that the reader of papers understands. Runs in a process that may neither grow nor go on for long."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lxml import etree

from app.documents.docx.lists import Lists
from app.documents.docx.xml import R, w
from app.documents.richtext.blocks import Break, Footnote, Paragraph, Run, Text
from app.documents.richtext.codec import to_json
from app.documents.richtext.links import is_link
from app.guard.markup import local
from app.kernel.text import clean_line

_HEADING: Final = re.compile(r"heading ([1-9])", re.IGNORECASE)
_DEEPER: Final = re.compile(r"list (?:bullet|number) ([2-5])")
_OFF: Final = frozenset({"0", "false", "off", "none"})
_PASSED: Final = frozenset({"body", "sdtContent", "ins", "moveTo", "smartTag", "customXml"})
_SKIPPED: Final = frozenset({"del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "delText", "Fallback"})
_INNER: Final = frozenset({"proposal", "questions", "advice"})
_OWN_PROPERTY: Final = "SamstyrFormat"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a paragraph stands: the part whose control is around it, and what is said about the control inside that."""

    part: str = ""
    role: str = ""


@dataclass(slots=True)
class _Line:
    runs: list[Run]
    style: str = ""
    level: int = 0
    is_bold: bool = False
    marker: tuple[int, int | None] | None = None
    place: _Place = field(default_factory=_Place)
    fields: dict[str, str] = field(default_factory=dict)
    cells: list[list[Run]] | None = None
    table: int = 0


def read_paper_lines(path: str) -> dict[str, Any]:
    """The lines, whether the file is a paper of ours, and what was left out: ``tracked``, ``comments``, ``pictures``."""
    with zipfile.ZipFile(Path(path)) as package:
        return _Reading(package).answer()


class _Reading:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = set(package.namelist())
        self.main = self._main()
        folder, _, base = self.main.rpartition("/")
        self.folder = folder
        self.links = self._links(f"{folder}/_rels/{base}.rels")
        self.styles = {
            each.get(w("styleId")): each for each in self._root(f"{folder}/styles.xml").iterfind(w("style"))
        }
        numbering = f"{folder}/numbering.xml"
        self.lists = Lists(self._root(numbering) if numbering in self.names else None)
        self.left_out: set[str] = set()
        self.notes: dict[Any, tuple[Text, ...]] = {}
        self.notes = self._all_notes()
        self.tables = 0
        self.bookmarked = _Place()

    def answer(self) -> dict[str, Any]:
        body = self._root(self.main).find(w("body"))
        lines = list(self._lines(body, _Place())) if body is not None else []
        properties = {
            each.get("name"): "".join(each.itertext()) for each in self._root("docProps/custom.xml")
        }
        is_own = properties.get(_OWN_PROPERTY) == "1" and any(line.place.part for line in lines)
        language = next(
            (each.text or "" for each in self._root("docProps/core.xml") if local(each) == "language"), ""
        )
        return {
            "is_own": is_own,
            "case_id": properties.get("SakId") or "",
            "revision": properties.get("SakRev") or "",
            "language": language,
            "left_out": sorted(self.left_out),
            "lines": [each for line in lines for each in _as_json(line, is_own=is_own)],
        }

    def _main(self) -> str:
        for relation in self._root("_rels/.rels"):
            if relation.get("Type", "").endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
        return "word/document.xml"

    def _root(self, name: str) -> Any:
        if name not in self.names or not self.package.getinfo(name).file_size:
            return etree.Element("nothing")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self.package.read(name), parser)

    def _lines(self, element: Any, place: _Place) -> Iterator[_Line]:
        for child in element:
            match local(child):
                case "p":
                    yield from self._paragraph(child, place)
                case "sdt":
                    content = child.find(w("sdtContent"))
                    if content is not None:
                        yield from self._lines(content, _inside(child, place))
                case "tbl":
                    yield from self._table(child, place)
                case "del" | "moveFrom":
                    self.left_out.add("tracked")
                case name if name in _PASSED:
                    yield from self._lines(child, place)

    def _table(self, table: Any, place: _Place) -> Iterator[_Line]:
        rows = [
            [list(self._cell(cell, place)) for cell in row.iter(w("tc")) if _owner(cell, "tbl") is table]
            for row in table.iter(w("tr"))
            if _owner(row, "tbl") is table
        ]
        is_table = all(len(row) > 1 and all(len(cell) <= 1 for cell in row) for row in rows)
        is_plain = all(
            line.cells is None and line.marker is None for row in rows for cell in row for line in cell
        )
        if not (is_table and is_plain):
            for row in rows:
                for cell in row:
                    yield from cell
            return
        self.tables += 1
        number = self.tables
        for row in rows:
            cells = [cell[0].runs if cell else [] for cell in row]
            if any(cells):
                kept = next((cell[0].place for cell in row if cell), place)
                yield _Line([], cells=cells, table=number, place=kept)

    def _cell(self, cell: Any, place: _Place) -> Iterator[_Line]:
        return self._lines(cell, place)

    def _paragraph(self, paragraph: Any, place: _Place) -> Iterator[_Line]:
        line = _Line([], place=place)
        self._look(paragraph, line)
        boxes: list[Any] = []
        line.runs = list(self._runs(paragraph, Text(""), boxes, line))
        if not place.part:
            self._by_bookmark(paragraph, line)
        if _said(line.runs):
            self._count(paragraph, line)
            yield line
        for box in boxes:
            yield from self._lines(box, place)

    def _by_bookmark(self, paragraph: Any, line: _Line) -> None:
        """Where a program has dropped the controls, the bookmarks still say which part and which field it is."""
        for mark in paragraph.iter(w("bookmarkStart")):
            name = str(mark.get(w("name")) or "")
            if name.startswith("sec_"):
                self.bookmarked = _Place(name.removeprefix("sec_").replace("_", "-"))
            elif name.startswith("meta_"):
                self.bookmarked = _Place()
                line.fields.setdefault(name.removeprefix("meta_"), _between(mark))
        line.place = self.bookmarked

    def _look(self, paragraph: Any, line: _Line) -> None:
        for style in self._ancestry(_look_of(paragraph, "pPr", "pStyle")):
            name = style.find(w("name"))
            title = str(name.get(w("val")) or "").casefold() if name is not None else ""
            line.style = line.style or title
            heading = _HEADING.fullmatch(title)
            if heading is not None and not line.level:
                line.level = int(heading[1])
            line.is_bold = line.is_bold or _is_on(style.find(f"{w('rPr')}/{w('b')}"))

    def _count(self, paragraph: Any, line: _Line) -> None:
        style_id = _look_of(paragraph, "pPr", "pStyle")
        sources = [paragraph, *self._ancestry(style_id)]
        number = next(
            (found for each in sources if (found := each.find(f"{w('pPr')}/{w('numPr')}")) is not None), None
        )
        if number is None:
            return
        identity, level = number.find(w("numId")), number.find(w("ilvl"))
        if identity is None:
            return
        stated = str(level.get(w("val")) or "") if level is not None else ""
        marker = self.lists.marker(
            str(identity.get(w("val"))), int(stated) if stated.isdecimal() else None, style_id
        )
        deeper = _DEEPER.fullmatch(line.style)
        if marker is not None and not marker[0] and deeper is not None:
            marker = int(deeper[1]) - 1, marker[1]  # these styles are lists of one level each, further in
        line.marker = None if line.level else marker

    def _ancestry(self, style_id: str) -> list[Any]:
        chain: list[Any] = []
        while (style := self.styles.get(style_id)) is not None and style not in chain:
            chain.append(style)
            base = style.find(w("basedOn"))
            style_id = str(base.get(w("val")) or "") if base is not None else ""
        return chain

    def _runs(self, element: Any, look: Text, boxes: list[Any], line: _Line) -> Iterator[Run]:
        for child in element:
            name = local(child)
            match name:
                case "r":
                    yield from self._run(child, _looking(child, look), boxes, line)
                case "hyperlink":
                    target = self.links.get(child.get(f"{{{R}}}id"), "")
                    link = target if is_link(target) else look.link
                    yield from self._runs(child, replace(look, link=link), boxes, line)
                case "sdt":
                    before = len(line.fields)
                    tag = _tag(child)
                    if tag.startswith("meta:"):
                        line.fields[tag.removeprefix("meta:")] = clean_line("".join(_texts(child)))
                    content = child.find(w("sdtContent"))
                    if content is not None and before <= len(line.fields):
                        yield from self._runs(content, look, boxes, line)
                case "del" | "moveFrom":
                    self.left_out.add("tracked")
                case "ins" | "moveTo":
                    self.left_out.add("tracked")
                    yield from self._runs(child, look, boxes, line)
                case _ if name and name not in _SKIPPED:
                    yield from self._runs(child, look, boxes, line)

    def _run(self, run: Any, look: Text, boxes: list[Any], line: _Line) -> Iterator[Run]:
        for child in run:
            match local(child):
                case "t":
                    yield replace(look, text=child.text or "")
                case "tab":
                    yield replace(look, text="\t")
                case "noBreakHyphen":
                    yield replace(look, text="\u2011")
                case "br" | "cr":
                    if child.get(w("type")) not in {"page", "column"}:
                        yield Break()
                case "footnoteReference":
                    note = self.notes.get(child.get(w("id")))
                    if note:
                        yield Footnote(note)
                case "commentReference":
                    self.left_out.add("comments")
                case "drawing" | "pict" | "object" | "AlternateContent":
                    found = [each for each in child.iter(w("txbxContent")) if not _in_fallback(each)]
                    boxes.extend(found)
                    if not found:
                        self.left_out.add("pictures")

    def _links(self, name: str) -> dict[Any, str]:
        return {
            each.get("Id"): each.get("Target", "")
            for each in self._root(name)
            if each.get("Type", "").endswith("/hyperlink")
        }

    def _all_notes(self) -> dict[Any, tuple[Text, ...]]:
        """The footnotes by their ids, read with the links of their own part."""
        links, self.links = self.links, self._links(f"{self.folder}/_rels/footnotes.xml.rels")
        notes = {
            note.get(w("id")): tuple(
                run
                for paragraph in note.iter(w("p"))
                for run in self._runs(paragraph, Text(""), [], _Line([]))
                if isinstance(run, Text)
            )
            for note in self._root(f"{self.folder}/footnotes.xml").iterfind(w("footnote"))
            if note.get(w("type")) is None
        }
        self.links = links
        return {key: note for key, note in notes.items() if "".join(run.text for run in note).strip()}


def _as_json(line: _Line, *, is_own: bool) -> Iterator[dict[str, Any]]:
    if line.cells is not None:
        texts = [clean_line(_words(cell)) for cell in line.cells]
        yield {
            "text": "\t".join(texts),
            "cells": [to_json((Paragraph(tuple(cell)),)) for cell in line.cells],
            "table": line.table,
            "part": line.place.part,
            "role": line.place.role,
        }
        return
    pieces = [line.runs] if is_own else _split(line.runs)
    for number, runs in enumerate(pieces):
        text = clean_line(_words(runs))
        if not text:
            continue
        heard = [run for run in runs if isinstance(run, Text) and run.text.strip()]
        yield {
            "text": text,
            "runs": to_json((Paragraph(tuple(runs)),)),
            "level": line.level,
            "style": line.style,
            "is_bold": line.is_bold or all(run.bold for run in heard),
            "marker": list(line.marker) if line.marker and not number else None,
            "fields": line.fields,
            "part": line.place.part,
            "role": line.place.role,
        }


def _split(runs: list[Run]) -> list[list[Run]]:
    pieces: list[list[Run]] = [[]]
    for run in runs:
        if isinstance(run, Break):
            pieces.append([])
        else:
            pieces[-1].append(run)
    return pieces


def _words(runs: list[Run]) -> str:
    return "".join(
        run.text if isinstance(run, Text) else " " if isinstance(run, Break) else "" for run in runs
    )


def _said(runs: list[Run]) -> bool:
    return bool(_words(runs).strip())


def _inside(control: Any, place: _Place) -> _Place:
    kind, colon, key = _tag(control).partition(":")
    if colon and kind == "sec":
        return _Place(key)
    return replace(place, role=kind) if colon and kind in _INNER else place


def _tag(control: Any) -> str:
    tag = control.find(f"{w('sdtPr')}/{w('tag')}")
    return str(tag.get(w("val")) or "") if tag is not None else ""


def _texts(element: Any) -> Iterator[str]:
    for each in element.iter(w("t"), w("tab")):
        yield (each.text or "") if each.tag == w("t") else "\t"


def _between(mark: Any) -> str:
    """The words between the beginning of a bookmark and its end in the same paragraph."""
    words: list[str] = []
    for each in mark.itersiblings():
        if each.tag == w("bookmarkEnd") and each.get(w("id")) == mark.get(w("id")):
            break
        words += _texts(each)
    return clean_line("".join(words))


def _looking(run: Any, look: Text) -> Text:
    properties = run.find(w("rPr"))
    if properties is None:
        return look
    bold, italic = properties.find(w("b")), properties.find(w("i"))
    return replace(
        look,
        bold=look.bold if bold is None else _is_on(bold),
        italic=look.italic if italic is None else _is_on(italic),
    )


def _is_on(element: Any | None) -> bool:
    return element is not None and element.get(w("val"), "1").casefold() not in _OFF


def _look_of(paragraph: Any, *names: str) -> str:
    found = paragraph.find("/".join(map(w, names)))
    return str(found.get(w("val")) or "") if found is not None else ""


def _owner(element: Any, name: str) -> Any:
    return next((each for each in element.iterancestors() if local(each) == name), None)


def _in_fallback(element: Any) -> bool:
    return any(local(each) == "Fallback" for each in element.iterancestors())
