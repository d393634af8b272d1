"""What is counted and named in a database that is copied or was put back."""

from sqlalchemy import Connection, func, inspect, select, table
from sqlalchemy.orm import Session

from app.audit.queries.chain import head_of
from app.backup.rules import Series
from app.files.models import Blob
from app.forums.models import Forum, NumberSeries


def table_names(connection: Connection) -> list[str]:
    """Every table that is there, whether or not this version knows it."""
    return sorted(inspect(connection).get_table_names())


def counts(db: Session) -> dict[str, int]:
    """The number of rows of every table."""
    names = table_names(db.connection())
    return {name: db.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def record_head(db: Session) -> tuple[int, str]:
    """The place and hash of the last entry of the record."""
    return head_of(db) or (0, "")


def file_names(db: Session) -> dict[str, int]:
    """The files that rows name, and their bytes."""
    return dict(db.execute(select(Blob.sha256, Blob.size)).all())


def series_lines(db: Session) -> list[Series]:
    """Every number series and the last number given."""
    found = select(Forum.key, NumberSeries.prefix, NumberSeries.period, NumberSeries.last).join(
        Forum, Forum.id == NumberSeries.forum_id
    )
    ordered = found.order_by(Forum.key, NumberSeries.prefix, NumberSeries.period)
    return [Series(*row) for row in db.execute(ordered)]


def forum_periods(db: Session) -> dict[str, str]:
    """Of each forum, when its numbers begin at 1 again."""
    rows = db.execute(select(Forum.key, Forum.series_period).order_by(Forum.key))
    return {key: period.value for key, period in rows}


def forum_of_key(db: Session, key: str) -> Forum | None:
    """A forum, asked for by the operator, for whom none is hidden."""
    return db.scalars(select(Forum).where(Forum.key == key)).one_or_none()
