"""What the pages of a forum are given."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.access.actor import require
from app.access.permissions import Permission
from app.directory.queries import organisation_options
from app.forums.models import Forum
from app.forums.queries import ForumLine, ForumOverview, SeatLine, get_forum, list_forums
from app.kernel.dates import is_within, parse_date
from app.kernel.errors import RuleBroken
from app.platform.clock import today
from app.web.shared.forms import AnyForm, Bound
from app.web.shared.reasons import refused
from app.web.shared.visit import Visit
from app.web.shared.words import LANGUAGES, LEVELS, PERIODS, ROLES, SIDES, choices, word


def is_active(forum: Forum | ForumLine | ForumOverview, day: date) -> bool:
    """Whether the forum works on the day; both its days are included."""
    return is_within(day, forum.active_from, forum.active_to)


def frame(forum: Forum | ForumOverview) -> dict[str, Any]:
    """What the head of every page of a forum needs."""
    return {"forum": forum, "is_active": is_active(forum, today())}


def for_change(visit: Visit, key: str, permission: Permission) -> Forum:
    """The forum, for a page that only those who may change it see.

    :raise NotFound: when it is missing or not readable.
    :raise NotAllowed: when the visitor may only read it.
    """
    forum = get_forum(visit.db, visit.actor, key)
    require(visit.actor, permission, forum.id)
    return forum


def forum_words(visit: Visit) -> dict[str, Any]:
    """The lists to choose from in a forum's settings."""
    return {
        "levels": choices(LEVELS, visit.language),
        "languages": choices(LANGUAGES, visit.language),
        "periods": choices(PERIODS, visit.language),
    }


def parent_choices(visit: Visit, *, without: UUID | None = None) -> list[tuple[str, str]]:
    """The forums that may stand above another, but that one itself."""
    return [(str(line.id), line.name) for line in list_forums(visit.db, visit.actor) if line.id != without]


def organisation_choices(visit: Visit, day: date) -> list[tuple[str, str]]:
    """Every organisation, as it was called on the day."""
    return [
        (str(each.id), called(each.name, each.abbreviation)) for each in organisation_options(visit.db, day)
    ]


def called(name: str, abbreviation: str) -> str:
    """A name with its abbreviation, where there is one that says something else."""
    return f"{name} ({abbreviation})" if abbreviation and abbreviation != name else name


def seat_name(visit: Visit, seat: SeatLine) -> str:
    """What a seat is called: its organisation, or the side it belongs to when it has none."""
    if seat.organisation_name:
        return called(seat.organisation_name, seat.abbreviation)
    return word(SIDES, seat.side, visit.language) if seat.side else ""


def seat_choices(visit: Visit, seats: Iterable[SeatLine]) -> list[tuple[str, str]]:
    """The seats of a forum to put a person in."""
    return [
        (str(seat.seat_id), f"{seat.position}. {seat_name(visit, seat)}")
        for seat in seats
        if seat.seat_id is not None
    ]


def member_words(visit: Visit) -> dict[str, Any]:
    """The lists to choose from when seats are filled."""
    return {
        "roles": choices(ROLES, visit.language),
        "role_words": dict(choices(ROLES, visit.language)),
        "sides": choices(SIDES, visit.language),
        "side_words": dict(choices(SIDES, visit.language)),
    }


def asked_day(text: str) -> tuple[date, str | None]:
    """The day that an address asks for, and the code of what is wrong with it; today when it says nothing usable."""
    if not text.strip():
        return today(), None
    try:
        return parse_date(text), None
    except ValueError:
        return today(), "not_a_date"


def refused_under(bound: Bound[AnyForm], broken: RuleBroken, **fields: str) -> Bound[AnyForm]:
    """The form as ``refused`` gives it back, where its fields are called otherwise than those of the rules."""
    reasons = (replace(reason, field=fields.get(reason.field, reason.field)) for reason in broken.reasons)
    return refused(bound, RuleBroken(*reasons))
