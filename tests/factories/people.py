"""Organisations and persons, built directly."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.directory.models import Organisation, OrganisationName, Person
from app.directory.rules import Side
from app.kernel.sorting import sort_key


def make_organisation(
    db: Session,
    name: str = "Digitaliseringsdirektoratet",
    abbreviation: str = "",
    *,
    side: Side = Side.STATE,
    valid_from: date | None = None,
    valid_to: date | None = None,
    predecessor_id: UUID | None = None,
) -> Organisation:
    """An organisation with one name."""
    organisation = Organisation(side=side, predecessor_id=predecessor_id)
    organisation.names = [
        OrganisationName(
            name=name,
            abbreviation=abbreviation,
            sort_key=sort_key(name),
            valid_from=valid_from,
            valid_to=valid_to,
        )
    ]
    db.add(organisation)
    db.flush()
    return organisation


def make_person(
    db: Session, name: str = "Kari Nordmann", *, email: str = "", organisation_id: UUID | None = None
) -> Person:
    """A person."""
    person = Person(name=name, sort_key=sort_key(name), email=email, organisation_id=organisation_id)
    db.add(person)
    db.flush()
    return person
