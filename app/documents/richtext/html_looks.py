"""What the tags, classes and styles of foreign HTML mean for us: most of them nothing."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from app.documents.richtext.links import is_link

# What a reader never sees, or what is no text.
SKIPPED: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "noframes",
        "title",
        "xml",
        "svg",
        "math",
        "object",
        "applet",
        "embed",
        "iframe",
        "audio",
        "video",
        "canvas",
        "map",
        "select",
        "datalist",
        "del",
    ]
)
BLOCKS: Final = frozenset(
    [
        "html",
        "body",
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "nav",
        "address",
        "figure",
        "figcaption",
        "center",
        "fieldset",
        "legend",
        "form",
        "details",
        "summary",
        "dl",
        "dt",
        "dd",
        "pre",
        "hr",
        "ul",
        "ol",
        "menu",
        "dir",
        "li",
        "blockquote",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_SKIPPED_CLASSES = {"msodel", "msocommentreference", "msocomanchor", "msocomoff", "msocommenttext"}
_TELLING = re.compile(r"mso-|font-|display|visibility|white-space", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s<>\"\\^`{|}\[\]]")
_BOLD_FROM = 600

Styles = Mapping[str, str]


def styles_of(attribute: str) -> Styles:
    """The declarations of a ``style`` attribute, in small letters. Empty when none of them could matter."""
    if not _TELLING.search(attribute):
        return {}
    pairs = (part.partition(":") for part in attribute.lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def is_hidden(attributes: Mapping[str, str], styles: Styles) -> bool:
    """Whether the page it comes from does not show it, or shows it as deleted or as somebody's comment."""
    return (
        "hidden" in attributes
        or styles.get("display", "").startswith("none")
        or styles.get("visibility", "").startswith("hidden")
        or styles.get("mso-hide", "") == "all"
        or styles.get("mso-element", "").startswith("comment")
        or any(name in _SKIPPED_CLASSES for name in attributes.get("class", "").lower().split())
    )


def bold_of(tag: str, styles: Styles) -> bool | None:
    """Whether a tag makes its text bold; None when it leaves it as it was. A style wins over its tag."""
    weight = styles.get("font-weight", "").split(" ")[0]
    if weight:
        if weight.isdecimal():
            return int(weight[:4]) >= _BOLD_FROM
        return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight)
    return True if tag in {"b", "strong"} else None


def italic_of(tag: str, styles: Styles) -> bool | None:
    """The same for italic type."""
    style = styles.get("font-style", "").split(" ")[0]
    if style:
        return {"italic": True, "oblique": True, "normal": False}.get(style)
    return True if tag in {"i", "em"} else None


def keeps_spaces(tag: str, styles: Styles) -> bool | None:
    """Whether spaces and line ends stand as they are written."""
    if space := styles.get("white-space", ""):
        return space.startswith(("pre", "break-spaces")) and not space.startswith("pre-line")
    return True if tag in {"pre", "textarea", "xmp", "listing", "plaintext"} else None


def link_of(attributes: Mapping[str, str]) -> str | None:
    """The address of a link that we can keep, or None."""
    address = attributes.get("href", "").strip()
    repaired = _UNSAFE.sub(lambda found: quote(found.group()), address)
    return repaired if is_link(repaired) else None


def is_spacer(attributes: Mapping[str, str]) -> bool:
    """Whether an image is there to be counted or to fill, not to be seen."""
    sizes = (attributes.get("width", ""), attributes.get("height", ""))
    return any(size.rstrip("px ") in {"0", "1", "2"} for size in sizes)


def symbol_of(attributes: Mapping[str, str]) -> str:
    """The sign that an image stands for, as mail programs show emoji; else nothing."""
    alt = attributes.get("alt", "").strip()
    return alt if 0 < len(alt) <= 8 and not alt.isascii() and not any(map(str.isalnum, alt)) else ""


def number_in(text: str, default: int) -> int:
    """A number that an attribute gives, within what anybody needs."""
    digits = text.strip()
    return int(digits[:6]) if digits.isascii() and digits.isdigit() else default
