"""Finding one meeting, by id, by day or by what stands on its agenda."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.cases.models import Treatment
from app.kernel.errors import NotFound
from app.meetings.models import AgendaItem, Meeting
from app.meetings.policy import held, may_read, readable
from app.meetings.rules import MeetingKind, MeetingState, is_held


@dataclass(frozen=True, slots=True)
class MeetingBrief:
    """When and where a case is treated."""

    id: UUID
    forum_id: UUID
    kind: MeetingKind
    day: date
    starts: time | None
    ends: time | None
    place: str
    state: MeetingState

    @property
    def is_held(self) -> bool:
        return is_held(self.state)


def get_meeting(db: Session, actor: Actor, meeting_id: UUID) -> Meeting:
    """The meeting, locked for change.

    :raise NotFound: when it is missing or not readable.
    """
    meeting = db.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    if meeting is None or not may_read(actor, meeting):
        raise NotFound
    return meeting


def lock_meetings(db: Session, meeting_ids: Collection[UUID]) -> Collection[UUID]:
    """Lock several meetings, in one order for everybody, so that no two wait for each other. Says which there are."""
    wanted = select(Meeting.id).where(Meeting.id.in_(meeting_ids)).order_by(Meeting.id)
    return db.scalars(wanted.with_for_update()).all()


def meeting_of(db: Session, treatment_id: UUID) -> MeetingBrief | None:
    """The meeting on whose agenda the treatment stands. Who may read a treatment may know its meeting."""
    row = db.execute(
        select(
            Meeting.id,
            Meeting.forum_id,
            Meeting.kind,
            Meeting.day,
            Meeting.starts,
            Meeting.ends,
            Meeting.place,
            Meeting.state,
        )
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.treatment_id == treatment_id)
    ).one_or_none()
    return MeetingBrief(*row) if row is not None else None


def meeting_on(db: Session, forum_id: UUID, day: date) -> UUID | None:
    """The meeting that the forum holds on the day; of several, an ordinary one, then the earliest."""
    ordinary_first = case((Meeting.kind == MeetingKind.ORDINARY, 0), else_=1)
    wanted = select(Meeting.id).where(Meeting.forum_id == forum_id, Meeting.day == day, held())
    return db.scalars(
        wanted.order_by(ordinary_first, Meeting.starts.nulls_last(), Meeting.id).limit(1)
    ).one_or_none()


def item_of(db: Session, treatment_id: UUID) -> AgendaItem | None:
    """The place of the treatment on an agenda."""
    return db.scalars(select(AgendaItem).where(AgendaItem.treatment_id == treatment_id)).one_or_none()


def items_of(db: Session, meeting_id: UUID) -> list[AgendaItem]:
    """The whole agenda in order, for change."""
    items = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    return list(db.scalars(items.order_by(AgendaItem.position, AgendaItem.id)))


def treatments_on(db: Session, meeting_id: UUID) -> list[Treatment]:
    """The treatments on the agenda in order, locked for change."""
    wanted = (
        select(Treatment)
        .join(AgendaItem, AgendaItem.treatment_id == Treatment.id)
        .where(AgendaItem.meeting_id == meeting_id)
        .options(selectinload(Treatment.presenters))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return list(db.scalars(wanted.with_for_update(of=Treatment).execution_options(populate_existing=True)))


def model_meeting(db: Session, actor: Actor, forum_id: UUID, *, like: UUID | None = None) -> Meeting | None:
    """What a new meeting of the forum usually looks like: the last one that is held, or the one that is named.

    :raise NotFound: when the named one is missing, not readable, or another forum's.
    """
    wanted = select(Meeting).where(readable(actor), Meeting.forum_id == forum_id)
    if like is None:
        last = wanted.where(held()).order_by(Meeting.day.desc(), Meeting.id).limit(1)
        return db.scalars(last).one_or_none()
    named = db.scalars(wanted.where(Meeting.id == like)).one_or_none()
    if named is None:
        raise NotFound
    return named
