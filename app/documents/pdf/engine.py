"""Runs typst: a layout of ours and data as JSON become a tagged PDF.

Words reach the layout as data and never as markup, so nothing that people write can do anything there.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import typst

from app.kernel.language import Language
from app.kernel.words import P_
from app.platform.i18n import paper_word
from app.platform.logs import log

LAYOUTS: Final = Path(__file__).parent / "layouts"
ARCHIVE: Final = ("ua-1", "a-2a")
"""PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2). The compiler refuses to write a file that breaks either."""

_UNDATED: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished file. ``is_archivable``: it claims, and keeps, the standards of ``ARCHIVE``."""

    data: bytes
    is_archivable: bool


def compile_layout(layout: str, content: dict[str, Any]) -> Pdf:
    """Set a layout: the same bytes for the same content, because no clock and no font of the machine goes in.

    A letter that no font of ours has would break both standards; such a paper is set without the claim, the letter shown as
    an empty box.
    """
    source = LAYOUTS / f"{layout}.typ"
    inputs = {"data": json.dumps(content, ensure_ascii=False)}
    settings: dict[str, Any] = {
        "root": LAYOUTS,
        "sys_inputs": inputs,
        "ignore_system_fonts": True,
        "timestamp": 0,
    }
    try:
        return Pdf(typst.compile(source, pdf_standards=list(ARCHIVE), **settings), is_archivable=True)
    except typst.TypstError as refused:
        # Its message repeats the text, and that may be exempt from public access.
        log.warning("pdf.without_standards", layout=layout, about=type(refused).__name__)
        return Pdf(typst.compile(source, **settings), is_archivable=False)


def frame_data(
    language: Language, *, title: str, author: str, running: str, day: date | None
) -> dict[str, Any]:
    """What ``house`` in ``base.typ`` asks of every document. ``day`` is the paper's own and becomes that of the file."""
    stands_for = day or _UNDATED
    return {
        "title": title,
        "author": author,
        "running": running,
        "language": language.value,
        "region": language.tag.partition("-")[2],
        "day": {"year": stands_for.year, "month": stands_for.month, "day": stands_for.day},
        "page_words": paper_word(language, P_("Page {page} of {pages}")),
    }
