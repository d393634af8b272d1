"""What holds at a place in HTML: the look of its text, and the heading, the point or the link that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.documents.richtext.html_looks import (
    HEADINGS,
    Styles,
    bold_of,
    italic_of,
    keeps_spaces,
    link_of,
    number_in,
)
from app.documents.richtext.html_parts import Jump
from app.documents.richtext.html_word import WordItem, word_item


@dataclass(frozen=True, slots=True)
class Look:
    """What holds inside an element. Elements that change nothing share the one around them."""

    bold: bool = False
    italic: bool = False
    link: str | None = None
    jump: Jump | None = None
    heading: int = 0
    word: WordItem | None = None
    goes_on: bool = False  # a paragraph of Word that goes on with the point above it
    skipped: bool = False
    spaced: bool = False
    marker: bool = False
    names: tuple[str, ...] = ()


def block_look(look: Look, tag: str, attributes: Mapping[str, str], styles: Styles) -> Look:
    """What holds inside a block: the heading or the point of a list that its text belongs to."""
    names = attributes.get("class", "").lower()
    heading = HEADINGS.get(tag, 0)
    if tag == "p":
        outline = number_in(styles.get("mso-outline-level", ""), 0)
        heading = 1 if "msotitle" in names.split() else outline if outline <= 6 else 0
    word = word_item(styles) if tag in {"p", *HEADINGS} else None
    goes_on = tag == "p" and word is None and names.startswith("msolistparagraph")
    own = attributes.get("id")
    changed = heading != 0 or word != look.word or goes_on != look.goes_on or own
    if not changed:
        return look
    places = (*look.names[-2:], own) if own else look.names
    return replace(look, heading=heading or look.heading, word=word, goes_on=goes_on, names=places)


def inline_look(look: Look, tag: str, attributes: Mapping[str, str], styles: Styles) -> Look:
    """What holds inside an element: type, links, and whether spaces count."""
    if tag == "a" and attributes.get("href", "").strip().startswith("#"):
        names = (*look.names, attributes.get("name", ""), attributes.get("id", ""))
        jump = Jump(attributes["href"].strip()[1:], tuple(name for name in names if name))
        look = replace(look, jump=jump)
    elif tag == "a":
        link = link_of(attributes)
        look = look if link == look.link else replace(look, link=link)
    bold, italic, spaced = bold_of(tag, styles), italic_of(tag, styles), keeps_spaces(tag, styles)
    marker = look.marker or styles.get("mso-list", "") == "ignore"
    if (bold, italic, spaced) == (None, None, None) and marker == look.marker:
        return look
    return replace(
        look,
        bold=look.bold if bold is None else bold,
        italic=look.italic if italic is None else italic,
        spaced=look.spaced if spaced is None else spaced,
        marker=marker,
    )
