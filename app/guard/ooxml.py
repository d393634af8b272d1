"""Word, Excel and PowerPoint files: what they may hold, and what is taken out of them."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from app.guard.archive import Archive
from app.guard.fields import Fields, FieldWatcher
from app.guard.limits import MEGABYTE, MOST_EDITED, MOST_ELEMENTS, MOST_WORD_ELEMENTS, refusal
from app.guard.markup import Counts, Watcher, drop, local, parsed, unwrap, watch, written
from app.guard.members import Members
from app.guard.relations import Relations, read_relations

TYPES_PART: Final = "[Content_Types].xml"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCUMENT_TYPE: Final = f"{_OFFICE}wordprocessingml.document.main+xml"
TEMPLATE_TYPE: Final = f"{_OFFICE}wordprocessingml.template.main+xml"
_MAIN_TYPES: Final[Mapping[str, str]] = {
    "docx": DOCUMENT_TYPE,
    "dotx": TEMPLATE_TYPE,
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{_OFFICE}presentationml.presentation.main+xml",
}
_CHARTS: Final = (f"{_OFFICE}drawingml.chart+xml", "application/vnd.ms-office.chartex+xml")
_MACRO_TYPES: Final = ("macroenabled", "vbaproject", "macrosheet")
_EMBEDDED_TYPES: Final = ("activex", "oleobject")
_MOST_TYPES: Final = 4 * MEGABYTE
_MOST_WORKBOOK: Final = 32 * MEGABYTE
_PROGRAM_FORMULA: Final = re.compile(r"[\w.\]]\s*\|\s*'")
_QUOTED: Final = re.compile(r'"[^"]*"')
_ACTIONS: Final = ("ppaction://program", "ppaction://macro", "ppaction://ole")
_SUSPECTS: Final[Any] = etree.XPath(
    "//*[@action or @refreshOnLoad or @*[contains(namespace-uri(), '/relationships') or local-name() = 'relid']]"
)
# Elements that mean nothing without what they point to.
_POINTERS: Final = frozenset(
    {
        *("attachedTemplate", "hlinkClick", "hlinkHover", "hlinkMouseOver"),
        *("videoFile", "audioFile", "quickTimeFile", "wavAudioFile"),
    }
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What must be written anew, and what was taken out."""

    changed: Mapping[str, bytes]
    removed: frozenset[str]


class _OfficeWatcher(FieldWatcher):
    """Looks for what starts programs or fetches data. ``wrong`` names what must come out of the part."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: set[str] = set()
        self._formula: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "f":
            self._formula = []
        elif name == "ddeLink":
            raise refusal("file.dde")
        elif name == "script":  # in drawings; a browser would run it
            raise refusal("file.macros")
        elif name in {"hlinkClick", "hlinkHover", "hlinkMouseOver"}:
            if attributes.get("action", "").casefold().startswith(_ACTIONS):
                self.wrong.add("action")
        elif attributes.get("refreshOnLoad") in {"1", "true"}:
            self.wrong.add("data")
        else:
            super().start(name, attributes)

    def text(self, words: str) -> None:
        if self._formula is not None:
            self._formula.append(words)
        else:
            super().text(words)

    def end(self, name: str) -> None:
        if name == "f" and self._formula is not None:
            if _PROGRAM_FORMULA.search(_QUOTED.sub("", "".join(self._formula))):
                raise refusal("file.dde")
            self._formula = None
        else:
            super().end(name)

    def close(self) -> None:
        """The part ends.

        :raise RuleBroken: ``file.dde``.
        """
        self.fields.close()
        if self.fields.starts_program:
            raise refusal("file.dde")
        if self.fields.bad:
            self.wrong.add("field")


def examine_ooxml(
    archive: Archive, extension: str, *, may_be_template: bool = False, is_inside: bool = False
) -> Findings:
    """Let pass an Office file whose parts are what its extension says.

    ``is_inside`` is for the workbook behind a chart: nothing in it may need to be taken out, and it holds no other file.

    :raise RuleBroken: with one of the guard's codes.
    """
    is_word = extension in {"docx", "dotx"}
    counts = Counts(MOST_WORD_ELEMENTS if is_word else MOST_ELEMENTS)
    type_of = _types(archive, counts)
    relations = read_relations(archive, counts)
    allowed = {_MAIN_TYPES[extension]}
    if may_be_template and is_word:
        allowed = {DOCUMENT_TYPE, TEMPLATE_TYPE}
    _require_main(archive, type_of, relations, allowed)
    workbooks = _workbooks(archive, type_of, relations, is_inside=is_inside)
    members = Members(archive, counts)
    wrong: dict[str, set[str]] = {}
    for entry in archive.entries:
        if entry.is_folder or entry.name in workbooks or entry.name == TYPES_PART:
            continue
        watcher = _OfficeWatcher()
        members.look(entry, type_of(entry.name), watcher)
        watcher.close()
        if watcher.wrong or entry.name in relations.lost:
            wrong[entry.name] = watcher.wrong
    changed = dict(relations.changed)
    for name, what in wrong.items():
        content = archive.read(archive.named[name], MOST_EDITED)
        changed[name] = _cleaned(content, relations.lost.get(name, set()), is_word=is_word)
        relations.removed.update(what)
    if is_inside and changed:
        raise refusal("file.embedded")
    return Findings(changed, frozenset(relations.removed))


class _Types:
    """The declared type of each part."""

    def __init__(self, defaults: dict[str, str], overrides: dict[str, str]) -> None:
        self._defaults = defaults
        self.overrides = overrides

    def __call__(self, name: str) -> str:
        folded = name.casefold()
        return self.overrides.get(folded) or self._defaults.get(folded.rpartition(".")[2], "")


def _types(archive: Archive, counts: Counts) -> _Types:
    entry = archive.named.get(TYPES_PART)
    if entry is None:
        raise refusal("file.type_disagrees")
    content = archive.read(entry, _MOST_TYPES)
    watch((content,), counts, Watcher())
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    for each in parsed(content):
        kind = each.get("ContentType", "") if local(each) else ""
        folded = kind.casefold()
        if any(word in folded for word in _MACRO_TYPES):
            raise refusal("file.macros")
        if any(word in folded for word in _EMBEDDED_TYPES):
            raise refusal("file.embedded")
        if local(each) == "Default":
            defaults[each.get("Extension", "").casefold()] = kind
        elif local(each) == "Override":
            name = each.get("PartName", "").removeprefix("/").casefold()
            if name in overrides:
                raise refusal("file.broken")
            overrides[name] = kind
    return _Types(defaults, overrides)


def _require_main(archive: Archive, type_of: _Types, relations: Relations, allowed: set[str]) -> None:
    mains = {name for name, kind in type_of.overrides.items() if kind.endswith(".main+xml")}
    if len(relations.main) != 1 or relations.main[0] not in archive.named:
        raise refusal("file.type_disagrees" if not relations.main else "file.broken")
    if mains - {relations.main[0].casefold()}:
        raise refusal("file.broken")
    if type_of(relations.main[0]) not in allowed:
        raise refusal("file.type_disagrees")
    if not archive.named[relations.main[0]].size:
        raise refusal("file.broken")


def _workbooks(archive: Archive, type_of: _Types, relations: Relations, *, is_inside: bool) -> set[str]:
    """The workbooks behind charts, each looked through like a file of its own."""
    names: set[str] = set()
    for part, place in relations.workbooks:
        entry = archive.named.get(place)
        if is_inside or entry is None or not type_of(part).startswith(_CHARTS):
            raise refusal("file.embedded")
        if place not in names:
            inner = Archive(io.BytesIO(archive.read(entry, _MOST_WORKBOOK)))
            examine_ooxml(inner, "xlsx", is_inside=True)
        names.add(place)
    return names


def _cleaned(content: bytes, lost: set[str], *, is_word: bool) -> bytes:
    root = parsed(content)
    for element in _SUSPECTS(root):
        _let_go(element, lost)
    if is_word:
        _drop_fields(root)
    clean = written(root)
    again = _OfficeWatcher()
    watch((clean,), Counts(), again)
    again.close()
    if again.wrong:
        raise refusal("file.fetches")
    return clean


def _let_go(element: Any, lost: set[str]) -> None:
    name = local(element)
    if element.get("action", "").casefold().startswith(_ACTIONS):
        drop(element)
        return
    element.attrib.pop("refreshOnLoad", None)
    for key, value in list(element.attrib.items()):
        if value not in lost or not ("/relationships" in key or key.endswith("}relid")):
            continue
        if name in _POINTERS:
            drop(element)
            return
        merge = next((each for each in element.iterancestors() if local(each) == "mailMerge"), None)
        if merge is not None:
            drop(merge)
            return
        del element.attrib[key]


def _drop_fields(root: Any) -> None:
    fields = Fields()
    for element in root.iter("{*}fldChar", "{*}fldSimple", "{*}instrText", "{*}delInstrText"):
        match local(element):
            case "fldChar":
                fields.mark(_attribute(element, "fldCharType"), element)
            case "fldSimple":
                fields.simple(_attribute(element, "instr"), element)
            case "instrText" | "delInstrText":
                fields.code(element.text or "", element)
    fields.close()
    for tokens in fields.bad:
        for element in tokens:
            if local(element) == "fldSimple":
                unwrap(element)
            else:
                drop(element)


def _attribute(element: Any, wanted: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == wanted), "")
