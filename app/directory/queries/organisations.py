"""Lists and single organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor, require
from app.access.permissions import Permission
from app.directory.models import Organisation, OrganisationName
from app.directory.queries.names import NameLine, name_id_on, names_of
from app.directory.queries.pages import LINES_A_PAGE, Page, place, searched
from app.directory.rules import Side, in_force_or_nearest
from app.kernel.errors import NotFound
from app.kernel.sorting import sort_key
from app.platform.clock import today


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """One organisation in the list, as it was called on the day asked for."""

    id: UUID
    name: str
    abbreviation: str
    side: Side
    registration_number: str
    has_template: bool


@dataclass(frozen=True, slots=True)
class OrganisationOption:
    """An organisation to choose."""

    id: UUID
    name: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class OrganisationDetails:
    """Everything that is known of an organisation. ``names`` begins with the oldest."""

    id: UUID
    version: int
    name: str
    abbreviation: str
    side: Side
    registration_number: str
    template_sha256: str | None
    template_name: str
    candidate_sha256: str | None
    candidate_name: str
    candidate_removed: tuple[str, ...]
    names: tuple[NameLine, ...]
    predecessor: OrganisationOption | None
    successors: tuple[OrganisationOption, ...]


def list_organisations(
    db: Session, actor: Actor, *, search: str = "", day: date, page: int = 1
) -> Page[OrganisationLine]:
    """A page of organisations by name on the day. The search finds earlier names too."""
    require(actor, Permission.DIRECTORY_READ)
    wanted = [OrganisationName.id == name_id_on(day)]
    if folded := searched(search).casefold():
        any_name = aliased(OrganisationName)
        wanted.append(
            Organisation.id.in_(
                select(any_name.organisation_id).where(any_name.folded.contains(folded, autoescape=True))
            )
        )
    total = db.scalar(select(func.count()).select_from(Organisation).join(OrganisationName).where(*wanted))
    page, pages, skip = place(total or 0, page)
    rows = db.execute(
        select(
            Organisation.id,
            OrganisationName.name,
            OrganisationName.abbreviation,
            Organisation.side,
            Organisation.registration_number,
            Organisation.template_sha256.is_not(None),
        )
        .join(OrganisationName)
        .where(*wanted)
        .order_by(OrganisationName.sort_key, Organisation.id)
        .limit(LINES_A_PAGE)
        .offset(skip)
    )
    return Page(tuple(OrganisationLine(*row) for row in rows), page, pages, total or 0)


def get_organisation(db: Session, actor: Actor, organisation_id: UUID) -> OrganisationDetails:
    """One organisation with all its names, called as today.

    :raise NotFound: when there is none.
    """
    require(actor, Permission.DIRECTORY_READ)
    found = db.execute(
        select(
            Organisation.version,
            Organisation.side,
            Organisation.registration_number,
            Organisation.template_sha256,
            Organisation.template_name,
            Organisation.candidate_sha256,
            Organisation.candidate_name,
            Organisation.candidate_removed,
            Organisation.predecessor_id,
        ).where(Organisation.id == organisation_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    successor_ids = db.scalars(
        select(Organisation.id).where(Organisation.predecessor_id == organisation_id)
    ).all()
    related = [organisation_id, *successor_ids, *([found.predecessor_id] if found.predecessor_id else [])]
    names = names_of(db, related)
    called = {key: in_force_or_nearest(its, today()) for key, its in names.items()}

    def option(key: UUID) -> OrganisationOption:
        name = called.get(key)
        return OrganisationOption(key, name.name if name else "", name.abbreviation if name else "")

    own = option(organisation_id)
    return OrganisationDetails(
        id=organisation_id,
        version=found.version,
        name=own.name,
        abbreviation=own.abbreviation,
        side=found.side,
        registration_number=found.registration_number,
        template_sha256=found.template_sha256,
        template_name=found.template_name,
        candidate_sha256=found.candidate_sha256,
        candidate_name=found.candidate_name,
        candidate_removed=tuple(found.candidate_removed.split()),
        names=tuple(names.get(organisation_id, ())),
        predecessor=option(found.predecessor_id) if found.predecessor_id else None,
        successors=tuple(
            sorted((option(key) for key in successor_ids), key=lambda successor: sort_key(successor.name))
        ),
    )


def organisation_options(db: Session, day: date) -> Sequence[OrganisationOption]:
    """Every organisation as it was called on the day, in alphabetical order."""
    rows = db.execute(
        select(Organisation.id, OrganisationName.name, OrganisationName.abbreviation)
        .join(OrganisationName)
        .where(OrganisationName.id == name_id_on(day))
        .order_by(OrganisationName.sort_key, Organisation.id)
    )
    return [OrganisationOption(*row) for row in rows]
