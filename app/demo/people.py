"""Organisations, forums, seats, people and log-ins of the demo."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.directory.rules import Side
from app.directory.service import create_organisation, create_person, rename_organisation
from app.forums.deadline_rules import DeadlineKind, DeadlineRule
from app.forums.models import Forum
from app.forums.rules import Level
from app.forums.service.deadlines import set_deadlines
from app.forums.service.forums import add_mandate, create_forum
from app.forums.service.seats import add_membership, add_seat
from app.identity.service.users import create_user
from app.kernel.language import Language


@dataclass
class Known:
    """What has been made so far, by the keys and names of the data files."""

    organisations: dict[str, UUID] = field(default_factory=dict)
    forums: dict[str, Forum] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    meetings: dict[tuple[str, date | str], UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)


def load_directory(db: Session, actor: Actor, known: Known, data: dict[str, Any]) -> None:
    """Organisations with every name they have had."""
    for entry in data["organisation"]:
        first, *later = entry["names"]
        made = create_organisation(
            db,
            actor,
            name=first["name"],
            abbreviation=first["abbreviation"],
            side=Side(entry["side"]),
            valid_from=first.get("from"),
            predecessor_id=known.organisations.get(entry.get("predecessor", "")),
        )
        known.organisations[entry["key"]] = made.id
        for name in later:
            rename_organisation(
                db,
                actor,
                made.id,
                version=made.version,
                name=name["name"],
                abbreviation=name["abbreviation"],
                valid_from=name["from"],
            )


def load_forums(db: Session, actor: Actor, known: Known, data: dict[str, Any]) -> None:
    """Forums with mandate, seats and the people in them."""
    for entry in data["forum"]:
        parent = known.forums.get(entry.get("parent", ""))
        forum = create_forum(
            db,
            actor,
            key=entry["key"],
            name=entry["name"],
            language=Language(entry["language"]),
            level=Level(entry["level"]),
            parent_id=parent.id if parent else None,
            secretariat_id=known.organisations[entry["secretariat"]],
            default_place=entry["place"],
        )
        known.forums[entry["key"]] = forum
        if deadlines := entry.get("deadlines"):
            rules = [DeadlineRule(**{**each, "kind": DeadlineKind(each["kind"])}) for each in deadlines]
            set_deadlines(db, actor, forum.id, version=forum.version, rules=rules)
        mandate = entry["mandate"]
        add_mandate(
            db,
            actor,
            forum.id,
            valid_from=mandate["from"],
            valid_to=None,
            text=mandate["text"],
            **{f"may_{what}": what in mandate["may"] for what in ("advise", "decide", "start_stop", "grant")},
        )
        for seat in entry["seats"]:
            _load_seat(db, actor, known, forum, seat)
        for person in entry["people"]:
            organisation = known.organisations[person["organisation"]]
            _seat_person(db, actor, known, forum, person, seat_id=None, organisation_id=organisation)


def _load_seat(db: Session, actor: Actor, known: Known, forum: Forum, entry: dict[str, Any]) -> None:
    organisation = known.organisations[entry["organisation"]]
    seat = add_seat(
        db,
        actor,
        forum.id,
        organisation_id=organisation,
        side=None,
        appointed_by=entry["appointed_by"],
        valid_from=entry.get("from"),
        valid_to=entry.get("to"),
    )
    for person in entry["people"]:
        _seat_person(db, actor, known, forum, person, seat_id=seat.id, organisation_id=organisation)


def _seat_person(
    db: Session,
    actor: Actor,
    known: Known,
    forum: Forum,
    entry: dict[str, Any],
    *,
    seat_id: UUID | None,
    organisation_id: UUID,
) -> None:
    name = entry["name"]
    if name not in known.people:
        known.people[name] = create_person(db, actor, name=name, organisation_id=organisation_id).id
    add_membership(
        db,
        actor,
        forum.id,
        person_id=known.people[name],
        role=Role(entry["role"]),
        seat_id=seat_id,
        valid_from=entry["from"],
        valid_to=entry.get("to"),
    )


def load_logins(db: Session, actor: Actor, known: Known, data: dict[str, Any], password: str) -> None:
    """Accounts for some of the people, and for an administrator who sits nowhere."""
    for entry in data["login"]:
        name = entry["name"]
        if name not in known.people:
            known.people[name] = create_person(db, actor, name=name).id
        create_user(
            db,
            actor,
            email=entry["email"],
            name=name,
            person_id=known.people[name],
            is_administrator=entry.get("administrator", False),
            language=Language(entry["language"]),
            password=password,
        )
