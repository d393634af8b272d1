"""Seats, and the people in them."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import Role
from app.audit.service import changed, record
from app.directory.models import Organisation, Person
from app.directory.rules import Days, Side
from app.forums.models import Membership, Seat
from app.forums.queries.members import last_seat_position, terms_of
from app.forums.rules import Term, covers, dates_reasons, membership_reasons
from app.forums.service.loading import lock_forum, require_in_forum
from app.kernel.errors import Conflict, NotFound, Reason, RuleBroken, refuse_if
from app.kernel.text import clean_line


def add_seat(
    db: Session,
    actor: Actor,
    forum_id: UUID,
    *,
    organisation_id: UUID | None = None,
    side: Side | None = None,
    appointed_by: str = "",
    position: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Seat:
    """Give the forum a seat, last in order unless told where. The side is the organisation's unless given.

    :raise RuleBroken: when there is neither organisation nor side, or the days are out of order.
    """
    require_in_forum(actor, Permission.FORUM_SEAT, forum_id)
    lock_forum(db, forum_id)
    side = _side(db, organisation_id, side)
    refuse_if(dates_reasons(valid_from, valid_to, "seat"))
    seat = Seat(
        forum_id=forum_id,
        organisation_id=organisation_id,
        side=side,
        appointed_by=clean_line(appointed_by),
        position=last_seat_position(db, forum_id) + 1 if position is None else position,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.add(seat)
    db.flush()
    told = ("organisation_id", "side", "appointed_by", "valid_from", "valid_to")
    changes = {field: (None, getattr(seat, field)) for field in told}
    record(db, actor, "seat.added", seat, forum_id=forum_id, changes=changes)
    db.flush()
    return seat


def update_seat(
    db: Session,
    actor: Actor,
    seat_id: UUID,
    *,
    version: int,
    organisation_id: UUID | None,
    side: Side | None,
    appointed_by: str,
    position: int,
    valid_from: date | None,
    valid_to: date | None,
) -> Seat:
    """Change a seat.

    :raise RuleBroken: also when somebody would sit in it outside its days.
    :raise Conflict: when it was changed since the caller read it.
    """
    seat = _seat_for_change(db, actor, seat_id, version)
    side = _side(db, organisation_id, side)
    refuse_if(dates_reasons(valid_from, valid_to, "seat"))
    days = Days(valid_from, valid_to)
    if any(term.seat_id == seat.id and not covers(days, term) for term in terms_of(db, seat.forum_id)):
        raise RuleBroken(Reason("seat.still_held", "valid_to"))
    changes = changed(
        seat,
        organisation_id=organisation_id,
        side=side,
        appointed_by=clean_line(appointed_by),
        position=position,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if changes:
        seat.version += 1
        record(db, actor, "seat.changed", seat, forum_id=seat.forum_id, changes=changes)
    db.flush()
    return seat


def end_seat(db: Session, actor: Actor, seat_id: UUID, *, version: int, last_day: date) -> Seat:
    """Let a seat end after a day. Those who sit in it have been moved or ended before.

    :raise RuleBroken: when somebody sits in it after the day.
    :raise Conflict: when it was changed since the caller read it.
    """
    seat = _seat_for_change(db, actor, seat_id, version)
    return update_seat(
        db,
        actor,
        seat_id,
        version=version,
        organisation_id=seat.organisation_id,
        side=seat.side,
        appointed_by=seat.appointed_by,
        position=seat.position,
        valid_from=seat.valid_from,
        valid_to=last_day,
    )


def add_membership(
    db: Session,
    actor: Actor,
    forum_id: UUID,
    *,
    person_id: UUID,
    role: Role,
    seat_id: UUID | None,
    valid_from: date,
    valid_to: date | None,
) -> Membership:
    """Put a person into the forum with a role and a term, both days included. Rights follow at once.

    :raise RuleBroken: with every reason of ``rules.membership_reasons``.
    """
    require_in_forum(actor, Permission.FORUM_SEAT, forum_id)
    lock_forum(db, forum_id)
    person = db.get(Person, person_id)
    if person is None:
        raise RuleBroken(Reason("membership.person_unknown", "person_id"))
    term = Term(person_id, role, seat_id, valid_from, valid_to)
    refuse_if(membership_reasons(term, terms_of(db, forum_id), _seat_of(db, forum_id, seat_id)))
    membership = Membership(
        forum_id=forum_id,
        person_id=person_id,
        role=role,
        seat_id=seat_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.add(membership)
    db.flush()
    told = ("role", "seat_id", "valid_from", "valid_to")
    changes = {field: (None, getattr(membership, field)) for field in told}
    record(db, actor, "membership.added", membership, name=person.name, forum_id=forum_id, changes=changes)
    db.flush()
    return membership


def update_membership(
    db: Session,
    actor: Actor,
    membership_id: UUID,
    *,
    version: int,
    role: Role,
    seat_id: UUID | None,
    valid_from: date,
    valid_to: date | None,
) -> Membership:
    """Change a person's role, seat or term. For a new role from a day on, end this one and add another.

    :raise RuleBroken: with every reason of ``rules.membership_reasons``.
    :raise Conflict: when it was changed since the caller read it.
    """
    membership = _membership_for_change(db, actor, membership_id, version)
    forum_id = membership.forum_id
    term = Term(membership.person_id, role, seat_id, valid_from, valid_to)
    others = terms_of(db, forum_id, but=membership.id)
    refuse_if(membership_reasons(term, others, _seat_of(db, forum_id, seat_id)))
    changes = changed(membership, role=role, seat_id=seat_id, valid_from=valid_from, valid_to=valid_to)
    if changes:
        membership.version += 1
        person = db.get_one(Person, membership.person_id)
        record(
            db, actor, "membership.changed", membership, name=person.name, forum_id=forum_id, changes=changes
        )
    db.flush()
    return membership


def end_membership(
    db: Session, actor: Actor, membership_id: UUID, *, version: int, last_day: date
) -> Membership:
    """Let a term end after a day.

    :raise RuleBroken: when the day is before the term began, or would prolong it into another's.
    :raise Conflict: when it was changed since the caller read it.
    """
    membership = _membership_for_change(db, actor, membership_id, version)
    return update_membership(
        db,
        actor,
        membership_id,
        version=version,
        role=membership.role,
        seat_id=membership.seat_id,
        valid_from=membership.valid_from,
        valid_to=last_day,
    )


def _seat_for_change(db: Session, actor: Actor, seat_id: UUID, version: int) -> Seat:
    found = db.get(Seat, seat_id)
    if found is None:
        raise NotFound
    require_in_forum(actor, Permission.FORUM_SEAT, found.forum_id)
    lock_forum(db, found.forum_id)
    seat = db.get_one(Seat, seat_id, with_for_update=True, populate_existing=True)
    if seat.version != version:
        raise Conflict("seat", stored_version=seat.version)
    return seat


def _membership_for_change(db: Session, actor: Actor, membership_id: UUID, version: int) -> Membership:
    found = db.get(Membership, membership_id)
    if found is None:
        raise NotFound
    require_in_forum(actor, Permission.FORUM_SEAT, found.forum_id)
    lock_forum(db, found.forum_id)
    membership = db.get_one(Membership, membership_id, with_for_update=True, populate_existing=True)
    if membership.version != version:
        raise Conflict("membership", stored_version=membership.version)
    return membership


def _side(db: Session, organisation_id: UUID | None, side: Side | None) -> Side:
    organisation = None if organisation_id is None else db.get(Organisation, organisation_id)
    if organisation_id is not None and organisation is None:
        raise RuleBroken(Reason("seat.organisation_unknown", "organisation_id"))
    if side is not None:
        return side
    if organisation is None:
        raise RuleBroken(Reason("seat.side_needed", "side"))
    return organisation.side


def _seat_of(db: Session, forum_id: UUID, seat_id: UUID | None) -> Days | None:
    """The days of a seat of this forum; None when no seat is wanted."""
    if seat_id is None:
        return None
    seat = db.get(Seat, seat_id, populate_existing=True)
    if seat is None or seat.forum_id != forum_id:
        raise RuleBroken(Reason("membership.seat_unknown", "seat_id"))
    return Days(seat.valid_from, seat.valid_to)
