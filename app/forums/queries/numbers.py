"""Finding a number series."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forums.models import NumberSeries


def find_series(db: Session, forum_id: UUID, year: int | None, prefix: str = "") -> NumberSeries | None:
    """The series of a forum with this prefix and year; without a year, the one that never restarts."""
    return db.scalars(
        select(NumberSeries).where(
            NumberSeries.forum_id == forum_id,
            NumberSeries.prefix == prefix,
            NumberSeries.period == ("" if year is None else str(year)),
        )
    ).one_or_none()
