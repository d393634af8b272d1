"""What a finished paper says, matched with a forum, the directory and the calendar. Nothing is changed here."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.queries.find import number_is_taken, series_for
from app.cases.rules import TreatmentKind
from app.cases.service.drafts import PartDraft, TreatmentDraft, draft_problems
from app.cases.service.presenters import PresenterDraft
from app.documents.case_presentation import CasePresentation, Part, PartKind
from app.documents.reading.paper import UNPLACED, ReadPaper
from app.forums.models import Forum
from app.forums.queries import labels_of
from app.forums.rules import SeriesPeriod
from app.kernel.case_number import CaseNumber
from app.kernel.dates import is_within
from app.kernel.errors import Reason
from app.kernel.text import clean_line
from app.meetings.queries.find import meeting_on
from app.meetings.rules import time_problems
from app.papers.queries import forum_named, organisation_named, person_named


@dataclass(frozen=True, slots=True)
class Matched:
    """A paper ready to become records. ``refusals`` is everything that stands against that."""

    draft: TreatmentDraft
    number: CaseNumber | None
    meeting_id: UUID | None
    makes_meeting: bool
    names_other_forum: bool
    refusals: tuple[Reason, ...]


def match(db: Session, actor: Actor, forum: Forum, paper: ReadPaper, *, make_meeting: bool) -> Matched:
    """Find what the paper's names, number and date mean here.

    Every line of the paper that cannot be stored in its field stays in the draft's unplaced text.
    """
    content = paper.content
    day = content.meeting_date
    meeting_id = meeting_on(db, forum.id, day) if day is not None else None
    makes_meeting = make_meeting and day is not None and meeting_id is None
    number = _number(forum, paper)
    other_forum = bool(paper.forum_name) and _folded(paper.forum_name) != _folded(forum.name)
    lost = {UNPLACED}
    if other_forum:
        lost.add("forum")
    if day is not None and meeting_id is None and not make_meeting:
        lost.add("meeting_date")
    if paper.number is not None and number is None:
        lost.add("case_line")
    kept = "\n".join(line.text for line in paper.lines if line.field in lost)
    draft = _draft(db, actor, forum, paper, unplaced=kept)
    problems = draft_problems(draft) if content.title else (Reason("import.no_title"),)
    return Matched(
        draft=draft,
        number=number,
        meeting_id=meeting_id,
        makes_meeting=makes_meeting,
        names_other_forum=other_forum,
        refusals=(*problems, *_refusals(db, forum, content, number, makes_meeting)),
    )


def _number(forum: Forum, paper: ReadPaper) -> CaseNumber | None:
    """The paper's number with the year of its series; None when no year can be told."""
    if paper.number is None or forum.series_period is SeriesPeriod.NEVER:
        return paper.number
    day = paper.content.meeting_date or paper.content.dated
    year = paper.number.year or (day.year if day is not None else None)
    return dataclasses.replace(paper.number, year=year) if year is not None else None


def _refusals(
    db: Session, forum: Forum, content: CasePresentation, number: CaseNumber | None, makes_meeting: bool
) -> Iterator[Reason]:
    if number is not None:
        series = series_for(db, forum, number.year, number.prefix or None)
        if series is not None and number_is_taken(db, series.id, number.sequence):
            yield Reason("import.number_taken", values={"number": content.number})
    if makes_meeting and content.meeting_date is not None:
        yield from time_problems(content.meeting_date, None, None)
        if not is_within(content.meeting_date, forum.active_from, forum.active_to):
            yield Reason("meeting.forum_not_active", "day")


def _draft(db: Session, actor: Actor, forum: Forum, paper: ReadPaper, *, unplaced: str) -> TreatmentDraft:
    content = paper.content
    kind = TreatmentKind(paper.kind) if paper.kind else _guessed_kind(content)
    own_label = labels_of(db, forum.id, content.language).case_kind[kind.value]
    presenters: tuple[PresenterDraft, ...] = ()
    if content.presenters:
        presenters = (PresenterDraft(content.presenters, person_id=_person(db, content.presenters)),)
    return TreatmentDraft(
        title=content.title,
        kind=kind,
        language=content.language,
        kind_label="" if content.kind_label == own_label else content.kind_label,
        presenters=presenters,
        preparer=content.preparer,
        preparer_organisation_id=organisation_named(db, content.preparer) if content.preparer else None,
        place=content.place,
        dated=content.dated,
        parts=[_part(db, actor, part) for part in content.parts],
        attachments=[line.title for line in content.attachments],
        wording=content.wording,
        unplaced=unplaced,
    )


def _guessed_kind(content: CasePresentation) -> TreatmentKind:
    kinds = {part.kind for part in content.parts}
    if PartKind.PROPOSAL in kinds:
        return TreatmentKind.DECIDE
    return TreatmentKind.DISCUSS if PartKind.QUESTIONS in kinds else TreatmentKind.INFORM


def _person(db: Session, presenters: str) -> UUID | None:
    """The person of this name, which an employer may follow after a comma."""
    name, _comma, _employer = presenters.partition(",")
    return person_named(db, clean_line(name))


def _part(db: Session, actor: Actor, part: Part) -> PartDraft:
    if not part.party:
        return PartDraft(part)
    return PartDraft(
        part,
        party_organisation_id=organisation_named(db, part.party),
        party_forum_id=forum_named(db, actor, part.party),
    )


def _folded(name: str) -> str:
    return clean_line(name).casefold()
