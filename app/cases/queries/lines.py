"""One line for each treatment, as lists and agendas show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Presentation, Treatment
from app.cases.policy import changed_for, paper_for, title_for, whole
from app.cases.queries.labels import kind_labels
from app.cases.rules import TreatmentKind, TreatmentState, number_text
from app.exemptions.queries import ExemptionColumns
from app.forums.models import Forum, NumberSeries
from app.kernel.language import Language

_TITLE: Final = ExemptionColumns("title")
_PAPER: Final = ExemptionColumns("paper")


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A treatment in a list. ``number`` is as the forum's papers print it; empty until it is given.

    Of a paper that is withheld from the reader only number, public title, forum and grounds are told.
    """

    case_id: UUID
    treatment_id: UUID
    forum_id: UUID
    forum_key: str
    forum_name: str
    number: str
    title: str
    kind: TreatmentKind | None
    kind_label: str
    state: TreatmentState | None
    is_shared: bool
    language: Language
    updated_at: datetime
    title_ground: str  # on which the title is exempt, in the reader's language; empty when it is not
    paper_ground: str  # on which the whole paper is
    is_withheld: bool
    may_see_forum: bool


def lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    """What a line is read from; the caller adds who may read, which ones and in which order."""
    wanted = (
        select(
            Treatment.case_id,
            Treatment.id.label("treatment_id"),
            Treatment.forum_id,
            Forum.key.label("forum_key"),
            Forum.name.label("forum_name"),
            Forum.paper_pattern,
            Treatment.sequence,
            NumberSeries.period,
            NumberSeries.prefix,
            title_for(actor).label("title"),
            Treatment.kind,
            Treatment.kind_label,
            Treatment.state,
            Treatment.shared_at,
            Presentation.language,
            changed_for(actor).label("updated_at"),
            whole(actor).label("is_whole"),
            paper_for(actor).label("has_paper"),
            *_TITLE.columns(),
            *_PAPER.columns(),
        )
        .join(Forum, Forum.id == Treatment.forum_id)
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
    )
    return _PAPER.joined(_TITLE.joined(wanted, Treatment.title_exemption_id), Presentation.exemption_id)


def read_lines(db: Session, actor: Actor, wanted: Select[*tuple[Any, ...]]) -> tuple[CaseLine, ...]:
    """Run a statement made from ``lines``; two queries, or one when nothing is found."""
    rows = db.execute(wanted).all()
    if not rows:
        return ()
    labels = kind_labels(db, (row.forum_id for row in rows))
    return tuple(
        CaseLine(
            case_id=row.case_id,
            treatment_id=row.treatment_id,
            forum_id=row.forum_id,
            forum_key=row.forum_key,
            forum_name=row.forum_name,
            number=number_text(row.paper_pattern, row.sequence, row.period, row.prefix),
            title=row.title,
            kind=row.kind if row.has_paper else None,
            kind_label=labels.of(row.forum_id, row.language, row.kind, row.kind_label)
            if row.has_paper
            else "",
            state=row.state if row.has_paper else None,
            is_shared=row.shared_at is not None,
            language=row.language,
            updated_at=row.updated_at,
            title_ground=_TITLE.ground(row, actor.language),
            paper_ground=_PAPER.ground(row, actor.language),
            is_withheld=not row.has_paper,
            may_see_forum=actor.may(Permission.FORUM_READ, row.forum_id),
        )
        for row in rows
    )
