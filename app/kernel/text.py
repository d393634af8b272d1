"""Text as the database, the page and Word can all hold it."""

import unicodedata

_LINE_BREAKS = {
    "\r\n": "\n",
    "\r": "\n",
    "\v": "\n",
    "\f": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
}


def clean_text(value: str) -> str:
    """Return the text in NFC without what XML 1.0 or PostgreSQL cannot hold.

    Word's soft return arrives as VT; dropping it would glue two words together, so VT and FF become line breaks. Other
    control characters, lone surrogates and noncharacters are dropped, and the text after them stays.
    """
    for found, replacement in _LINE_BREAKS.items():
        value = value.replace(found, replacement)
    if not value.isprintable():
        value = "".join(character for character in value if _is_storable(character))
    return unicodedata.normalize("NFC", value)


def clean_line(value: str) -> str:
    """Return the text as one line: cleaned, white space folded, ends trimmed."""
    return " ".join(clean_text(value).split())


def _is_storable(character: str) -> bool:
    code = ord(character)
    if code < 0x20:
        return character in "\t\n"
    return not (
        0x7F <= code <= 0x9F
        or 0xD800 <= code <= 0xDFFF
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
    )
