"""Everything that the page of a case shows, in a bounded number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, case, false, select, true
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.cases.models import Attachment, PresentationPart, Presenter
from app.cases.policy import THE_PUBLIC, Sight
from app.cases.queries.corrections import CorrectionView, corrections_of
from app.cases.queries.find import proposal_says_something
from app.cases.queries.labels import kind_labels
from app.cases.queries.treatments import OtherTreatment, TreatmentView, other_of, treatment_rows, view_of
from app.cases.rules import (
    AGENDA_STEPS,
    TREATMENT,
    CaseStatus,
    TreatmentFacts,
    TreatmentState,
    case_status,
)
from app.documents.case_presentation import PartKind
from app.exemptions.queries import ExemptionColumns, ExemptionView, distinct_grounds
from app.files.models import Blob
from app.files.rules import ScanState
from app.kernel.dates import is_within
from app.kernel.errors import NotFound, Reason
from app.kernel.language import Language
from app.platform.clock import today

_PART: Final = ExemptionColumns("part")
_ATTACHMENT: Final = ExemptionColumns("attachment")


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
    exemption: ExemptionView | None = None


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A line of the list of attachments. ``size`` is in bytes; None while the file has not come.

    Of a line that is withheld from the reader there is only its public text, its ground and its redacted file.
    """

    id: UUID
    version: int
    number: int
    title: str
    file_name: str
    size: int | None
    added_at: datetime | None
    exemption: ExemptionView | None = None
    is_withheld: bool = False
    redacted_size: int | None = None
    scan_state: ScanState | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether the file is there and given to nobody, because of the virus scanner."""
        return self.scan_state is not None and not self.scan_state.may_go_out


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step that leaves the present state, with everything that stands against it."""

    name: str
    objections: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of a case. ``status`` counts only the treatments whose papers the actor may read.

    ``sight`` is how much of the opened treatment there is for the reader. When its paper ``is_withheld``, only number,
    public title, forum and ground are filled in.
    """

    case_id: UUID
    status: CaseStatus
    sight: Sight
    is_withheld: bool
    treatment: TreatmentView
    presenters: tuple[PresenterView, ...]
    parts: tuple[PartView, ...]
    attachments: tuple[AttachmentView, ...]
    hidden_grounds: tuple[str, ...]  # of parts that are not there for the reader
    corrections: tuple[CorrectionView, ...]
    others: tuple[OtherTreatment, ...]
    steps: tuple[StepOffer, ...]
    may_edit: bool
    may_share: bool
    may_exempt: bool
    may_release: bool
    may_export: bool
    may_see_history: bool
    may_see_forum: bool

    @property
    def exemptions(self) -> tuple[ExemptionView, ...]:
        """Every exemption in force in the opened treatment that the reader is told of, from the title down."""
        held = (
            self.treatment.title_exemption,
            self.treatment.paper_exemption,
            *(part.exemption for part in self.parts),
            *(line.exemption for line in self.attachments),
        )
        return tuple(exemption for exemption in held if exemption is not None)

    @property
    def shows_exempt(self) -> bool:
        """Whether the page tells something that the public may not know."""
        return self.sight is Sight.WHOLE and bool(self.exemptions)


def show_case(
    db: Session,
    actor: Actor,
    case_id: UUID,
    treatment_id: UUID | None = None,
    *,
    as_public: bool = False,
) -> CasePage:
    """The case with one treatment opened: the one asked for, else the one changed last. Five to seven queries.

    ``as_public`` shows what a reader without rights would be shown, were the treatment released.

    :raise NotFound: when the case or the treatment is missing or not readable.
    """
    viewer = THE_PUBLIC if as_public else actor
    rows = treatment_rows(db, actor, viewer, case_id)
    if treatment_id is None:
        row = max(rows, key=lambda each: (each.updated_at, str(each.id)), default=None)
    else:
        row = next((each for each in rows if each.id == treatment_id), None)
    if row is None:
        raise NotFound
    labels = kind_labels(db, (each.forum_id for each in rows))
    is_withheld = not row.has_paper
    presenters = () if is_withheld else _presenters(db, row.id)
    parts = [] if is_withheld else _parts(db, actor.language, row)
    facts = TreatmentFacts(
        kind=row.kind,
        has_proposal=any(says_something for _part, says_something in parts),
        has_presenter=bool(presenters),
        forum_is_active=is_within(today(), row.active_from, row.active_to),
    )
    is_whole = bool(row.is_whole)
    may_edit = is_whole and viewer.may(Permission.CASE_EDIT, row.forum_id)
    return CasePage(
        case_id=case_id,
        status=case_status([each.state for each in rows if each.has_paper]),
        sight=Sight.WHOLE if is_whole else Sight.PUBLIC,
        is_withheld=is_withheld,
        treatment=view_of(row, labels, actor.language),
        presenters=presenters,
        parts=tuple(part for part, _says_something in parts),
        attachments=() if is_withheld else _attachments(db, actor.language, row),
        corrections=()
        if is_withheld or row.state is not TreatmentState.TREATED
        else corrections_of(db, row.id, is_whole=is_whole),
        hidden_grounds=() if is_whole or is_withheld else _hidden_grounds(db, actor.language, row),
        others=tuple(
            other_of(each, labels) for each in rows if each.id != row.id and (each.is_open or not as_public)
        ),
        steps=_steps(row.state, facts) if may_edit else (),
        may_edit=may_edit,
        may_share=row.shared_at is None and viewer.may(Permission.CASE_SHARE, row.forum_id),
        may_exempt=is_whole and viewer.may(Permission.CASE_EXEMPT, row.forum_id),
        may_release=is_whole and viewer.may(Permission.CASE_RELEASE, row.forum_id),
        may_export=is_whole and viewer.may(Permission.CASE_EXPORT, row.forum_id),
        may_see_history=viewer.may(Permission.CASE_HISTORY, row.forum_id),
        may_see_forum=viewer.may(Permission.FORUM_READ, row.forum_id),
    )


def _presenters(db: Session, treatment_id: UUID) -> tuple[PresenterView, ...]:
    wanted = select(Presenter.text, Presenter.person_id, Presenter.organisation_id)
    rows = db.execute(wanted.where(Presenter.treatment_id == treatment_id).order_by(Presenter.position))
    return tuple(PresenterView(*row) for row in rows)


def _parts(db: Session, language: Language, treatment: Row[Any]) -> list[tuple[PartView, bool]]:
    part = PresentationPart
    wanted = _PART.joined(
        select(
            part.id,
            part.version,
            part.key,
            part.kind,
            part.heading,
            part.party,
            part.html,
            proposal_says_something().label("says_something"),
            *_PART.columns(),
        ),
        part.exemption_id,
    ).where(part.presentation_id == treatment.presentation_id)
    if not treatment.is_whole:
        wanted = wanted.where(part.exemption_id.is_(None))
    return [
        (
            PartView(
                row.id,
                row.version,
                row.key,
                row.kind,
                row.heading,
                row.party,
                row.html,
                _PART.view(row, language, is_whole=True),
            ),
            bool(row.says_something),
        )
        for row in db.execute(wanted.order_by(part.position))
    ]


def _hidden_grounds(db: Session, language: Language, treatment: Row[Any]) -> tuple[str, ...]:
    part = PresentationPart
    wanted = _PART.joined(select(*_PART.columns()).select_from(part), part.exemption_id)
    wanted = wanted.where(part.presentation_id == treatment.presentation_id, part.exemption_id.is_not(None))
    found = db.execute(wanted.order_by(part.position))
    return distinct_grounds([_PART.view(row, language, is_whole=False) for row in found])


def _attachments(db: Session, language: Language, treatment: Row[Any]) -> tuple[AttachmentView, ...]:
    line, redacted = Attachment, aliased(Blob)
    told = line.exemption_id.is_(None) if not treatment.is_whole else true()
    exemption = _ATTACHMENT.exemption
    wanted = _ATTACHMENT.joined(
        select(
            line.id,
            line.version,
            line.position,
            case((told, line.title), else_=exemption.public_text).label("title"),
            case((told, line.file_name), else_="").label("file_name"),
            case((told, Blob.size), else_=None).label("size"),
            case((told, line.added_at), else_=None).label("added_at"),
            case((told, Blob.scan_state), else_=redacted.scan_state).label("scan_state"),
            case((told, true()), else_=false()).label("is_told"),
            redacted.size.label("redacted_size"),
            *_ATTACHMENT.columns(),
        ).outerjoin(Blob, Blob.sha256 == line.sha256),
        line.exemption_id,
    ).outerjoin(redacted, redacted.sha256 == exemption.redacted_sha256)
    rows = db.execute(wanted.where(line.presentation_id == treatment.presentation_id).order_by(line.position))
    return tuple(
        AttachmentView(
            row.id,
            row.version,
            row.position,
            row.title,
            row.file_name,
            row.size,
            row.added_at,
            exemption=_ATTACHMENT.view(row, language, is_whole=bool(treatment.is_whole)),
            is_withheld=not row.is_told,
            redacted_size=row.redacted_size,
            scan_state=row.scan_state,
        )
        for row in rows
    )


def _steps(state: TreatmentState, facts: TreatmentFacts) -> tuple[StepOffer, ...]:
    return tuple(
        StepOffer(step.name, TREATMENT.objections(step.name, state, facts))
        for step in TREATMENT.available(state)
        if step.name not in AGENDA_STEPS
    )
