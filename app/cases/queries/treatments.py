"""The treatments of a case, as far as an actor sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Presentation, Treatment
from app.cases.policy import changed_for, open_to_all, paper_for, readable, title_for, whole
from app.cases.queries.labels import KindLabels
from app.cases.rules import CLOSED, TreatmentKind, TreatmentState, number_text
from app.exemptions.queries import ExemptionColumns, ExemptionView
from app.files.models import Blob
from app.files.rules import ScanState
from app.forums.models import Forum, NumberSeries
from app.kernel.language import Language

_TITLE: Final = ExemptionColumns("title")
_PAPER: Final = ExemptionColumns("paper")


@dataclass(frozen=True, slots=True)
class TreatmentView:
    """The facts of one treatment. ``number`` is as the forum's papers print it; empty until it is given."""

    id: UUID
    version: int
    forum_id: UUID
    forum_key: str
    forum_name: str
    number: str
    title: str
    kind: TreatmentKind
    kind_label: str  # as the paper prints it
    own_kind_label: str  # as an imported paper had it; empty for the forum's own word
    wanted_result: str
    state: TreatmentState
    language: Language
    preparer: str
    preparer_organisation_id: UUID | None
    place: str
    dated: date | None
    revision: int
    unplaced: str
    wording: Mapping[str, str]
    shared_at: datetime | None
    released_at: datetime | None
    embargo_until: datetime | None
    is_open: bool  # released, and past its embargo
    created_at: datetime
    updated_at: datetime
    public_title: str
    title_exemption: ExemptionView | None
    paper_exemption: ExemptionView | None
    redacted_scan_state: ScanState | None  # of the file that stands for the whole paper

    @property
    def is_closed(self) -> bool:
        """Whether the content stands still because the case has been treated or withdrawn here."""
        return self.state in CLOSED


@dataclass(frozen=True, slots=True)
class OtherTreatment:
    """Another treatment of the same case that the actor may read."""

    id: UUID
    forum_key: str
    forum_name: str
    number: str
    title: str
    kind_label: str
    state: TreatmentState | None  # None when the paper is withheld
    updated_at: datetime


def treatment_rows(db: Session, actor: Actor, viewer: Actor, case_id: UUID) -> list[Row[Any]]:
    """The treatments of the case that the actor may read, told as far as the viewer may know."""
    wanted = (
        select(
            Treatment.id,
            Treatment.version,
            Treatment.forum_id,
            Treatment.sequence,
            title_for(viewer).label("title"),
            Treatment.public_title,
            Treatment.kind,
            Treatment.kind_label,
            Treatment.wanted_result,
            Treatment.state,
            Treatment.preparer,
            Treatment.preparer_organisation_id,
            Treatment.shared_at,
            Treatment.released_at,
            Treatment.embargo_until,
            Treatment.created_at,
            changed_for(viewer).label("updated_at"),
            whole(viewer).label("is_whole"),
            paper_for(viewer).label("has_paper"),
            open_to_all().label("is_open"),
            Forum.key.label("forum_key"),
            Forum.name.label("forum_name"),
            Forum.paper_pattern,
            Forum.active_from,
            Forum.active_to,
            NumberSeries.period,
            NumberSeries.prefix,
            Presentation.id.label("presentation_id"),
            Presentation.language,
            Presentation.place,
            Presentation.dated,
            Presentation.revision,
            Presentation.unplaced,
            Presentation.wording,
            select(Blob.scan_state)
            .where(Blob.sha256 == _PAPER.exemption.redacted_sha256)
            .correlate(_PAPER.exemption)
            .scalar_subquery()
            .label("redacted_scan_state"),
            *_TITLE.columns(),
            *_PAPER.columns(),
        )
        .join(Forum, Forum.id == Treatment.forum_id)
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
    )
    wanted = _PAPER.joined(_TITLE.joined(wanted, Treatment.title_exemption_id), Presentation.exemption_id)
    found = wanted.where(Treatment.case_id == case_id, readable(actor))
    return list(db.execute(found.order_by(Treatment.created_at, Treatment.id)))


def view_of(row: Row[Any], labels: KindLabels, language: Language) -> TreatmentView:
    """The facts, with the exemptions in the reader's language. Those of a paper that is withheld are left empty."""
    is_whole, has_paper = bool(row.is_whole), bool(row.has_paper)
    return TreatmentView(
        id=row.id,
        version=row.version,
        forum_id=row.forum_id,
        forum_key=row.forum_key,
        forum_name=row.forum_name,
        number=number_text(row.paper_pattern, row.sequence, row.period, row.prefix),
        title=row.title,
        kind=row.kind,
        kind_label=labels.of(row.forum_id, row.language, row.kind, row.kind_label) if has_paper else "",
        own_kind_label=row.kind_label if has_paper else "",
        wanted_result=row.wanted_result if has_paper else "",
        state=row.state,
        language=row.language,
        preparer=row.preparer if has_paper else "",
        preparer_organisation_id=row.preparer_organisation_id if has_paper else None,
        place=row.place if has_paper else "",
        dated=row.dated if has_paper else None,
        revision=row.revision if is_whole else 0,
        unplaced=row.unplaced if is_whole else "",
        wording=row.wording if has_paper else {},
        shared_at=row.shared_at,
        released_at=row.released_at,
        embargo_until=row.embargo_until,
        is_open=bool(row.is_open),
        created_at=row.created_at,
        updated_at=row.updated_at,
        public_title=row.public_title,
        title_exemption=_TITLE.view(row, language, is_whole=is_whole),
        paper_exemption=_PAPER.view(row, language, is_whole=is_whole),
        redacted_scan_state=row.redacted_scan_state,
    )


def other_of(row: Row[Any], labels: KindLabels) -> OtherTreatment:
    """A treatment beside the one that is opened."""
    return OtherTreatment(
        id=row.id,
        forum_key=row.forum_key,
        forum_name=row.forum_name,
        number=number_text(row.paper_pattern, row.sequence, row.period, row.prefix),
        title=row.title,
        kind_label=labels.of(row.forum_id, row.language, row.kind, row.kind_label) if row.has_paper else "",
        state=row.state if row.has_paper else None,
        updated_at=row.updated_at,
    )
