"""What an import would do, shown before it is done."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.documents.case_presentation import CasePresentation, PartKind
from app.documents.reading.paper import PlacedLine, ReadPaper
from app.documents.reading.reader import read_case_presentation, read_word_paper
from app.documents.reading.word import WordPaper
from app.forums.models import Forum
from app.kernel.errors import Reason
from app.kernel.language import Language
from app.papers.matching import Matched, match
from app.platform.i18n import format_date

ROW_LABELS = {
    "language": "Language",
    "forum": "Forum",
    "meeting_date": "Meeting date",
    "number": "Number",
    "title": "Title",
    "kind": "Kind",
    PartKind.SECTION.value: "Section",
    PartKind.PROPOSAL.value: "Proposed decision",
    PartKind.QUESTIONS.value: "Questions",
    PartKind.INPUT.value: "Input",
    "attachment": "Attachment",
    "presenter": "Presenter",
    "preparer": "Prepared by",
    "place": "Place",
    "dated": "Date",
}
"""The English message for each kind of row; the interface translates it."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One thing that was understood. ``label`` is an English message of the interface, ``value`` is the paper's text."""

    field: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What was understood, what was not, what to know beforehand, and why the paper cannot come in, if it cannot."""

    paper: ReadPaper
    rows: tuple[PreviewRow, ...]
    not_understood: tuple[PlacedLine, ...]
    warnings: tuple[Reason, ...]
    refusals: tuple[Reason, ...]


_SAYS_EXEMPT: Final = re.compile(
    r"unnt\w+ (?:fra )?offentlig|unn?at\w+ (?:frå )?offentleg|undtaget fra (?:aktindsigt|offentlighed)"
    r"|exempt from public|offl\.\s*§",
    re.IGNORECASE,
)


def read_paper(source: str | WordPaper, language: Language) -> ReadPaper:
    """A finished paper as it was understood, from its text or from the lines of a Word file."""
    if isinstance(source, WordPaper):
        return read_word_paper(source, default_language=language)
    return read_case_presentation(source, default_language=language)


def understand(
    db: Session, actor: Actor, forum: Forum, source: str | WordPaper, *, make_meeting: bool = True
) -> ImportPreview:
    """Read a finished paper as an import into the forum would, and change nothing.

    Warnings: ``import.own_paper``, ``import.tracked``, ``import.comments``, ``import.pictures``, ``import.other_forum``, ``import.meeting_will_be_made``, ``import.no_meeting``, ``import.no_number``,
    ``import.exempt``, ``import.lines_not_understood``. Refusals are those of ``import_presentation``.

    :raise NotAllowed: without ``case:edit`` in the forum.
    """
    require(actor, Permission.CASE_EDIT, forum.id)
    paper = read_paper(source, forum.language)
    matched = match(db, actor, forum, paper, make_meeting=make_meeting)
    return ImportPreview(
        paper=paper,
        rows=tuple(PreviewRow(field, ROW_LABELS[field], value) for field, value in _rows(paper)),
        not_understood=paper.unplaced,
        warnings=(*_left_out(source), *_warnings(forum, paper, matched)),
        refusals=matched.refusals,
    )


def _rows(paper: ReadPaper) -> Iterator[tuple[str, str]]:
    content = paper.content
    found = [("language", content.language.value), ("forum", paper.forum_name), *_head(content)]
    found += [(part.kind.value, part.heading) for part in content.parts]
    found += [("attachment", line.title) for line in content.attachments]
    found += [("presenter", content.presenters), ("preparer", content.preparer), ("place", content.place)]
    found.append(("dated", format_date(content.dated) if content.dated is not None else ""))
    return ((field, value) for field, value in found if value)


def _head(content: CasePresentation) -> list[tuple[str, str]]:
    day = content.meeting_date
    return [
        ("meeting_date", format_date(day) if day is not None else ""),
        ("number", content.number),
        ("title", content.title),
        ("kind", content.kind_label),
    ]


def _left_out(source: str | WordPaper) -> Iterator[Reason]:
    """What a Word file holds and a paper does not."""
    if isinstance(source, WordPaper):
        if source.is_own:
            yield Reason("import.own_paper")
        for what in source.left_out:
            yield Reason(f"import.{what}")


def _warnings(forum: Forum, paper: ReadPaper, matched: Matched) -> Iterator[Reason]:
    day = paper.content.meeting_date
    if matched.names_other_forum:
        yield Reason("import.other_forum", values={"named": paper.forum_name, "forum": forum.name})
    if matched.makes_meeting and day is not None:
        yield Reason("import.meeting_will_be_made", values={"day": format_date(day)})
    if day is None:
        yield Reason("import.no_meeting")
    if matched.number is None:
        yield Reason("import.no_number")
    if any(_SAYS_EXEMPT.search(line.text) for line in paper.lines):
        yield Reason("import.exempt")
    if paper.unplaced:
        yield Reason("import.lines_not_understood", values={"count": str(len(paper.unplaced))})
