"""Drawing case numbers.

A number is drawn in the transaction that uses it: when that fails the number was never given, so there is no hole, and
while it lasts nobody else draws from the series, so there is no duplicate. Draw as late in a transaction as possible.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Update, case, update
from sqlalchemy.orm import Session

from app.forums.models import Forum, NumberSeries
from app.forums.rules import LAST_NUMBER, SeriesPeriod, series_prefix
from app.kernel.case_number import FIRST_YEAR, LAST_YEAR
from app.kernel.errors import Reason, RuleBroken
from app.platform.db import insert_if_new


@dataclass(frozen=True, slots=True)
class DrawnNumber:
    """A number in a series. ``year`` is None in a series that never begins again."""

    series_id: UUID
    sequence: int
    year: int | None
    prefix: str


def draw_number(db: Session, forum: Forum, year: int) -> DrawnNumber:
    """The next number of the forum in a year (four digits). The calling command records what it was used for.

    :raise RuleBroken: when the series is full.
    """
    place = _place(forum, year, forum.series_prefix)
    drawn = _next(db, place)
    if drawn is None:
        _make_series(db, place)
        drawn = _next(db, place)
    if drawn is None:
        raise RuleBroken("number.series_full")
    return DrawnNumber(drawn[0], drawn[1], place.year, place.prefix)


def register_number(
    db: Session, forum: Forum, *, year: int | None, sequence: int, prefix: str | None = None
) -> DrawnNumber:
    """Take a number that was given before this system; the series goes on after the highest one.

    ``prefix`` is the forum's own unless given. Whether the number is in use already is for the caller to find out: a
    series and a sequence are unique among treatments.

    :raise RuleBroken: for a number, year or prefix that cannot be.
    """
    if not 1 <= sequence <= LAST_NUMBER:
        raise RuleBroken(Reason("number.out_of_range", "number"))
    place = _place(forum, year, forum.series_prefix if prefix is None else prefix)
    _make_series(db, place)
    highest = case((NumberSeries.last < sequence, sequence), else_=NumberSeries.last)
    series_id = db.execute(_at(place).values(last=highest).returning(NumberSeries.id)).scalar_one()
    return DrawnNumber(series_id, sequence, place.year, place.prefix)


@dataclass(frozen=True, slots=True)
class _Place:
    forum_id: UUID
    prefix: str
    year: int | None

    @property
    def period(self) -> str:
        return "" if self.year is None else str(self.year)


def _place(forum: Forum, year: int | None, prefix: str) -> _Place:
    if forum.series_period is SeriesPeriod.NEVER:
        year = None
    elif year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleBroken(Reason("number.year_needed", "number"))
    try:
        return _Place(forum.id, series_prefix(prefix), year)
    except ValueError as error:
        raise RuleBroken(Reason("number.prefix_invalid", "number")) from error


def _next(db: Session, place: _Place) -> tuple[UUID, int] | None:
    row = db.execute(
        _at(place)
        .where(NumberSeries.last < LAST_NUMBER)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.id, NumberSeries.last)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _at(place: _Place) -> Update:
    at = update(NumberSeries).where(
        NumberSeries.forum_id == place.forum_id,
        NumberSeries.prefix == place.prefix,
        NumberSeries.period == place.period,
    )
    return at.execution_options(synchronize_session=False)


def _make_series(db: Session, place: _Place) -> None:
    # Two may begin a series at once; the second one waits for the first and then finds the row.
    row = {"forum_id": place.forum_id, "prefix": place.prefix, "period": place.period}
    db.execute(insert_if_new(db, NumberSeries).values(id=uuid4(), **row, last=0))
