"""One line for each treatment, as lists and agendas show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.cases.models import Presentation, Treatment
from app.cases.queries.labels import kind_labels
from app.cases.rules import TreatmentKind, TreatmentState, number_text
from app.forums.models import Forum, NumberSeries
from app.kernel.language import Language


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A treatment in a list. ``number`` is as the forum's papers print it; empty until it is given."""

    case_id: UUID
    treatment_id: UUID
    forum_id: UUID
    forum_key: str
    forum_name: str
    number: str
    title: str
    kind: TreatmentKind
    kind_label: str
    state: TreatmentState
    is_shared: bool
    language: Language
    updated_at: datetime


LINES: Final = (
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
        Treatment.title,
        Treatment.kind,
        Treatment.kind_label,
        Treatment.state,
        Treatment.shared_at,
        Presentation.language,
        Treatment.updated_at,
    )
    .join(Forum, Forum.id == Treatment.forum_id)
    .join(Presentation, Presentation.treatment_id == Treatment.id)
    .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
)
"""What a line is read from; the caller adds who may read, which ones and in which order."""


def read_lines(db: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[CaseLine, ...]:
    """Run a statement made from ``LINES``; two queries, or one when nothing is found."""
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
            kind=row.kind,
            kind_label=labels.of(row.forum_id, row.language, row.kind, row.kind_label),
            state=row.state,
            is_shared=row.shared_at is not None,
            language=row.language,
            updated_at=row.updated_at,
        )
        for row in rows
    )
