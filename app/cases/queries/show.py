"""Everything that the page of a case shows, in a bounded number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Attachment, Case, Presentation, PresentationPart, Presenter, Treatment
from app.cases.policy import readable
from app.cases.queries.find import proposal_says_something
from app.cases.queries.labels import KindLabels, kind_labels
from app.cases.rules import (
    AGENDA_STEPS,
    CLOSED,
    TREATMENT,
    CaseStatus,
    TreatmentFacts,
    TreatmentKind,
    TreatmentState,
    case_status,
    is_active,
    number_text,
)
from app.documents.case_presentation import PartKind
from app.files.models import Blob
from app.files.rules import ScanState
from app.forums.models import Forum, NumberSeries
from app.kernel.errors import NotFound, Reason
from app.kernel.language import Language
from app.platform.clock import today


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
    created_at: datetime
    updated_at: datetime

    @property
    def is_closed(self) -> bool:
        """Whether the content stands still because the case has been treated or withdrawn here."""
        return self.state in CLOSED


@dataclass(frozen=True, slots=True)
class PresenterView:
    text: str
    person_id: UUID | None
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as a page shows it; ``html`` was made by our own renderer when the part was saved."""

    id: UUID
    version: int
    key: str
    kind: PartKind
    heading: str
    party: str
    html: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A line of the list of attachments. ``size`` is in bytes; None while the file has not come."""

    id: UUID
    version: int
    number: int
    title: str
    file_name: str
    size: int | None
    added_at: datetime | None
    scan_state: ScanState | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether the file is there and given to nobody, because of the virus scanner."""
        return self.scan_state is not None and not self.scan_state.may_go_out


@dataclass(frozen=True, slots=True)
class OtherTreatment:
    """Another treatment of the same case that the actor may read."""

    id: UUID
    forum_key: str
    forum_name: str
    number: str
    title: str
    kind_label: str
    state: TreatmentState
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step that leaves the present state, with everything that stands against it."""

    name: str
    objections: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of a case. ``status`` counts only the treatments that the actor may read."""

    case_id: UUID
    working_title: str
    status: CaseStatus
    treatment: TreatmentView
    presenters: tuple[PresenterView, ...]
    parts: tuple[PartView, ...]
    attachments: tuple[AttachmentView, ...]
    others: tuple[OtherTreatment, ...]
    steps: tuple[StepOffer, ...]
    may_edit: bool
    may_share: bool
    may_export: bool
    may_see_history: bool


def show_case(db: Session, actor: Actor, case_id: UUID, treatment_id: UUID | None = None) -> CasePage:
    """The case with one treatment opened: the one asked for, else the one changed last. Five queries.

    :raise NotFound: when the case or the treatment is missing or not readable.
    """
    rows = _treatments(db, actor, case_id)
    if treatment_id is None:
        row = max(rows, key=lambda each: (each.updated_at, str(each.id)), default=None)
    else:
        row = next((each for each in rows if each.id == treatment_id), None)
    if row is None:
        raise NotFound
    labels = kind_labels(db, (each.forum_id for each in rows))
    presenters = _presenters(db, row.id)
    parts = _parts(db, row.presentation_id)
    facts = TreatmentFacts(
        kind=row.kind,
        has_proposal=any(says_something for _part, says_something in parts),
        has_presenter=bool(presenters),
        forum_is_active=is_active(row.active_from, row.active_to, today()),
    )
    may_edit = actor.may(Permission.CASE_EDIT, row.forum_id)
    return CasePage(
        case_id=case_id,
        working_title=row.working_title,
        status=case_status([each.state for each in rows]),
        treatment=_treatment(row, labels),
        presenters=presenters,
        parts=tuple(part for part, _says_something in parts),
        attachments=_attachments(db, row.presentation_id),
        others=tuple(_other(each, labels) for each in rows if each.id != row.id),
        steps=_steps(row.state, facts) if may_edit else (),
        may_edit=may_edit,
        may_share=row.shared_at is None and actor.may(Permission.CASE_SHARE, row.forum_id),
        may_export=actor.may(Permission.CASE_EXPORT, row.forum_id),
        may_see_history=actor.may(Permission.CASE_HISTORY, row.forum_id),
    )


def _treatments(db: Session, actor: Actor, case_id: UUID) -> list[Row[Any]]:
    wanted = (
        select(
            Treatment.id,
            Treatment.version,
            Treatment.forum_id,
            Treatment.sequence,
            Treatment.title,
            Treatment.kind,
            Treatment.kind_label,
            Treatment.wanted_result,
            Treatment.state,
            Treatment.preparer,
            Treatment.preparer_organisation_id,
            Treatment.shared_at,
            Treatment.created_at,
            Treatment.updated_at,
            Case.working_title,
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
        )
        .join(Case, Case.id == Treatment.case_id)
        .join(Forum, Forum.id == Treatment.forum_id)
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
        .where(Treatment.case_id == case_id, readable(actor))
        .order_by(Treatment.created_at, Treatment.id)
    )
    return list(db.execute(wanted))


def _treatment(row: Row[Any], labels: KindLabels) -> TreatmentView:
    return TreatmentView(
        id=row.id,
        version=row.version,
        forum_id=row.forum_id,
        forum_key=row.forum_key,
        forum_name=row.forum_name,
        number=number_text(row.paper_pattern, row.sequence, row.period, row.prefix),
        title=row.title,
        kind=row.kind,
        kind_label=labels.of(row.forum_id, row.language, row.kind, row.kind_label),
        own_kind_label=row.kind_label,
        wanted_result=row.wanted_result,
        state=row.state,
        language=row.language,
        preparer=row.preparer,
        preparer_organisation_id=row.preparer_organisation_id,
        place=row.place,
        dated=row.dated,
        revision=row.revision,
        unplaced=row.unplaced,
        wording=row.wording,
        shared_at=row.shared_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _other(row: Row[Any], labels: KindLabels) -> OtherTreatment:
    return OtherTreatment(
        id=row.id,
        forum_key=row.forum_key,
        forum_name=row.forum_name,
        number=number_text(row.paper_pattern, row.sequence, row.period, row.prefix),
        title=row.title,
        kind_label=labels.of(row.forum_id, row.language, row.kind, row.kind_label),
        state=row.state,
        updated_at=row.updated_at,
    )


def _presenters(db: Session, treatment_id: UUID) -> tuple[PresenterView, ...]:
    wanted = select(Presenter.text, Presenter.person_id, Presenter.organisation_id)
    rows = db.execute(wanted.where(Presenter.treatment_id == treatment_id).order_by(Presenter.position))
    return tuple(PresenterView(*row) for row in rows)


def _parts(db: Session, presentation_id: UUID) -> list[tuple[PartView, bool]]:
    part = PresentationPart
    wanted = select(
        part.id,
        part.version,
        part.key,
        part.kind,
        part.heading,
        part.party,
        part.html,
        proposal_says_something(),
    )
    rows = db.execute(wanted.where(part.presentation_id == presentation_id).order_by(part.position))
    return [(PartView(*row[:-1]), bool(row[-1])) for row in rows]


def _attachments(db: Session, presentation_id: UUID) -> tuple[AttachmentView, ...]:
    line = Attachment
    wanted = (
        select(
            line.id,
            line.version,
            line.position,
            line.title,
            line.file_name,
            Blob.size,
            line.added_at,
            Blob.scan_state,
        )
        .outerjoin(Blob, Blob.sha256 == line.sha256)
        .where(line.presentation_id == presentation_id)
        .order_by(line.position)
    )
    return tuple(AttachmentView(*row) for row in db.execute(wanted))


def _steps(state: TreatmentState, facts: TreatmentFacts) -> tuple[StepOffer, ...]:
    return tuple(
        StepOffer(step.name, TREATMENT.objections(step.name, state, facts))
        for step in TREATMENT.available(state)
        if step.name not in AGENDA_STEPS
    )
