"""OpenDocument files: what they may hold, and what is taken out of them."""

from collections.abc import Mapping
from typing import Any, Final

from app.guard.archive import Archive
from app.guard.fields import is_kept_address
from app.guard.limits import MOST_EDITED, refusal
from app.guard.markup import Counts, Watcher, drop, local, parsed, unwrap, watch, written
from app.guard.members import Members
from app.guard.ooxml import Findings

_ODF: Final = "application/vnd.oasis.opendocument."
_KINDS: Final[Mapping[str, str]] = {
    "odt": f"{_ODF}text",
    "ods": f"{_ODF}spreadsheet",
    "odp": f"{_ODF}presentation",
}
_MANIFEST: Final = "META-INF/manifest.xml"
_MACRO_FOLDERS: Final = ("basic/", "scripts/", "dialogs/")
_REFUSED: Final = {
    "event-listener": "file.macros",
    "script": "file.macros",
    "encryption-data": "file.encrypted",
    "dde-source": "file.dde",
    "dde-link": "file.dde",
    "dde-connection": "file.dde",
    "dde-connection-decl": "file.dde",
    "object-ole": "file.embedded",
    "plugin": "file.embedded",
    "applet": "file.embedded",
    "floating-frame": "file.fetches",
}
_REMOVED: Final = {
    "template": "template",
    "auto-reload": "linked",
    "section-source": "field",
    "table-source": "field",
    "cell-range-source": "field",
    "image": "linked",
    "fill-image": "linked",
    "background-image": "linked",
    "sound": "linked",
    "object": "linked",
}
_SCRIPT: Final = ("vnd.sun.star.script:", "macro:", "javascript:", "vbscript:")


class _OdfWatcher(Watcher):
    """Looks for what starts programs or fetches data."""

    def __init__(self) -> None:
        self.wrong: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        address = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == "href"), None)
        if name in _REFUSED and (name != "event-listener" or address is None or _is_script(address)):
            raise refusal(_REFUSED[name])
        if any(key.rpartition(" ")[2] == "macro-name" for key in attributes):
            raise refusal("file.macros")
        if address is not None and (what := _why_removed(name, address)):
            self.wrong.add(what)


def examine_odf(archive: Archive, extension: str) -> Findings:
    """Let pass an OpenDocument file of the kind that its extension says.

    :raise RuleBroken: with one of the guard's codes.
    """
    kind = archive.named.get("mimetype")
    if kind is None or "content.xml" not in archive.named or _MANIFEST not in archive.named:
        raise refusal("file.type_disagrees")
    if archive.read(kind, 200).strip() != _KINDS[extension].encode():
        raise refusal("file.type_disagrees")
    if not archive.named["content.xml"].size:
        raise refusal("file.broken")
    if any(entry.name.casefold().startswith(_MACRO_FOLDERS) for entry in archive.entries):
        raise refusal("file.macros")
    members = Members(archive, Counts())
    changed: dict[str, bytes] = {}
    removed: set[str] = set()
    for entry in archive.entries:
        if entry.is_folder:
            continue
        watcher = _OdfWatcher()
        members.look(entry, "", watcher)
        if watcher.wrong:
            changed[entry.name] = _cleaned(archive.read(entry, MOST_EDITED))
            removed |= watcher.wrong
    return Findings(changed, frozenset(removed))


def _is_script(address: str) -> bool:
    return address.strip().casefold().startswith(_SCRIPT)


def _is_inside(address: str) -> bool:
    """Whether the address is a part of the file itself."""
    plain = address.strip().removeprefix("./")
    return ":" not in plain and not plain.startswith(("/", "\\", "../")) and "\\" not in plain


def _why_removed(name: str, address: str) -> str:
    if name in {"section-source", "table-source", "cell-range-source", "template", "auto-reload"}:
        return _REMOVED[name] if address.strip() else ""
    if _is_inside(address):
        return ""
    if name in _REMOVED:
        return _REMOVED[name]
    return "" if is_kept_address(address) else "link"


def _cleaned(content: bytes) -> bytes:
    root = parsed(content)
    for element in list(root.iter()):
        name = local(element)
        if not name:
            continue
        key = next((key for key in element.attrib if key.rpartition("}")[2] == "href"), None)
        if key is None or not _why_removed(name, element.attrib[key]):
            continue
        _take_out(element, name, key)
    clean = written(root)
    again = _OdfWatcher()
    watch((clean,), Counts(), again)
    if again.wrong:
        raise refusal("file.fetches")
    return clean


def _take_out(element: Any, name: str, key: str) -> None:
    if name in _REMOVED:
        drop(element)
    elif name == "a":
        unwrap(element)
    else:
        del element.attrib[key]
