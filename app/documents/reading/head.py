"""The head of a paper: label and value on a line, and the line with number, title and kind."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from app.documents.reading.lines import SourceLine
from app.documents.reading.paper import Kind
from app.documents.reading.signature import date_at_end
from app.documents.reading.vocabulary import Vocabulary
from app.kernel.case_number import CaseNumber, parse_case_number
from app.kernel.dates import parse_date
from app.kernel.language import Language

_LONGEST_LABEL: Final = 30
_LONGEST_DOCUMENT: Final = 60
_LONGEST_CASE_LINE: Final = 600
_DASHES: Final = " \t-–—:.,("
_NUMBER: Final = re.compile(
    r"(?:[A-Za-zÆØÅæøå]{1,5}(?:-[Ss][Aa][KkGg])?[ -]?)?[0-9]{1,6}(?: ?[/–-] ?(?:[0-9]{4}|[0-9]{2}))?(?![0-9A-Za-z/])"
)


@dataclass(frozen=True, slots=True)
class HeadField:
    """``role`` is a role of the vocabulary's fields; ``label`` as it stood, colon included."""

    role: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """``word`` and ``shown`` as they stood: ``Sak`` and ``13/2019``."""

    word: str = ""
    shown: str = ""
    number: CaseNumber | None = None
    title: str = ""
    kind_label: str = ""
    kind: Kind | None = None


def document_label(line: SourceLine, words: Vocabulary, votes: Counter[Language]) -> str | None:
    """The name that the paper gives itself, such as SAKSFRAMLEGG, alone or with a few words after it."""
    if len(line.plain) > _LONGEST_DOCUMENT:
        return None
    folded = line.plain.casefold()
    for phrase, known in words.documents.get(folded.split(" ", 1)[0], ()):
        if folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalnum():
            votes.update(dict.fromkeys(known.languages, 3))
            return line.plain
    return None


def head_field(line: SourceLine, words: Vocabulary, votes: Counter[Language]) -> HeadField | None:
    """A label of the head with what stands behind its colon or tab; the value may be empty."""
    tab = "\t" in line.raw.strip() and ":" not in line.raw
    label, mark, value = line.raw.replace("**", "").partition("\t" if tab else ":")
    if not mark or len(label) > _LONGEST_LABEL + line.indent:
        return None
    label = " ".join(label.split())
    known = words.fields.get(label.rstrip(".").casefold())
    if known is None:
        return None
    votes.update(dict.fromkeys(known.languages, 3))
    return HeadField(known.role, label if tab else f"{label}:", " ".join(value.split()))


def dated_value(value: str, words: Vocabulary) -> tuple[date | None, str]:
    """The date that a value begins with, weekday aside, and what is left behind it."""
    tokens = value.split()
    while tokens and tokens[0].rstrip(",").casefold() in words.weekdays:
        tokens.pop(0)
    for count in range(min(3, len(tokens)), 0, -1):
        try:
            found = parse_date(" ".join(tokens[:count]).rstrip(","), words.months)
        except ValueError:
            continue
        return found, " ".join(tokens[count:])
    before, last = date_at_end(value, words)
    return (last, before) if last else (None, value)


def case_line(plain: str, words: Vocabulary, votes: Counter[Language]) -> CaseLine | None:
    """``Sak 13/2019 Title Kind`` with or without its word; also a title alone that ends in the name of a kind."""
    if len(plain) > _LONGEST_CASE_LINE:
        return None
    word, text = _case_word(plain, words, votes)
    found = _NUMBER.match(text)
    if found is not None and (word or "/" in found[0]):
        try:
            number = parse_case_number(found[0])
        except ValueError:
            return None
        if not _is_date(text):
            title = text[found.end() :].lstrip(_DASHES[:-1])
            return _with_kind(CaseLine(word, found[0].strip(), number, title), words, votes)
    if word.endswith(":") and text:
        return _with_kind(CaseLine(word=word, title=text), words, votes)
    if not word:
        alone = _with_kind(CaseLine(title=plain), words, votes)
        return alone if alone.kind_label and alone.title else None
    return None


def kind_of(label: str, words: Vocabulary, votes: Counter[Language]) -> Kind | None:
    """The kind that a label on a line of its own names."""
    folded = " ".join(label.split()).casefold().strip("().: ")
    for phrase, known in words.kinds.get(folded.rsplit(" ", 1)[-1], ()) if folded else ():
        if folded == phrase:
            votes.update(dict.fromkeys(known.languages, 3))
            return cast(Kind, known.role)
    return None


def _case_word(plain: str, words: Vocabulary, votes: Counter[Language]) -> tuple[str, str]:
    """The word for case at the start, of two words or one, and the text behind it."""
    tokens = plain.split(" ", 2)
    for count in (2, 1):
        word = " ".join(tokens[:count])
        known = words.fields.get(word.rstrip(".:").casefold())
        if known is not None and known.role == "case":
            votes.update(dict.fromkeys(known.languages, 3))
            return word, plain[len(word) :].lstrip()
    return "", plain


def _with_kind(line: CaseLine, words: Vocabulary, votes: Counter[Language]) -> CaseLine:
    """Take the kind from the end of the title. A word in small letters counts only behind a dash, comma or bracket."""
    title = line.title.rstrip(" .)")
    folded = title.casefold()
    for phrase, known in words.kinds.get(folded.rsplit(" ", 1)[-1].lstrip("(-–"), ()) if folded else ():
        start = len(title) - len(phrase)
        if not folded.endswith(phrase) or start < 0:
            continue
        before = title[:start]
        if before and before[-1].isalnum():
            continue
        if title[start].islower() and before.rstrip()[-1:] not in tuple("-–—,("):
            continue
        kind = cast(Kind, known.role)
        votes.update(dict.fromkeys(known.languages, 3))
        name = before.rstrip(_DASHES)
        if not name:
            return CaseLine(line.word, line.shown, line.number, title, "", kind)
        return CaseLine(line.word, line.shown, line.number, name, title[start:], kind)
    return line


def _is_date(text: str) -> bool:
    first = text.split(" ", 1)[0]
    try:
        parse_date(first)
    except ValueError:
        return False
    return True
