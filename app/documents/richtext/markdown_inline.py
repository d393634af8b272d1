"""One paragraph of Markdown → runs.

Not CommonMark's rules for stars: those read the stars of ``5*3*2`` as italics and cannot mark every stretch of text.
Here one star turns italic type on or off, two stars bold, wherever they can; time is linear in the length.
"""

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from app.documents.richtext.blocks import Break, Footnote, Run, Runs, Text
from app.documents.richtext.links import is_link
from app.documents.richtext.markdown_rules import is_plain_star
from app.documents.richtext.normalise import normalise_runs

_TOKEN = re.compile(r"\\([!-/:-@\[-`{-~\n])|(\*+|_+)|(\n)|(\^\[|!?\[)|(<br */?>)", re.IGNORECASE)
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
# Possessive quantifiers: a target that is none is given up in linear time.
_TARGET = re.compile(
    r"\(\s*+(?:<([^<>\n]*+)>|([^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+))(?:\s++\"[^\"\n]*+\")?+\s*+\)"
)


@dataclass(slots=True)
class _Stars:
    """A run of stars or underscores and what it turns on and off."""

    run: str
    before: str
    after: str
    link: str | None
    closes: str = ""
    opens: str = ""

    @property
    def looks(self) -> str:
        """``b`` and ``i``: what the run could turn on or off."""
        return {1: "i", 2: "b", 3: "bi"}.get(len(self.run), "")

    @property
    def left_over(self) -> str:
        """The stars that turned out to be text."""
        used = sum({"b": 2, "i": 1}[look] for look in self.closes + self.opens)
        return self.run[used:]


_Found: TypeAlias = tuple[Literal["text"], str, str | None] | _Stars | Break | Footnote


def read_runs(source: str, *, in_cell: bool = False) -> Runs:
    """The runs of a paragraph. Every line end is a break; in a table cell ``<br>`` is one too."""
    scan = _Scan(source, in_cell, _partners(source))
    scan.stretch(0, len(source))
    return normalise_runs(_runs(scan.found))


@dataclass(slots=True)
class _Scan:
    """Walks over the source once and notes what it finds; ``found`` may still hold stars without a partner."""

    source: str
    in_cell: bool
    partner: dict[int, int]
    found: list[_Found] = field(default_factory=list)

    def stretch(self, position: int, end: int, *, link: str | None = None, in_note: bool = False) -> None:
        """Read from ``position`` to ``end``: the paragraph, the words of a link or a note."""
        while token := _TOKEN.search(self.source, position, end):
            self._text(self.source[position : token.start()], link)
            escaped, stars, line_end, bracket, _cell_break = token.groups()
            position = token.end()
            if escaped == "\n" or line_end:
                self.found.append(Break())
            elif escaped:
                self._text(escaped, link)
            elif stars:
                before = self.source[token.start() - 1] if token.start() else " "
                after = self.source[position] if position < len(self.source) else " "
                self.found.append(_Stars(stars, before, after, link))
            elif bracket:
                position = self._bracket(bracket, position, end, link, in_note)
            elif self.in_cell:
                self.found.append(Break())
            else:
                self._text(token.group(), link)
        self._text(self.source[position:end], link)

    def _bracket(self, bracket: str, inside: int, end: int, link: str | None, in_note: bool) -> int:
        """Read a note or a link whose words begin at ``inside``, and return where to go on."""
        close = self.partner.get(inside - 1, end)
        if close < end and bracket == "^[" and not in_note and link is None:
            note = _Scan(self.source, self.in_cell, self.partner)
            note.stretch(inside, close, in_note=True)
            self.found.append(Footnote(tuple(run for run in _runs(note.found) if isinstance(run, Text))))
            return close + 1
        if close < end and bracket == "[" and link is None:
            target = _TARGET.match(self.source, close + 1, end)
            address = (target[1] or target[2] or "") if target else ""
            if target and is_link(address):
                self.stretch(inside, close, link=address, in_note=in_note)
                return target.end()
        self._text(bracket, link)
        return inside

    def _text(self, text: str, link: str | None) -> None:
        if text:
            self.found.append(("text", text, link))


def _partners(source: str) -> dict[int, int]:
    """Where each opening bracket is closed."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(source):
        if bracket.group() == "[":
            opened.append(bracket.start())
        elif bracket.group() == "]" and opened:
            partner[opened.pop()] = bracket.start()
    return partner


def _pair(found: list[_Found]) -> None:
    """Give every closing sign the nearest opening sign of its kind; what stays alone is text."""
    opened: dict[tuple[str, str], _Stars] = {}
    for stars in found:
        if not isinstance(stars, _Stars) or is_plain_star(stars.run, stars.before, stars.after):
            continue
        for look in stars.looks:
            kind = stars.run[0], look
            if kind in opened and not stars.before.isspace():
                opened.pop(kind).opens += look
                stars.closes += look
            elif not stars.after.isspace():
                opened[kind] = stars


def _runs(found: list[_Found]) -> list[Run]:
    _pair(found)
    runs: list[Run] = []
    depth = {"b": 0, "i": 0}
    for each in found:
        match each:
            case ("text", text, link):
                runs.append(Text(text, depth["b"] > 0, depth["i"] > 0, link))
            case _Stars():
                for look in each.closes:
                    depth[look] -= 1
                runs.append(Text(each.left_over, depth["b"] > 0, depth["i"] > 0, each.link))
                for look in each.opens:
                    depth[look] += 1
            case Break() | Footnote():
                runs.append(each)
    return runs
