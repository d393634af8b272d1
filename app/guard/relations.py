"""The relationships of an Office file: what each part points to, within the file and outside of it."""

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from app.guard.archive import Archive, Entry
from app.guard.fields import is_kept_address
from app.guard.limits import MEGABYTE, refusal
from app.guard.markup import Counts, Watcher, local, parsed, watch, written

_MOST_BYTES: Final = 8 * MEGABYTE
_REFUSED: Final = {
    "vbaProject": "file.macros",
    "wordVbaData": "file.macros",
    "xlMacrosheet": "file.macros",
    "xlIntlMacrosheet": "file.macros",
    "oleObject": "file.embedded",
    "control": "file.embedded",
    "activeXControlBinary": "file.embedded",
    "aFChunk": "file.fetches",
    "subDocument": "file.fetches",
    "frame": "file.fetches",
}
_ADD_INS: Final = frozenset({"webextensiontaskpanes", "webextension"})
_SCHEME: Final = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")


@dataclass(slots=True)
class Relations:
    """What was found in all relationship parts together."""

    main: list[str] = field(default_factory=list)  # the targets named as the document itself
    workbooks: list[tuple[str, str]] = field(default_factory=list)  # (part, embedded package)
    lost: dict[str, set[str]] = field(default_factory=dict)  # part → ids that it must no longer use
    changed: dict[str, bytes] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def read_relations(archive: Archive, counts: Counts) -> Relations:
    """Read every relationship part; what reaches out of the file is taken out, or refused.

    :raise RuleBroken: ``file.macros``, ``file.embedded``, ``file.fetches``, ``file.broken``.
    """
    found = Relations()
    for entry in archive.entries:
        folder, name = posixpath.split(entry.name)
        if posixpath.basename(folder).casefold() == "_rels" and name.casefold().endswith(".rels"):
            _read(archive, entry, counts, found)
    return found


def _read(archive: Archive, entry: Entry, counts: Counts, found: Relations) -> None:
    content = archive.read(entry, _MOST_BYTES)
    watch((content,), counts, Watcher())
    folder, name = posixpath.split(entry.name)
    home = posixpath.dirname(folder)
    part = posixpath.join(home, name[: -len(".rels")])
    root = parsed(content)
    lost: set[str] = set()
    changed = False
    ids: set[str] = set()
    for relation in list(root):
        if local(relation) != "Relationship":
            continue
        number = relation.get("Id", "")
        if number in ids:
            raise refusal("file.broken")
        ids.add(number)
        kind = relation.get("Type", "").strip().rstrip("/").rpartition("/")[2]
        target = relation.get("Target", "")
        if kind in _REFUSED:
            raise refusal(_REFUSED[kind])
        is_outside = (
            relation.get("TargetMode", "").strip().casefold() == "external"
            or _SCHEME.match(target) is not None
        )
        if not is_outside:
            _inside(found, part, home, kind, target)
        why = _why_lost(relation, kind, target) if is_outside or kind in _ADD_INS else ""
        if why:
            found.removed.add(why)
            changed = True
            if why == "workbook":
                relation.set("Target", re.split(r"[/\\]", unquote(target))[-1] or "-")
            else:
                lost.add(number)
                root.remove(relation)
    if lost:
        found.lost[part] = lost
    if changed:
        found.changed[entry.name] = written(root)


def _inside(found: Relations, part: str, home: str, kind: str, target: str) -> None:
    place = posixpath.normpath(posixpath.join(home, unquote(target.partition("#")[0])))
    place = place.removeprefix("/")
    if place == ".." or place.startswith("../"):
        raise refusal("file.broken")
    if kind == "officeDocument" and not part:
        found.main.append(place)
    elif kind == "package":
        found.workbooks.append((part, place))


def _why_lost(relation: Any, kind: str, target: str) -> str:
    """What the relationship would fetch; empty for those that may stay."""
    if kind in _ADD_INS:
        return "add_in"
    if kind == "attachedTemplate":
        return "template"
    if kind == "hyperlink":
        return "" if is_kept_address(target) else "link"
    if "externalLinkPath" in kind or relation.get("Type", "").find("/externalLinkPath") >= 0:
        leads_away = _SCHEME.match(target) is not None or "/" in target or "\\" in target
        return "workbook" if leads_away else ""
    if kind.startswith("mailMerge"):
        return "data"
    return "linked"
