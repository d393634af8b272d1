"""Who sits where, and with which role, on a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.access.roles import FORUM_ROLES, Role
from app.directory.models import Person
from app.directory.queries import organisation_names
from app.directory.rules import Side
from app.forums.models import Membership, Seat
from app.forums.rules import Term

_RANK = {role: rank for rank, role in enumerate(FORUM_ROLES)}


@dataclass(frozen=True, slots=True)
class PersonInSeat:
    """A person with a role and its term, both days included."""

    membership_id: UUID
    version: int
    person_id: UUID
    name: str
    role: Role
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat and who is in it; ``seat_id`` is None on the line of those without a seat."""

    seat_id: UUID | None
    version: int
    position: int
    organisation_id: UUID | None
    organisation_name: str
    abbreviation: str
    side: Side | None
    appointed_by: str
    valid_from: date | None
    valid_to: date | None
    people: tuple[PersonInSeat, ...]


def members_on(db: Session, forum_id: UUID, day: date) -> Sequence[SeatLine]:
    """The forum's seats on a day in their order, empty ones included, as their organisations were called then.

    Those without a seat stand on one line at the end. People are ordered by role, then by name. Three queries. The caller
    has checked that the actor may read the forum.
    """
    people = _people_on(db, forum_id, day)
    seats = db.scalars(
        select(Seat)
        .where(Seat.forum_id == forum_id, *_holding(Seat.valid_from, Seat.valid_to, day))
        .order_by(Seat.position, Seat.id)
    ).all()
    names = organisation_names(db, {seat.organisation_id for seat in seats if seat.organisation_id}, day)
    lines = []
    for seat in seats:
        called = names.get(seat.organisation_id) if seat.organisation_id else None
        lines.append(
            SeatLine(
                seat_id=seat.id,
                version=seat.version,
                position=seat.position,
                organisation_id=seat.organisation_id,
                organisation_name=called.name if called else "",
                abbreviation=called.abbreviation if called else "",
                side=seat.side,
                appointed_by=seat.appointed_by,
                valid_from=seat.valid_from,
                valid_to=seat.valid_to,
                people=tuple(people.pop(seat.id, ())),
            )
        )
    unseated = tuple(person for group in people.values() for person in group)
    if unseated:
        lines.append(SeatLine(None, 0, len(lines) + 1, None, "", "", None, "", None, None, unseated))
    return lines


def roles_of(db: Session, person_id: UUID, day: date) -> dict[UUID, frozenset[Role]]:
    """The person's roles on a day, by forum. One query; the only source of rights."""
    rows = db.execute(
        select(Membership.forum_id, Membership.role).where(
            Membership.person_id == person_id, *_holding(Membership.valid_from, Membership.valid_to, day)
        )
    )
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for forum_id, role in rows:
        roles[forum_id].add(role)
    return {forum_id: frozenset(held) for forum_id, held in roles.items()}


def terms_of(db: Session, forum_id: UUID, *, but: UUID | None = None) -> list[Term]:
    """Every term of the forum, past and coming, but that of one membership."""
    rows = db.execute(
        select(
            Membership.person_id,
            Membership.role,
            Membership.seat_id,
            Membership.valid_from,
            Membership.valid_to,
            Membership.id,
        ).where(Membership.forum_id == forum_id)
    )
    return [
        Term(row.person_id, row.role, row.seat_id, row.valid_from, row.valid_to)
        for row in rows
        if row.id != but
    ]


def last_seat_position(db: Session, forum_id: UUID) -> int:
    """The position of the forum's last seat; 0 without any."""
    return db.scalar(select(func.max(Seat.position)).where(Seat.forum_id == forum_id)) or 0


def _people_on(db: Session, forum_id: UUID, day: date) -> dict[UUID | None, list[PersonInSeat]]:
    rows = db.execute(
        select(
            Membership.seat_id,
            Membership.id,
            Membership.version,
            Membership.person_id,
            Person.name,
            Membership.role,
            Membership.valid_from,
            Membership.valid_to,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.forum_id == forum_id, *_holding(Membership.valid_from, Membership.valid_to, day))
        .order_by(Person.sort_key, Membership.id)
    ).all()
    people: dict[UUID | None, list[PersonInSeat]] = defaultdict(list)
    for seat_id, membership_id, version, person_id, name, role, valid_from, valid_to in sorted(
        rows, key=lambda row: _RANK[row.role]
    ):
        people[seat_id].append(
            PersonInSeat(membership_id, version, person_id, name, role, valid_from, valid_to)
        )
    return dict(people)


def _holding(
    valid_from: InstrumentedAttribute[date] | InstrumentedAttribute[date | None],
    valid_to: InstrumentedAttribute[date | None],
    day: date,
) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(valid_from.is_(None), valid_from <= day),
        or_(valid_to.is_(None), valid_to >= day),
    )


def memberships_of(db: Session, person_id: UUID) -> Sequence[UUID]:
    """The ids of every membership that the person has or had, in any forum."""
    return db.scalars(select(Membership.id).where(Membership.person_id == person_id)).all()
