"""The styles that our papers use, found in a template by name.

Norwegian and Danish Word store ``Overskrift1`` and ``Punktliste`` as ids; the names of built-in styles are the same in
every language.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import Any, Final

import docx

from app.documents.docx.xml import w
from app.platform.resources import resource_dir

PARAGRAPH_STYLES: Final = (
    "Title",
    "Subtitle",
    "heading 1",
    "heading 2",
    "heading 3",
    "Body Text",
    "List Bullet",
    "List Bullet 2",
    "List Bullet 3",
    "List Number",
    "List Number 2",
    "List Number 3",
    "Quote",
    "footnote text",
    "Samstyr Details",
    "Samstyr Table Text",
    "Samstyr Table Heading",
    "Samstyr Signature",
)
CHARACTER_STYLES: Final = ("Hyperlink", "footnote reference", "Strong", "Samstyr Kind")
TABLE_STYLES: Final = ("Table Grid", "Samstyr Decision")
STYLE_NAMES: Final = PARAGRAPH_STYLES + CHARACTER_STYLES + TABLE_STYLES


@cache
def shipped_template() -> bytes:
    """The template of a case presentation that comes with the product."""
    return (resource_dir("docx_templates") / "case_presentation.docx").read_bytes()


def find_styles(styles: Any) -> dict[str, Any]:
    """The ``w:style`` elements of a template that we know by name."""
    wanted = {name.casefold(): name for name in STYLE_NAMES}
    found: dict[str, Any] = {}
    for style in styles.iterfind(w("style")):
        name = style.find(w("name"))
        known = wanted.get(str(name.get(w("val"))).casefold()) if name is not None else None
        if known:
            found.setdefault(known, style)
    return found


def missing_styles(found: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that a template lacks, in the order of ``STYLE_NAMES``."""
    return tuple(name for name in STYLE_NAMES if name not in found)


def add_missing_styles(styles: Any, found: dict[str, Any]) -> None:
    """Copy what the template lacks from the shipped one, so that every paper has headings, lists and boxes.

    A copied list style brings no list format along: the numbers of the two files have nothing to do with each other.
    """
    shipped = docx.Document(BytesIO(shipped_template())).styles.element
    own = find_styles(shipped)
    names = {str(style.get(w("styleId"))): name for name, style in own.items()}
    taken = {str(style.get(w("styleId"))) for style in styles.iterfind(w("style"))}
    lacking = missing_styles(found)
    for name in lacking:
        found[name] = copied = deepcopy(own[name])
        copied.set(w("styleId"), _free(str(copied.get(w("styleId"))), taken))
        styles.append(copied)
    for name in lacking:
        for reference in (found[name].find(w("basedOn")), found[name].find(w("next"))):
            if reference is None:
                continue
            target = found.get(names.get(str(reference.get(w("val"))), ""))
            base = target if target is not None else _default(styles, str(found[name].get(w("type"))))
            if base is not None:
                reference.set(w("val"), str(base.get(w("styleId"))))
            else:
                found[name].remove(reference)
        numbering = found[name].find(f"{w('pPr')}/{w('numPr')}")
        if numbering is not None:
            numbering.getparent().remove(numbering)


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}{number}"
    taken.add(name)
    return name


def _default(styles: Any, kind: str) -> Any | None:
    return next(
        (
            style
            for style in styles.iterfind(w("style"))
            if style.get(w("type")) == kind and style.get(w("default")) in {"1", "true", "on"}
        ),
        None,
    )
