"""Lists and single forums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.directory.queries import OrganisationNameOn, organisation_names
from app.directory.rules import in_force
from app.forums.models import Forum
from app.forums.policy import readable
from app.forums.queries.members import SeatLine, members_on
from app.forums.rules import Level
from app.kernel.errors import NotFound
from app.kernel.language import Language


@dataclass(frozen=True, slots=True)
class ForumLine:
    """One forum in a list."""

    id: UUID
    key: str
    name: str
    level: Level
    language: Language
    parent_id: UUID | None
    active_from: date | None
    active_to: date | None


@dataclass(frozen=True, slots=True)
class MandateLine:
    """What a forum is to do and may do, between two days, both included."""

    id: UUID
    valid_from: date
    valid_to: date | None
    text: str
    may_advise: bool
    may_decide: bool
    may_start_stop: bool
    may_grant: bool


@dataclass(frozen=True, slots=True)
class ForumOverview:
    """What a forum's page shows. Parent and children are there only when the actor may read them."""

    id: UUID
    version: int
    key: str
    name: str
    level: Level
    language: Language
    default_place: str
    active_from: date | None
    active_to: date | None
    secretariat: OrganisationNameOn | None
    parent: ForumLine | None
    children: tuple[ForumLine, ...]
    mandate: MandateLine | None  # the one in force on the day
    mandates: tuple[MandateLine, ...]  # the newest first
    seats: tuple[SeatLine, ...]


_LINE = (
    Forum.id,
    Forum.key,
    Forum.name,
    Forum.level,
    Forum.language,
    Forum.parent_id,
    Forum.active_from,
    Forum.active_to,
)


def list_forums(db: Session, actor: Actor) -> Sequence[ForumLine]:
    """The forums that the actor may read, in alphabetical order."""
    return _lines(db, readable(actor))


def get_forum(db: Session, actor: Actor, key: str) -> Forum:
    """A forum by its key, with labels, sections and mandates loaded.

    :raise NotFound: when it is missing, or the actor may not read it.
    """
    return _one(db, actor, Forum.key == key)


def forum_by_id(db: Session, actor: Actor, forum_id: UUID) -> Forum:
    """A forum by its id, loaded as by ``get_forum``.

    :raise NotFound: when it is missing, or the actor may not read it.
    """
    return _one(db, actor, Forum.id == forum_id)


def forum_overview(db: Session, actor: Actor, key: str, day: date) -> ForumOverview:
    """Everything on a forum's page, as of a day. A constant number of queries.

    :raise NotFound: when it is missing, or the actor may not read it.
    """
    forum = get_forum(db, actor, key)
    near = _lines(db, readable(actor), (Forum.parent_id == forum.id) | (Forum.id == forum.parent_id))
    names = organisation_names(db, [forum.secretariat_id] if forum.secretariat_id else [], day)
    mandates = [
        MandateLine(
            mandate.id,
            mandate.valid_from,
            mandate.valid_to,
            mandate.text,
            mandate.may_advise,
            mandate.may_decide,
            mandate.may_start_stop,
            mandate.may_grant,
        )
        for mandate in forum.mandates
    ]
    return ForumOverview(
        id=forum.id,
        version=forum.version,
        key=forum.key,
        name=forum.name,
        level=forum.level,
        language=forum.language,
        default_place=forum.default_place,
        active_from=forum.active_from,
        active_to=forum.active_to,
        secretariat=next(iter(names.values()), None),
        parent=next((line for line in near if line.id == forum.parent_id), None),
        children=tuple(line for line in near if line.parent_id == forum.id),
        mandate=in_force(mandates, day),
        mandates=tuple(reversed(mandates)),
        seats=tuple(members_on(db, forum.id, day)),
    )


def key_in_use(db: Session, key: str) -> bool:
    """Whether a forum has this key, readable or not."""
    return db.scalars(select(Forum.id).where(Forum.key == key)).first() is not None


def _lines(db: Session, *wanted: ColumnElement[bool]) -> list[ForumLine]:
    rows = db.execute(select(*_LINE).where(*wanted).order_by(Forum.sort_key, Forum.key))
    return [ForumLine(*row) for row in rows]


def _one(db: Session, actor: Actor, wanted: ColumnElement[bool]) -> Forum:
    forum = db.scalars(
        select(Forum)
        .where(wanted, readable(actor))
        .options(selectinload(Forum.labels), selectinload(Forum.sections), selectinload(Forum.mandates))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if forum is None:
        raise NotFound
    return forum
