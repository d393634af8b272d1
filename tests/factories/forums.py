"""Forums and the people in them, built directly; and actors with roles, without any records."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.directory.rules import Side
from app.forums.models import Forum, Membership, Seat, SectionTemplate
from app.forums.rules import FIRST_SECTIONS, Level
from app.kernel.language import Language
from app.kernel.sorting import sort_key


def make_forum(db: Session, key: str = "skate", name: str = "", **fields: Any) -> Forum:
    """A forum with the usual sections and no labels of its own."""
    name = name or key.capitalize()
    fields = {"level": Level.STRATEGIC, "language": Language.NB, "sort_key": sort_key(name)} | fields
    forum = Forum(key=key, name=name, labels=[], mandates=[], **fields)
    forum.sections = [
        SectionTemplate(key=section, kind=kind, position=position)
        for position, (section, kind) in enumerate(FIRST_SECTIONS, start=1)
    ]
    db.add(forum)
    db.flush()
    return forum


def make_seat(
    db: Session,
    forum: Forum,
    *,
    organisation_id: UUID | None = None,
    side: Side = Side.STATE,
    position: int = 1,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Seat:
    """A seat of a forum."""
    seat = Seat(
        forum_id=forum.id,
        organisation_id=organisation_id,
        side=side,
        position=position,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.add(seat)
    db.flush()
    return seat


def make_membership(
    db: Session,
    forum: Forum,
    person_id: UUID,
    role: Role = Role.MEMBER,
    *,
    seat_id: UUID | None = None,
    valid_from: date = date(2000, 1, 1),
    valid_to: date | None = None,
) -> Membership:
    """A person in a forum, from long ago unless told otherwise."""
    membership = Membership(
        forum_id=forum.id,
        person_id=person_id,
        role=role,
        seat_id=seat_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.add(membership)
    db.flush()
    return membership


def actor_with(forum: Forum, *roles: Role, person_id: UUID | None = None) -> Actor:
    """Somebody with these roles in one forum."""
    return Actor(uuid4(), "Kari Nordmann", person_id=person_id, roles={forum.id: frozenset(roles)})


def outsider() -> Actor:
    """Somebody who is signed in and has no role anywhere."""
    return Actor(uuid4(), "Ola Utenfor")


def administrator() -> Actor:
    """Somebody who administers the installation."""
    return Actor(uuid4(), "Ada Admin", is_administrator=True)
