"""Lists of cases: searched, by page, and what was worked on last."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Presentation, Treatment
from app.cases.policy import changed_for, folded_title_for, paper_for, readable
from app.cases.queries.lines import CaseLine, lines, read_lines
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
    Neither searching nor filtering finds by what the reader may not know.
    """
    conditions = [readable(actor)]
    if forum_id is not None:
        conditions.append(Treatment.forum_id == forum_id)
    if state is not None:
        conditions.append(and_(Treatment.state == state, paper_for(actor)))
    if words := searched(search):
        conditions.append(_matches(actor, words))
    counted = (
        select(func.count(Treatment.id))
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
    )
    total = db.scalar(counted.where(*conditions)) or 0
    page, pages, skip = place(total, page)
    wanted = (
        lines(actor)
        .where(*conditions)
        .order_by(changed_for(actor).desc(), Treatment.id)
        .offset(skip)
        .limit(LINES_A_PAGE)
    )
    return Page(read_lines(db, actor, wanted), page, pages, total)


def recent_work(db: Session, actor: Actor, *, limit: int = RECENT) -> tuple[CaseLine, ...]:
    """The treatments changed last in the actor's own forums. What other forums have released is in the list of cases."""
    forum_ids = actor.forums_with(Permission.CASE_READ)
    newest = lines(actor).where(readable(actor)).order_by(changed_for(actor).desc(), Treatment.id)
    if forum_ids is not None:
        newest = newest.where(Treatment.forum_id.in_(forum_ids) if forum_ids else false())
    return read_lines(db, actor, newest.limit(limit))


def _matches(actor: Actor, search: str) -> ColumnElement[bool]:
    in_title = folded_title_for(actor).contains(search.casefold(), autoescape=True)
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
