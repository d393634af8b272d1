"""Lists of meetings."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Treatment
from app.cases.policy import readable as readable_treatment
from app.directory.queries.pages import LINES_A_PAGE, Page, place
from app.forums.models import Forum
from app.meetings.models import AgendaItem, Meeting
from app.meetings.policy import held, readable
from app.meetings.rules import MeetingKind, MeetingState, is_held
from app.platform.clock import today

UPCOMING: Final = 6


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list. ``item_count`` counts what the actor may read of the agenda."""

    id: UUID
    forum_id: UUID
    forum_key: str
    forum_name: str
    kind: MeetingKind
    day: date
    starts: time | None
    ends: time | None
    place: str
    state: MeetingState
    item_count: int

    @property
    def is_held(self) -> bool:
        return is_held(self.state)


def list_meetings(
    db: Session, actor: Actor, forum_id: UUID, *, year: int | None = None, page: int = 1
) -> Page[MeetingLine]:
    """The meetings of a forum, the newest day first; of one year when it is given."""
    conditions = [readable(actor), Meeting.forum_id == forum_id]
    if year is not None:
        conditions.append(Meeting.day.between(date(year, 1, 1), date(year, 12, 31)))
    total = db.scalar(select(func.count(Meeting.id)).where(*conditions)) or 0
    page, pages, skip = place(total, page)
    wanted = (
        _lines(actor)
        .where(*conditions)
        .order_by(Meeting.day.desc(), Meeting.starts.desc().nulls_last(), Meeting.id)
    )
    return Page(_read(db, wanted.limit(LINES_A_PAGE).offset(skip)), page, pages, total)


def years_with_meetings(db: Session, actor: Actor, forum_id: UUID) -> tuple[int, ...]:
    """The years in which the forum has meetings that the actor may read."""
    year = extract("year", Meeting.day)
    wanted = select(year).where(readable(actor), Meeting.forum_id == forum_id).distinct().order_by(year)
    return tuple(int(each) for each in db.scalars(wanted))


def upcoming(
    db: Session, actor: Actor, *, forum_id: UUID | None = None, limit: int = UPCOMING
) -> tuple[MeetingLine, ...]:
    """The meetings from today on that are held and that the actor may read, the next first; of one forum when it is given."""
    wanted = _lines(actor).where(readable(actor), held(), Meeting.day >= today())
    if forum_id is not None:
        wanted = wanted.where(Meeting.forum_id == forum_id)
    return _read(db, wanted.order_by(Meeting.day, Meeting.starts.nulls_last(), Meeting.id).limit(limit))


def _lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    item_count = (
        select(func.count(AgendaItem.id))
        .join(Treatment, Treatment.id == AgendaItem.treatment_id)
        .where(AgendaItem.meeting_id == Meeting.id, readable_treatment(actor))
        .correlate(Meeting)
        .scalar_subquery()
    )
    return select(
        Meeting.id,
        Meeting.forum_id,
        Forum.key,
        Forum.name,
        Meeting.kind,
        Meeting.day,
        Meeting.starts,
        Meeting.ends,
        Meeting.place,
        Meeting.state,
        item_count,
    ).join(Forum, Forum.id == Meeting.forum_id)


def _read(db: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[MeetingLine, ...]:
    return tuple(MeetingLine(*row) for row in db.execute(wanted))
