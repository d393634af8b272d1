"""Lists of cases: searched, by page, and what was worked on last."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Treatment
from app.cases.policy import readable
from app.cases.queries.lines import LINES, CaseLine, read_lines
from app.cases.rules import TreatmentState
from app.directory.queries.pages import LINES_A_PAGE, Page, place, searched
from app.forums.models import NumberSeries
from app.kernel.case_number import parse_case_number

RECENT: Final = 8


def list_cases(
    db: Session,
    actor: Actor,
    *,
    forum_id: UUID | None = None,
    state: TreatmentState | None = None,
    search: str = "",
    page: int = 1,
) -> Page[CaseLine]:
    """The treatments that the actor may read, those changed last first.

    ``search`` finds letters of any case in titles, and a number in any spelling. A page beyond the last is the last.
    """
    conditions = [readable(actor)]
    if forum_id is not None:
        conditions.append(Treatment.forum_id == forum_id)
    if state is not None:
        conditions.append(Treatment.state == state)
    if words := searched(search):
        conditions.append(_matches(words))
    counted = select(func.count(Treatment.id)).outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
    total = db.scalar(counted.where(*conditions)) or 0
    page, pages, skip = place(total, page)
    wanted = (
        LINES.where(*conditions)
        .order_by(Treatment.updated_at.desc(), Treatment.id)
        .offset(skip)
        .limit(LINES_A_PAGE)
    )
    return Page(read_lines(db, wanted), page, pages, total)


def recent_work(db: Session, actor: Actor, *, limit: int = RECENT) -> tuple[CaseLine, ...]:
    """The treatments changed last that the actor may read."""
    newest = LINES.where(readable(actor)).order_by(Treatment.updated_at.desc(), Treatment.id).limit(limit)
    return read_lines(db, newest)


def _matches(search: str) -> ColumnElement[bool]:
    in_title = Treatment.folded_title.contains(search.casefold(), autoescape=True)
    try:
        number = parse_case_number(search)
    except ValueError:
        return in_title
    same = [Treatment.sequence == number.sequence]
    if number.year is not None:
        same.append(NumberSeries.period.in_((str(number.year), "")))
    if number.prefix:
        same.append(func.upper(NumberSeries.prefix) == number.prefix)
    return or_(in_title, and_(*same))
