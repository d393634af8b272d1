"""What organisations are called on a day."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.directory.models import Organisation, OrganisationName
from app.directory.rules import in_force_or_nearest


@dataclass(frozen=True, slots=True)
class OrganisationNameOn:
    """What an organisation was called on a day."""

    name: str
    abbreviation: str

    @property
    def short(self) -> str:
        """The abbreviation, or the name where there is none."""
        return self.abbreviation or self.name


@dataclass(frozen=True, slots=True)
class NameLine:
    """A name and the days between which it held, both included."""

    name: str
    abbreviation: str
    valid_from: date | None
    valid_to: date | None


def organisation_names(db: Session, ids: Collection[UUID], day: date) -> dict[UUID, OrganisationNameOn]:
    """What each of the organisations was called on the day; before its first known name, that name. One query."""
    if not ids:
        return {}
    result = {}
    for organisation_id, names in names_of(db, ids).items():
        name = in_force_or_nearest(names, day)
        if name is not None:
            result[organisation_id] = OrganisationNameOn(name.name, name.abbreviation)
    return result


def name_id_on(day: date) -> ColumnElement[UUID]:
    """The same choice as ``rules.in_force_or_nearest``, as SQL; a test holds the two together."""
    name = aliased(OrganisationName)
    its = select(name.id).where(name.organisation_id == Organisation.id).limit(1).correlate(Organisation)
    begun = its.where(or_(name.valid_from.is_(None), name.valid_from <= day))
    return func.coalesce(
        begun.order_by(name.valid_from.desc().nulls_last()).scalar_subquery(),
        its.order_by(name.valid_from).scalar_subquery(),
    )


def names_of(db: Session, ids: Collection[UUID]) -> dict[UUID, list[NameLine]]:
    """Every name of each of the organisations, the oldest first."""
    rows = db.execute(
        select(
            OrganisationName.organisation_id,
            OrganisationName.name,
            OrganisationName.abbreviation,
            OrganisationName.valid_from,
            OrganisationName.valid_to,
        )
        .where(OrganisationName.organisation_id.in_(ids))
        .order_by(OrganisationName.valid_from.nulls_first())
    )
    names = defaultdict(list)
    for organisation_id, name, abbreviation, valid_from, valid_to in rows:
        names[organisation_id].append(NameLine(name, abbreviation, valid_from, valid_to))
    return dict(names)


def last_name(db: Session, organisation_id: UUID) -> OrganisationName:
    """The newest name, for who is about to change it."""
    return db.scalars(
        select(OrganisationName)
        .where(OrganisationName.organisation_id == organisation_id)
        .order_by(OrganisationName.valid_from.desc().nulls_last())
        .limit(1)
    ).one()
