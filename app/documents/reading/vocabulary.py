"""The words that finished papers are recognised by: data, one file ``locale/<language>/paper.toml`` for each language.

All languages are known at once, because the language of a paper is only known once its words have been found.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from app.kernel.language import Language
from app.platform.resources import resource_dir

PROPOSAL: Final = "proposal"
QUESTIONS: Final = "questions"
INPUT: Final = "input"
ATTACHMENTS: Final = "attachments"


class Known(NamedTuple):
    """What a word or phrase stands for, and in which languages."""

    role: str
    languages: frozenset[Language]


Words = dict[str, Known]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every mapping is from a case-folded word or phrase.

    ``documents``, ``begins`` and ``signature`` are grouped by their first word, ``ends`` and ``kinds`` by their last, the
    longest phrase first, so that a line is compared with a handful of phrases and not with all of them.
    """

    months: dict[str, int] = field(default_factory=dict)
    weekdays: set[str] = field(default_factory=set)
    marks: Words = field(default_factory=dict)
    documents: dict[str, list[tuple[str, Known]]] = field(default_factory=dict)
    no_attachments: set[str] = field(default_factory=set)
    lead_ends: set[str] = field(default_factory=set)
    fields: Words = field(
        default_factory=dict
    )  # roles: forum, meeting_date, case, title, kind, place_and_date
    headings: Words = field(default_factory=dict)  # roles: keys of sections and the part kinds above
    begins: dict[str, list[tuple[str, Known]]] = field(default_factory=dict)
    ends: dict[str, list[tuple[str, Known]]] = field(default_factory=dict)
    kinds: dict[str, list[tuple[str, Known]]] = field(default_factory=dict)  # roles: decide, discuss, inform
    signature: dict[str, list[tuple[str, Known]]] = field(default_factory=dict)  # roles: presenter, preparer
    addressee_before: set[str] = field(default_factory=set)
    addressee_between: set[tuple[str, str]] = field(default_factory=set)


@cache
def vocabulary() -> Vocabulary:
    """The words of all languages. Where two languages mean different things by a word, the first language counts."""
    known = Vocabulary()
    phrases: dict[str, Words] = {"documents": {}, "begins": {}, "ends": {}, "kinds": {}, "signature": {}}
    for language in Language:
        path = resource_dir("locale") / language.value / "paper.toml"
        _add(known, phrases, language, tomllib.loads(path.read_text(encoding="utf-8")))
    _group(known.documents, phrases["documents"], word=0)
    _group(known.begins, phrases["begins"], word=0)
    _group(known.signature, phrases["signature"], word=0)
    _group(known.ends, phrases["ends"], word=-1)
    _group(known.kinds, phrases["kinds"], word=-1)
    return known


def _add(known: Vocabulary, phrases: Mapping[str, Words], language: Language, data: dict[str, Any]) -> None:
    for number, names in enumerate(data["months"], start=1):
        known.months.update((name.casefold(), number) for name in names)
    known.weekdays.update(data["weekdays"])
    known.no_attachments.update(_folded(data["no_attachments"]))
    known.lead_ends.update(_folded(data["lead_ends"]))
    known.addressee_before.update(_folded(data["addressee"]["before"]))
    known.addressee_between.update((first, second) for first, second in data["addressee"]["between"])
    _learn(known.marks, "mark", language, data["marks"])
    _learn(phrases["documents"], "document", language, data["document"])
    for table, words in (("fields", known.fields), ("sections", known.headings)):
        for role, names in data[table].items():
            _learn(words, role, language, names)
    for role, lists in data["parts"].items():
        _learn(known.headings, role, language, lists["whole"])
        _learn(phrases["begins"], role, language, lists["begins"])
        _learn(phrases["ends"], role, language, lists["ends"])
    for table in ("kinds", "signature"):
        for role, names in data[table].items():
            _learn(phrases[table], role, language, names)


def _learn(words: Words, role: str, language: Language, names: Iterable[str]) -> None:
    for name in _folded(names):
        before = words.get(name)
        if before is None:
            words[name] = Known(role, frozenset({language}))
        elif before.role == role:
            words[name] = Known(role, before.languages | {language})


def _folded(names: Iterable[str]) -> list[str]:
    return [name.casefold() for name in names]


def _group(groups: dict[str, list[tuple[str, Known]]], phrases: Words, *, word: int) -> None:
    for phrase in sorted(phrases, key=lambda each: (-len(each), each)):
        groups.setdefault(phrase.split()[word], []).append((phrase, phrases[phrase]))
