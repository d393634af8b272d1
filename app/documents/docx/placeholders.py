"""The named places in a template's headers and footers.

A content control tagged ``meta:forum``, ``meta:number``, ``meta:case`` ("Sak 13/2019"), ``meta:title``,
``meta:meeting_date`` or ``meta:kind`` is filled from the paper, one tagged ``page`` with "Side 2 av 5". A header without
such controls is printed as it is: an organisation's letterhead is its own.
"""

import re
from typing import Any, Final

from docx.document import Document
from docx.oxml import parse_xml

from app.documents.docx.opening import tag_of
from app.documents.docx.parts import declared, member, serialised
from app.documents.docx.xml import W, field, run, w
from app.kernel.language import Language
from app.platform.i18n import paper_word

FIELD_TAGS: Final = ("meta:forum", "meta:number", "meta:case", "meta:title", "meta:meeting_date", "meta:kind")
PAGE_TAG: Final = "page"
_MARK = re.compile("\ue000([a-z_]+)\ue001")


def margin_parts(document: Document) -> list[Any]:
    """The header and footer parts, first pages and even pages included, in the order of their names."""
    parts = (
        part
        for part in document.part.package.iter_parts()
        if part.content_type.endswith((".header+xml", ".footer+xml"))
    )
    return sorted(parts, key=lambda part: str(part.partname))


def tags_in(part: Any) -> list[str]:
    """The named places of a header or footer that we can fill."""
    tags = (tag_of(control) for control in part.element.iter(w("sdt")))
    return [tag for tag in tags if tag in FIELD_TAGS or tag == PAGE_TAG]


def split_at_places(document: Document, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Take the controls away, and return each part that has any as text, field, text, field, … text."""
    split = []
    for part in margin_parts(document):
        for control in list(part.element.iter(w("sdt"))):
            tag = tag_of(control)
            if tag == PAGE_TAG:
                _put(control, page_of_pages(language, _look(control)))
            elif tag in FIELD_TAGS:
                _put(control, run(f"\ue000{tag.removeprefix('meta:')}\ue001", _look(control)))
        pieces = tuple(_MARK.split(declared(serialised(part.element), "w", W)))
        if len(pieces) > 1:
            split.append((member(part), pieces))
    return tuple(split)


def page_of_pages(language: Language, look: str = "") -> str:
    """Runs that show "Side 2 av 5" in the paper's language."""
    phrase = paper_word(language, "Page {page} of {pages}")
    runs = []
    for piece in re.split(r"(\{page\}|\{pages\})", phrase):
        if piece in {"{page}", "{pages}"}:
            runs.append(field("PAGE" if piece == "{page}" else "NUMPAGES", "1", look))
        elif piece:
            runs.append(run(piece, look))
    return "".join(runs)


def _look(control: Any) -> str:
    """How the control's first run looks, as a ``w:rPr``."""
    look = control.find(f".//{w('r')}/{w('rPr')}")
    if look is None:
        return ""
    return re.sub(r"^<\?.*?\?>\s*", "", serialised(look))


def _put(control: Any, runs: str) -> None:
    """Put runs in the place of a control that stands in a line or holds paragraphs."""
    fresh = parse_xml(f'<w:p xmlns:w="{W}">{runs}</w:p>')
    paragraph = control.find(f"{w('sdtContent')}/{w('p')}")
    if paragraph is not None:
        layout = paragraph.find(w("pPr"))
        if layout is not None:
            fresh.insert(0, layout)
        control.getparent().replace(control, fresh)
        return
    for each in fresh:
        control.addprevious(each)
    control.getparent().remove(control)
