"""The fields of a Word file: small programs in the text, some of which fetch files or start other programs."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from app.guard.markup import Watcher

_FIRST_WORD: Final = re.compile(r"[\s\"'=\\]*([A-Za-z]+)")
_STARTS_PROGRAMS: Final = frozenset({"DDE", "DDEAUTO"})
_FETCHES: Final = frozenset(
    {"INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "DATABASE", "RD", "PRINT", "EMBED"}
)
_LINK: Final = re.compile(r"HYPERLINK\s+(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\s*(?:https?://|mailto:|#)", re.IGNORECASE)


def is_kept_address(address: str) -> bool:
    """Whether a link to the address may stay: the web, e-mail, or a place in the document itself."""
    return _ADDRESS.match(address) is not None and "\\" not in address


@dataclass(slots=True)
class _Field:
    tokens: list[Any] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    in_code: bool = True
    is_hidden: bool = False  # its first word is the result of another field


class Fields:
    """Follows fields through a part. ``bad`` are those to take out, by the tokens that the caller gave.

    A field may begin and end in different paragraphs, be split over many runs, and hold others.
    """

    def __init__(self) -> None:
        self.open: list[_Field] = []
        self.bad: list[list[Any]] = []
        self.starts_program = False

    def mark(self, kind: str, token: Any) -> None:
        """A ``begin``, ``separate`` or ``end``."""
        if kind == "begin":
            if self.open and self.open[-1].in_code and not "".join(self.open[-1].words).strip():
                self.open[-1].is_hidden = True
            self.open.append(_Field([token]))
        elif self.open:
            self.open[-1].tokens.append(token)
            self.open[-1].in_code = False
            if kind == "end":
                self._judge(self.open.pop())

    def code(self, words: str, token: Any) -> None:
        """A piece of the instruction of the field that is open."""
        if self.open:
            self.open[-1].words.append(words)
            self.open[-1].tokens.append(token)

    def simple(self, code: str, token: Any) -> None:
        """A field in one element."""
        self._judge(_Field([token], [code]))

    def close(self) -> None:
        """The part ends; what is still open is judged as it is."""
        while self.open:
            self._judge(self.open.pop())

    def _judge(self, found: _Field) -> None:
        code = "".join(found.words)
        first = _FIRST_WORD.match(code)
        keyword = first[1].upper() if first else ""
        if keyword in _STARTS_PROGRAMS:
            self.starts_program = True
        link = _LINK.search(code) if keyword == "HYPERLINK" else None
        target = (link[1] or link[2] or "") if link is not None else ""
        leads_away = target not in {"", "\\l"} and not is_kept_address(target)
        if keyword in _FETCHES or found.is_hidden or leads_away:
            self.bad.append(found.tokens)


class FieldWatcher(Watcher):
    """Feeds the fields of a part that is run over."""

    def __init__(self) -> None:
        self.fields = Fields()
        self._words: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "fldChar":
            self.fields.mark(_value(attributes, "fldCharType"), None)
        elif name == "fldSimple":
            self.fields.simple(_value(attributes, "instr"), None)
        elif name in {"instrText", "delInstrText"}:
            self._words = []

    def text(self, words: str) -> None:
        if self._words is not None:
            self._words.append(words)

    def end(self, name: str) -> None:
        if name in {"instrText", "delInstrText"} and self._words is not None:
            self.fields.code("".join(self._words), None)
            self._words = None


def _value(attributes: dict[str, str], wanted: str) -> str:
    return next((value for name, value in attributes.items() if name.rpartition(" ")[2] == wanted), "")
