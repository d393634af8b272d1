"""A paper of our own, read back part by part: its controls say what every line is, whatever the words have become."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from app.documents.case_presentation import AttachmentLine, CasePresentation, Part, PartKind
from app.documents.reading import head
from app.documents.reading.headings import known_heading
from app.documents.reading.lines import SourceLine, source_lines, word_marker
from app.documents.reading.outline import Piece, build_tree
from app.documents.reading.paper import UNPLACED, PlacedLine, ReadPaper
from app.documents.reading.parts import Draft, finish_part
from app.documents.reading.vocabulary import (
    INPUT,
    PROPOSAL,
    QUESTIONS,
    Vocabulary,
    vocabulary,
)
from app.documents.reading.word import WordLine
from app.documents.wording import label
from app.kernel.case_number import CaseNumber, parse_case_number
from app.kernel.dates import parse_date
from app.kernel.language import Language

_FIELDS: Final = {
    "forum": "forum",
    "meeting_date": "meeting_date",
    "number": "case_line",
    "title": "case_line",
    "kind": "case_line",
    "presenter": "presenter",
    "preparer": "preparer",
    "place": "place_and_date",
    "dated": "place_and_date",
}
_ROLES: Final = {"proposal": PROPOSAL, "questions": QUESTIONS, "advice": INPUT}
_LABELLED: Final = ("forum", "meeting_date", "presenter", "preparer")


def read_own_paper(text: str, known: Mapping[int, WordLine], language: Language) -> ReadPaper:
    """The paper from its lines. A line that stands in no control of ours is listed and kept."""
    lines = [replace(line, word=known.get(line.number)) for line in source_lines(text)]
    return _OwnReading(lines, language, vocabulary()).paper()


class _OwnReading:
    def __init__(self, lines: list[SourceLine], language: Language, words: Vocabulary) -> None:
        self.lines = lines
        self.language = language
        self.words = words
        self.values: dict[str, str] = {}
        self.wording: dict[str, str] = {}
        self.drafts: dict[str, Draft] = {}
        self.inner: dict[str, tuple[list[Piece], list[Piece], list[Piece]]] = {}
        self.attachments: list[str] = []
        self.fields: list[str] = []

    def paper(self) -> ReadPaper:
        self.fields = [self._place(line) for line in self.lines]
        placed = tuple(
            PlacedLine(line.number, line.raw, field)
            for line, field in zip(self.lines, self.fields, strict=True)
        )
        content = CasePresentation(
            language=self.language,
            forum=self.values.get("forum", ""),
            title=self.values.get("title", ""),
            kind_label=self.values.get("kind", ""),
            number=self.values.get("number", ""),
            meeting_date=_day(self.values.get("meeting_date", "")),
            parts=tuple(self._part(draft) for draft in self.drafts.values()),
            attachments=tuple(AttachmentLine(*each) for each in enumerate(self.attachments, start=1)),
            presenters=self.values.get("presenter", ""),
            preparer=self.values.get("preparer", ""),
            place=self.values.get("place", ""),
            dated=_day(self.values.get("dated", "")),
            wording={
                key: said for key, said in self.wording.items() if said != label(self.language, key, {})
            },
        )
        kind = head.kind_of(content.kind_label, self.words, Counter()) if content.kind_label else None
        return ReadPaper(
            content=content,
            forum_name=content.forum,
            number=_number(content.number),
            kind=kind,
            lines=placed,
            unplaced=tuple(line for line in placed if line.field == UNPLACED),
        )

    def _place(self, line: SourceLine) -> str:
        word = line.word
        if word is None:
            return UNPLACED
        fields = {name: value for name, value in word.fields.items() if name in _FIELDS}
        if fields and not word.part:
            return self._take_fields(word, fields)
        if word.part == "attachments":
            return self._take_attachment(line, word)
        if word.part:
            return self._take_line(line, word)
        if "document" not in self.wording and not self.values:
            found = head.document_label(line, self.words, Counter())
            if found is not None:
                self.wording["document"] = found
                return "document"
        return UNPLACED

    def _take_fields(self, word: WordLine, fields: Mapping[str, str]) -> str:
        if any(name in self.values for name in fields):
            return UNPLACED  # a copy of a line that we have: people must say which one counts
        for name in ("meeting_date", "dated"):
            if name in fields and _day(fields[name]) is None:
                return UNPLACED
        self.values |= fields
        name = next(iter(fields))
        said = word.text.partition(next(iter(fields.values())) or "\0")[0].strip()
        if name in _LABELLED and said:
            self.wording[name] = said
        elif _FIELDS[name] == "case_line" and said and "number" in fields:
            self.wording["case"] = said
        return _FIELDS[name]

    def _take_attachment(self, line: SourceLine, word: WordLine) -> str:
        if word.level and "attachments" not in self.wording:
            self.wording["attachments"] = line.plain
        else:
            self.attachments.append(word.text)
        return "attachments"

    def _take_line(self, line: SourceLine, word: WordLine) -> str:
        draft = self.drafts.get(word.part)
        if draft is None:
            draft = self.drafts[word.part] = Draft(word.part, "", "")
            self.inner[word.part] = ([], [], [])
            if word.level == 1 or (not word.marker and word.is_bold):
                draft.heading = word.text
                found = known_heading(line, self.words, Counter())
                draft.role = found.role if found is not None and found.role in _ROLES.values() else ""
                draft.party = found.party if found is not None else ""
                return f"part:{draft.key}"
        if word.role in _ROLES:
            draft.role = _ROLES[word.role]
        marker = word_marker(line)
        piece = Piece(line, word.text, marker, heading=word.level > 1)
        draft.pieces.append(piece)
        before, inside, after = self.inner[word.part]
        (inside if word.role else after if inside else before).append(piece)
        return f"part:{draft.key}"

    def _part(self, draft: Draft) -> Part:
        draft.role = draft.role or _ROLES.get(draft.key.partition("-")[0], "")
        before, inside, after = self.inner[draft.key]
        if draft.kind in {PartKind.QUESTIONS, PartKind.INPUT} and inside:
            return Part(
                draft.key,
                draft.kind,
                draft.heading,
                body=build_tree(inside, 0),
                lead_in=build_tree(before, 0),
                closing=build_tree(after, 0),
                party=draft.party,
            )
        return finish_part(draft, 0, self.words)


def _day(value: str) -> date | None:
    try:
        return parse_date(value, vocabulary().months) if value else None
    except ValueError:
        return None


def _number(value: str) -> CaseNumber | None:
    try:
        return parse_case_number(value) if value else None
    except ValueError:
        return None
