"""The reader of finished case presentations that come as plain text."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from app.documents.case_presentation import AttachmentLine, CasePresentation, PartKind
from app.documents.reading import head
from app.documents.reading.headings import KnownHeading, is_free_heading, known_heading, section_level
from app.documents.reading.lines import (
    SourceLine,
    list_markers,
    runs_on,
    source_lines,
    word_marker,
    wrap_width,
)
from app.documents.reading.outline import Piece
from app.documents.reading.own import read_own_paper
from app.documents.reading.paper import UNPLACED, PlacedLine, ReadPaper
from app.documents.reading.parts import Draft, finish_part
from app.documents.reading.signature import Signature, signature_lines
from app.documents.reading.vocabulary import ATTACHMENTS, Vocabulary, vocabulary
from app.documents.reading.word import WordLine, WordPaper
from app.documents.wording import label
from app.kernel.language import Language

_LONGEST_ATTACHMENT = 250
_VOTING_TEXT = 20_000  # characters from the start in which frequent words are counted


def read_word_paper(paper: WordPaper, *, default_language: Language = Language.NB) -> ReadPaper:
    """Read a paper that came as a Word file, by the same rules; what Word knew of a line is kept with it.

    A paper of ours is read part by part, as its controls say.
    """
    stated = next(
        (each for each in Language if paper.language.casefold().startswith(each.value)), default_language
    )
    text, known = paper.source()
    if paper.is_own:
        return read_own_paper(text, known, stated)
    return _Reading(text, vocabulary(), known).paper(
        default_language
    )  # what Word says is often its own language


def read_case_presentation(text: str, *, default_language: Language = Language.NB) -> ReadPaper:
    """Read a finished paper. Never raises for what a text says, and takes time in proportion to its length.

    Every line that is not blank is placed in one field; what was not understood is listed in ``unplaced``. Headings and
    labels stay as they stood. Without any known word the language is ``default_language``.
    """
    return _Reading(text, vocabulary()).paper(default_language)


class _Reading:
    """One pass from the top of the paper to its foot; the state is what has been opened so far."""

    def __init__(
        self, text: str, words: Vocabulary, known: Mapping[int, WordLine] = MappingProxyType({})
    ) -> None:
        self.words = words
        self.votes: Counter[Language] = Counter()
        self.lines = [replace(line, word=known.get(line.number)) for line in source_lines(text)]
        self.width = 0 if known else wrap_width(self.lines)
        self.known = [
            None if line.word is not None and line.word.cells else known_heading(line, words, self.votes)
            for line in self.lines
        ]
        self.markers = list_markers(self.lines, [heading is not None for heading in self.known], words.months)
        self.markers = [
            word_marker(line) if line.word is not None and line.word.marker else marker
            for line, marker in zip(self.lines, self.markers, strict=True)
        ]
        self.section_level = section_level(self.lines, self.known)
        self.foot, self.closing = signature_lines(self.lines, self.known, words, self.votes)
        self.is_other = [
            known is not None or marker is not None or closing
            for known, marker, closing in zip(self.known, self.markers, self.closing, strict=True)
        ]
        self.fields: list[str] = [UNPLACED] * len(self.lines)
        self.wording: dict[str, str] = {}
        self.forum = ""
        self.meeting_date: date | None = None
        self.case = head.CaseLine()
        self.signatures: dict[str, Signature] = {}
        self.drafts: list[Draft] = []
        self.keys: Counter[str] = Counter()
        self.attachments: list[str] = []
        self.place = "head"  # or "part", "attachments", "foot"

    def paper(self, default_language: Language) -> ReadPaper:
        index = 0
        while index < len(self.lines):
            index = self._read(index)
        language = self._language(default_language)
        placed = tuple(
            PlacedLine(line.number, line.raw, field)
            for line, field in zip(self.lines, self.fields, strict=True)
        )
        return ReadPaper(
            content=self._content(language),
            forum_name=self.forum,
            number=self.case.number,
            kind=self.case.kind,
            lines=placed,
            unplaced=tuple(line for line in placed if line.field == UNPLACED),
        )

    def _read(self, index: int) -> int:
        """Place the line, and those below that belong to the same field; answers with the next line to read."""
        line = self.lines[index]
        if not any(map(str.isalnum, line.plain)):
            return index + 1
        heading = self.known[index]
        if self.place == "head" and self._is_document_label(index, line):
            return index + 1
        if heading is not None and not self._is_kind(index):
            self._open(index, heading)
        elif self._is_signature(index):
            pass
        elif self.place == "head" and (after := self._read_head(index)):
            return after
        elif self._is_free_heading(index):
            self._open_free(index, line)
        elif self.place == "part":
            self._add_to_part(index)
        elif self.place == "attachments":
            self._add_attachment(index)
        return index + 1

    def _is_document_label(self, index: int, line: SourceLine) -> bool:
        if "document" in self.wording or self.case.title:
            return False
        found = head.document_label(line, self.words, self.votes)
        if found is None:
            return False
        self.wording["document"] = found
        self.fields[index] = "document"
        return True

    def _is_kind(self, index: int) -> bool:
        """Whether words that may be a heading name the kind of case: "Til drøfting" right below the title."""
        plain = self.lines[index].plain
        if self.place != "head" or not self.case.title or self.case.kind_label or plain.endswith(":"):
            return False
        return head.kind_of(plain, self.words, Counter()) is not None

    def _is_signature(self, index: int) -> bool:
        found = self.foot[index]
        if found is None or found.role in self.signatures:
            return False
        if self.place == "part" and not self.closing[index]:
            return False
        if (
            self.place == "head"
            and not found.value
            and not found.label
            and ":" not in self.lines[index].plain
        ):
            return False  # a bare date in the head may be any date
        self.signatures[found.role] = found
        self.fields[index] = found.role
        if found.label:
            self.wording[found.role] = found.label
        if self.place != "head":
            self.place = "foot"
        return True

    def _read_head(self, index: int) -> int:
        """The line after the field that stands here, or 0 when no field of the head does."""
        line = self.lines[index]
        field = head.head_field(line, self.words, self.votes)
        if field is not None and field.role in ("forum", "meeting_date", "title", "kind"):
            value, last = field.value, index
            if not value and index + 1 < len(self.lines) and self._may_be_value(index + 1):
                value, last = self.lines[index + 1].plain, index + 1
            return last + 1 if self._set_field(field, value, index, last) else 0
        if (not self.case.title or self.case.number is None) and (after := self._read_case_line(index)):
            return after
        if line.word is not None and line.word.style == "title" and not self.case.title:
            self.case = replace(self.case, title=line.plain)
            self.fields[index] = "title"
            return index + 1
        kind = None if self.case.kind_label else head.kind_of(line.plain, self.words, self.votes)
        if kind is not None:
            self.case = replace(self.case, kind_label=line.plain, kind=kind)
            self.fields[index] = "kind"
            return index + 1
        return 0

    def _may_be_value(self, index: int) -> bool:
        return self.known[index] is None and head.head_field(self.lines[index], self.words, Counter()) is None

    def _set_field(self, field: head.HeadField, value: str, first: int, last: int) -> bool:
        role = field.role
        if not value:
            return False
        if role == "meeting_date":
            found, rest = head.dated_value(value, self.words)
            if self.meeting_date is not None or found is None:
                return False
            self.meeting_date = found
            self.wording[role] = field.label
            if rest:  # the date is taken, and the line stays on the list because it says more
                return False
        elif role == "forum":
            if self.forum:
                return False
            self.forum = value
            self.wording[role] = field.label
        elif role == "title":
            if self.case.title:
                return False
            self.case = replace(self.case, title=value)
        else:
            if self.case.kind_label:
                return False
            kind = head.kind_of(value, self.words, self.votes)
            self.case = replace(self.case, kind_label=value, kind=kind)
        self.fields[first : last + 1] = [role] * (last + 1 - first)
        return True

    def _read_case_line(self, index: int) -> int:
        """A title may go on over the next two lines, until the name of a kind or a blank line ends it."""
        line = self.lines[index]
        found = head.case_line(line.plain, self.words, self.votes)
        if found is None or (self.case.number and found.number) or (self.case.title and found.title):
            return 0
        last, plain = index, line.plain
        while (
            not self.case.title
            and not found.kind_label
            and last < index + 2
            and self._title_goes_on(last + 1)
        ):
            last += 1
            plain = f"{plain} {self.lines[last].plain}"
            found = head.case_line(plain, self.words, self.votes) or found
        if not self.case.title and not found.title and self._title_stands_below(last + 1):
            last += 1
            plain = f"{plain} {self.lines[last].plain}"
            found = head.case_line(plain, self.words, self.votes) or found
        before = self.case
        if before.kind_label and found.kind_label:  # the case line knows better than the line above it
            self.fields[:index] = [UNPLACED if field == "kind" else field for field in self.fields[:index]]
        self.case = head.CaseLine(
            found.word or before.word,
            found.shown or before.shown,
            found.number or before.number,
            found.title or before.title,
            found.kind_label or before.kind_label,
            found.kind or before.kind,
        )
        if found.word:
            self.wording["case"] = found.word
        self.fields[index : last + 1] = ["case_line"] * (last + 1 - index)
        return last + 1

    def _title_goes_on(self, index: int) -> bool:
        if index >= len(self.lines) or self.lines[index].after_blank or self.lines[index].plain.endswith("."):
            return False
        return self._is_title_text(index)

    def _title_stands_below(self, index: int) -> bool:
        return index < len(self.lines) and self._is_title_text(index) and len(self.lines[index].plain) <= 200

    def _is_title_text(self, index: int) -> bool:
        line = self.lines[index]
        if self.foot[index] is not None or self.markers[index] is not None or not self._may_be_value(index):
            return False
        if head.document_label(line, self.words, Counter()) is not None:
            return False
        other = head.case_line(line.plain, self.words, Counter())
        return other is None or other.number is None

    def _open(self, index: int, heading: KnownHeading) -> None:
        if heading.role == ATTACHMENTS and not self.attachments and "attachments" not in self.wording:
            self.place = "attachments"
            self.wording["attachments"] = heading.heading
            self.fields[index] = "attachments"
            if heading.rest:
                self._take_attachment(index, heading.rest)
            return
        role = "free" if heading.role == ATTACHMENTS else heading.role
        self._start(Draft(self._key(role), role, heading.heading, heading.party), index)
        if heading.rest:
            self.drafts[-1].pieces.append(Piece(self.lines[index], heading.rest))

    def _is_free_heading(self, index: int) -> bool:
        if self.place == "head" and not (self.case.title or self.forum or "document" in self.wording):
            return False
        if self._is_in_points() and not self.drafts[-1].pieces:
            return False
        if self.place == "attachments" and not self.lines[index].bold and not self._is_long(index + 1):
            return False
        return is_free_heading(index, self.lines, self.is_other, self.width, self.words)

    def _is_in_points(self) -> bool:
        return self.place == "part" and self.drafts[-1].kind is not PartKind.SECTION

    def _is_long(self, index: int) -> bool:
        return index < len(self.lines) and len(self.lines[index].plain) > 100

    def _open_free(self, index: int, line: SourceLine) -> None:
        level = line.word.level if line.word is not None else 0
        if level and level <= self.section_level:
            self._start(Draft(self._key("free"), "free", line.plain), index)
        elif self.place == "part" and not self._is_in_points():
            self.drafts[-1].pieces.append(Piece(line, line.plain, heading=True))
            self.fields[index] = f"part:{self.drafts[-1].key}"
        else:
            self._start(Draft(self._key("free"), "free", line.plain), index)

    def _start(self, draft: Draft, index: int) -> None:
        self.place = "part"
        self.drafts.append(draft)
        self.fields[index] = f"part:{draft.key}"

    def _key(self, role: str) -> str:
        self.keys[role] += 1
        return role if self.keys[role] == 1 and role != "free" else f"{role}-{self.keys[role]}"

    def _add_to_part(self, index: int) -> None:
        marker = self.markers[index]
        line = self.lines[index]
        draft = self.drafts[-1]
        draft.pieces.append(Piece(line, marker.text if marker else line.text, marker))
        self.fields[index] = f"part:{draft.key}"

    def _add_attachment(self, index: int) -> None:
        marker, line = self.markers[index], self.lines[index]
        title = (marker.text if marker else line.text).replace("**", "")
        if marker is None and self.attachments and self._goes_on(index):
            self.attachments[-1] = f"{self.attachments[-1]} {title}"
            self.fields[index] = "attachments"
            return
        if marker is None and (len(title) > _LONGEST_ATTACHMENT or title.endswith(".")):
            return
        self._take_attachment(index, title)

    def _goes_on(self, index: int) -> bool:
        line, before = self.lines[index], self.lines[index - 1]
        if self.fields[index - 1] != "attachments" or line.after_blank or self.known[index - 1] is not None:
            return False
        return line.indent > before.indent or runs_on(before, line, self.width)

    def _take_attachment(self, index: int, title: str) -> None:
        if title.casefold().rstrip(".") in self.words.no_attachments:
            self.fields[index] = UNPLACED
            return
        self.attachments.append(title)
        self.fields[index] = "attachments"

    def _language(self, default: Language) -> Language:
        seen = 0
        for line in self.lines:
            for word in line.plain.casefold().split():
                known = self.words.marks.get(word.strip(".,:;()?!"))
                if known is not None:
                    self.votes.update(known.languages)
            seen += len(line.plain)
            if seen > _VOTING_TEXT:
                break
        best = max(self.votes.values(), default=0)
        if not best or self.votes[default] == best:
            return default
        return next(language for language in Language if self.votes[language] == best)

    def _content(self, language: Language) -> CasePresentation:
        presenter, preparer = self.signatures.get("presenter"), self.signatures.get("preparer")
        signed = self.signatures.get("place_and_date")
        return CasePresentation(
            language=language,
            forum=self.forum,
            title=self.case.title,
            kind_label=self.case.kind_label,
            number=self.case.shown,
            meeting_date=self.meeting_date,
            parts=tuple(finish_part(draft, self.width, self.words) for draft in self.drafts),
            attachments=tuple(
                AttachmentLine(number, title) for number, title in enumerate(self.attachments, start=1)
            ),
            presenters=presenter.value if presenter else "",
            preparer=preparer.value if preparer else "",
            place=signed.value if signed else "",
            dated=signed.dated if signed else None,
            wording={key: words for key, words in self.wording.items() if words != label(language, key, {})},
        )
