"""Lists and single persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.directory.models import Person
from app.directory.queries.names import OrganisationNameOn, organisation_names
from app.directory.queries.pages import LINES_A_PAGE, Page, place, searched
from app.kernel.errors import NotFound
from app.platform.clock import today

_PERSON = (Person.id, Person.version, Person.name, Person.email, Person.organisation_id)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person, with what the organisation is called on the day asked for."""

    id: UUID
    version: int
    name: str
    email: str
    organisation_id: UUID | None
    organisation: OrganisationNameOn | None


@dataclass(frozen=True, slots=True)
class PersonOption:
    """A person to choose; the organisation tells namesakes apart."""

    id: UUID
    name: str
    organisation: str


def list_persons(
    db: Session, actor: Actor, *, search: str = "", day: date, page: int = 1
) -> Page[PersonLine]:
    """A page of persons by name.

    E-mail addresses are for those who keep the directory: to others they are empty, and not searched either.
    """
    require(actor, Permission.DIRECTORY_READ)
    wanted: list[ColumnElement[bool]] = []
    if folded := searched(search).casefold():
        named = Person.folded_name.contains(folded, autoescape=True)
        if actor.may(Permission.DIRECTORY_EDIT):
            named = or_(named, Person.email.contains(folded, autoescape=True))
        wanted.append(named)
    total = db.scalar(select(func.count()).select_from(Person).where(*wanted)) or 0
    page, pages, skip = place(total, page)
    rows = db.execute(
        select(*_PERSON).where(*wanted).order_by(Person.sort_key, Person.id).limit(LINES_A_PAGE).offset(skip)
    ).all()
    names = organisation_names(db, {row.organisation_id for row in rows if row.organisation_id}, day)
    lines = tuple(_line(actor, row, names) for row in rows)
    return Page(lines, page, pages, total)


def get_person(db: Session, actor: Actor, person_id: UUID) -> PersonLine:
    """One person, the organisation called as today.

    :raise NotFound: when there is none.
    """
    require(actor, Permission.DIRECTORY_READ)
    row = db.execute(select(*_PERSON).where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NotFound
    names = organisation_names(db, [row.organisation_id] if row.organisation_id else [], today())
    return _line(actor, row, names)


def _line(actor: Actor, row: Row[*tuple[Any, ...]], names: Mapping[UUID, OrganisationNameOn]) -> PersonLine:
    shown = row.email if actor.may(Permission.DIRECTORY_EDIT) else ""
    return PersonLine(
        row.id, row.version, row.name, shown, row.organisation_id, names.get(row.organisation_id)
    )


def person_options(db: Session) -> Sequence[PersonOption]:
    """Every person in alphabetical order. Two queries."""
    rows = db.execute(
        select(Person.id, Person.name, Person.organisation_id).order_by(Person.sort_key, Person.id)
    ).all()
    names = organisation_names(db, {row.organisation_id for row in rows if row.organisation_id}, today())
    return [
        PersonOption(
            row.id, row.name, names[row.organisation_id].short if row.organisation_id in names else ""
        )
        for row in rows
    ]
