"""Numbering of lists: our own two list formats, and which format a template's list styles have."""

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from app.documents.docx.xml import W, w

Kind: TypeAlias = Literal["bullet", "number"]
LEVELS: Final = 3
STEP: Final = 425  # twips, 0.75 cm a level
_SIGNS: Final[dict[Kind, tuple[tuple[str, str], ...]]] = {
    "bullet": (("bullet", "•"), ("bullet", "–"), ("bullet", "•")),
    "number": (("decimal", "%1."), ("lowerLetter", "%2)"), ("lowerRoman", "%3)")),
}


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is written in a template."""

    style: str  # the id of the paragraph style
    abstract: int  # the list format
    level: int  # the level in that format
    number_id: int  # for bullets: the list to name in each paragraph; 0 when the style says it
    indent: int  # twips from the margin to the text


def abstract_number(number: int, kind: Kind, styles: tuple[str, ...] = ()) -> str:
    """A list format of three levels, tied to the paragraph styles when their ids are given."""
    levels = []
    for level, (form, sign) in enumerate(_SIGNS[kind]):
        tied = f'<w:pStyle w:val="{styles[level]}"/>' if styles else ""
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{tied}'
            f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{STEP * (level + 1)}" w:hanging="{STEP}"/></w:pPr></w:lvl>'
        )
    return (
        f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{number}">'
        f'<w:multiLevelType w:val="multilevel"/>{"".join(levels)}</w:abstractNum>'
    )


def number_instance(number: int, abstract: int) -> str:
    """A list in a list format."""
    return f'<w:num xmlns:w="{W}" w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>'


def restarted(number: int, abstract: int, level: int, start: int) -> str:
    """A list of its own: every level starts anew, and the list's own level at ``start``."""
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{each}"><w:startOverride w:val="{start if each == level else 1}"/></w:lvlOverride>'
        for each in range(max(LEVELS, level + 1))
    )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def level_of_style(style: Any, styles: Any, numbering: Any) -> tuple[int, int, int] | None:
    """Find the list format, the level in it and the indent that a list style brings along.

    :param style: the ``w:style`` element; ``styles`` and ``numbering`` the roots of their parts.
    :return: nothing when the style brings no list, or one that only another style defines.
    """
    for each in _ancestry(style, styles):
        number = each.find(f"{w('pPr')}/{w('numPr')}/{w('numId')}")
        if number is None:
            continue
        instance = _by(numbering, "num", "numId", number.get(w("val")))
        reference = instance.find(w("abstractNumId")) if instance is not None else None
        abstract = (
            _by(numbering, "abstractNum", "abstractNumId", reference.get(w("val")))
            if reference is not None
            else None
        )
        if abstract is None or abstract.find(w("numStyleLink")) is not None:
            return None
        tied = [
            lvl
            for lvl in abstract.iterfind(w("lvl"))
            if (name := lvl.find(w("pStyle"))) is not None and name.get(w("val")) == each.get(w("styleId"))
        ]
        stated = each.find(f"{w('pPr')}/{w('numPr')}/{w('ilvl')}")
        level = int(
            (tied[0].get(w("ilvl")) if tied else stated.get(w("val")) if stated is not None else "0") or 0
        )
        return int(abstract.get(w("abstractNumId"))), level, _indent(each, abstract, level)
    return None


def _ancestry(style: Any, styles: Any) -> list[Any]:
    """The style and those it is based on, nearest first; a ring of styles ends where it began."""
    chain: list[Any] = []
    while style is not None and style not in chain:
        chain.append(style)
        base = style.find(w("basedOn"))
        style = _by(styles, "style", "styleId", base.get(w("val"))) if base is not None else None
    return chain


def _indent(style: Any, abstract: Any, level: int) -> int:
    found = [style.find(f"{w('pPr')}/{w('ind')}")]
    lvl = _by(abstract, "lvl", "ilvl", str(level))
    if lvl is not None:
        found.append(lvl.find(f"{w('pPr')}/{w('ind')}"))
    for ind in found:
        left = (ind.get(w("left")) or ind.get(w("start"))) if ind is not None else None
        if left is not None and left.isdigit():
            return int(left)
    return STEP * (level + 1)


def _by(parent: Any, name: str, key: str, value: str | None) -> Any | None:
    return next((each for each in parent.iterfind(w(name)) if each.get(w(key)) == value), None)
