"""Everything that the page of a meeting shows, in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Presenter, Treatment
from app.cases.policy import readable as readable_treatment
from app.cases.queries.lines import CaseLine, lines, read_lines
from app.cases.queries.show import StepOffer
from app.forums.models import Forum
from app.kernel.errors import NotFound
from app.meetings.agenda_rules import MAY_MOVE, MAY_STAND
from app.meetings.models import AgendaItem, Meeting
from app.meetings.policy import held, readable
from app.meetings.rules import MEETING, MeetingKind, MeetingState, is_held


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A case on the agenda. ``position`` counts what the actor may read, from 1."""

    position: int
    case: CaseLine
    presenters: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The page of a meeting. ``steps`` is empty for those who may not change it."""

    id: UUID
    version: int
    forum_id: UUID
    forum_key: str
    forum_name: str
    kind: MeetingKind
    day: date
    starts: time | None
    ends: time | None
    place: str
    link: str
    cancelled_because: str
    state: MeetingState
    items: tuple[AgendaLine, ...]
    steps: tuple[StepOffer, ...]
    may_edit: bool

    @property
    def is_held(self) -> bool:
        return is_held(self.state)


def show_meeting(db: Session, actor: Actor, meeting_id: UUID) -> MeetingPage:
    """The meeting with its agenda; cases that the actor may not read are left out. Four queries.

    :raise NotFound: when it is missing or not readable.
    """
    item_count = (
        select(func.count(AgendaItem.id))
        .where(AgendaItem.meeting_id == Meeting.id)
        .correlate(Meeting)
        .scalar_subquery()
    )
    row = db.execute(
        select(
            Meeting.id,
            Meeting.version,
            Meeting.forum_id,
            Forum.key,
            Forum.name,
            Meeting.kind,
            Meeting.day,
            Meeting.starts,
            Meeting.ends,
            Meeting.place,
            Meeting.link,
            Meeting.cancelled_because,
            Meeting.state,
            item_count.label("item_count"),
        )
        .join(Forum, Forum.id == Meeting.forum_id)
        .where(Meeting.id == meeting_id, readable(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    may_edit = actor.may(Permission.MEETING_EDIT, row.forum_id)
    steps = tuple(
        StepOffer(step.name, MEETING.objections(step.name, row.state, row.item_count))
        for step in MEETING.available(row.state)
        if may_edit
    )
    return MeetingPage(
        id=row.id,
        version=row.version,
        forum_id=row.forum_id,
        forum_key=row.key,
        forum_name=row.name,
        kind=row.kind,
        day=row.day,
        starts=row.starts,
        ends=row.ends,
        place=row.place,
        link=row.link,
        cancelled_because=row.cancelled_because,
        state=row.state,
        items=_agenda(db, actor, meeting_id),
        steps=steps,
        may_edit=may_edit,
    )


def may_be_listed(db: Session, actor: Actor, forum_id: UUID) -> tuple[CaseLine, ...]:
    """The forum's treatments of ``agenda_rules.may_be_put_on``, those changed last first."""
    wanted = (
        lines(actor)
        .outerjoin(AgendaItem, AgendaItem.treatment_id == Treatment.id)
        .outerjoin(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            readable_treatment(actor),
            Treatment.forum_id == forum_id,
            Treatment.state.in_(MAY_STAND),
            AgendaItem.id.is_(None) | Treatment.state.in_(MAY_MOVE) | ~held(),
        )
    )
    return read_lines(db, actor, wanted.order_by(Treatment.updated_at.desc(), Treatment.id))


def _agenda(db: Session, actor: Actor, meeting_id: UUID) -> tuple[AgendaLine, ...]:
    listed = (
        lines(actor)
        .join(AgendaItem, AgendaItem.treatment_id == Treatment.id)
        .where(AgendaItem.meeting_id == meeting_id, readable_treatment(actor))
    )
    items = read_lines(db, actor, listed.order_by(AgendaItem.position, AgendaItem.id))
    presenters = _presenters(db, [line.treatment_id for line in items if not line.is_withheld])
    return tuple(
        AgendaLine(position, line, ", ".join(presenters[line.treatment_id]))
        for position, line in enumerate(items, start=1)
    )


def _presenters(db: Session, treatment_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    texts: dict[UUID, list[str]] = defaultdict(list)
    if treatment_ids:
        wanted = select(Presenter.treatment_id, Presenter.text).where(
            Presenter.treatment_id.in_(treatment_ids)
        )
        for treatment_id, text in db.execute(wanted.order_by(Presenter.position)):
            texts[treatment_id].append(text)
    return texts
