"""Pieces of WordprocessingML as strings.

Every word that comes from outside goes through ``text``, ``attribute`` or ``run``.
"""

import re
import unicodedata
from typing import Final

from app.kernel.text import clean_text

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_LINE_OR_TAB = re.compile(r"([\n\t])")


def w(name: str) -> str:
    """``w("p")`` is the name of a paragraph as lxml writes it."""
    return f"{{{W}}}{name}"


def clean(value: str) -> str:
    """``clean_text``, quicker for the text that needs no cleaning."""
    if value.isprintable() and unicodedata.is_normalized("NFC", value):
        return value
    return clean_text(value)


def text(value: str) -> str:
    """Character data of an element."""
    value = clean(value)
    if "&" in value or "<" in value or ">" in value:
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value


def attribute(value: str, longest: int | None = None) -> str:
    """The value of an attribute between double quotes, on one line."""
    return text(" ".join(clean(value).split())[:longest]).replace('"', "&quot;")


def run(value: str, look: str = "") -> str:
    """A run of text; ``look`` is its whole ``w:rPr`` or nothing. Line ends and tabs become Word's own."""
    words = text(value)
    if "\n" not in words and "\t" not in words:
        return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>'
    pieces = []
    for piece in _LINE_OR_TAB.split(words):
        if piece == "\n":
            pieces.append("<w:br/>")
        elif piece == "\t":
            pieces.append("<w:tab/>")
        elif piece:
            pieces.append(f'<w:t xml:space="preserve">{piece}</w:t>')
    return f"<w:r>{look}{''.join(pieces)}</w:r>"


def field(instruction: str, shown: str, look: str = "") -> str:
    """A field that Word and LibreOffice compute when they show the page."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r>{look}<w:t>{shown}</w:t></w:r></w:fldSimple>'
