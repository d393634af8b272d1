"""What a new treatment is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.models import Attachment, Case, Presentation, PresentationPart, Treatment
from app.cases.queries.template import template_parts
from app.cases.rules import TreatmentKind, TreatmentState, title_problems
from app.cases.service.earlier import begin_to_remember
from app.cases.service.presenters import PresenterDraft, check_organisation, presenter_rows
from app.cases.service.rich_text import set_texts
from app.documents.case_presentation import Part
from app.forums.models import Forum
from app.kernel.errors import Reason, refuse_if
from app.kernel.language import Language
from app.kernel.lengths import too_long
from app.platform.clock import utc_now


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A part with what its party is in the directory or among the forums, where that is known."""

    part: Part
    party_organisation_id: UUID | None = None
    party_forum_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TreatmentDraft:
    """Everything that a new treatment may begin with. ``parts`` None means the forum's own template."""

    title: str
    kind: TreatmentKind
    language: Language
    state: TreatmentState = TreatmentState.DRAFTING
    kind_label: str = ""
    wanted_result: str = ""
    presenters: Sequence[PresenterDraft] = ()
    preparer: str = ""
    preparer_organisation_id: UUID | None = None
    place: str | None = None  # None: where the forum usually meets
    dated: date | None = None
    parts: Sequence[PartDraft] | None = None
    attachments: Sequence[str] = ()
    wording: Mapping[str, str] = field(default_factory=dict)
    unplaced: str = ""


def draft_problems(draft: TreatmentDraft) -> tuple[Reason, ...]:
    """What stands against the texts of a draft."""
    return (
        *title_problems(draft.title),
        *too_long("wanted_result", draft.wanted_result),
        *too_long("preparer", draft.preparer),
        *too_long("place", draft.place or ""),
        *(reason for presenter in draft.presenters for reason in too_long("presenters", presenter.text)),
    )


def add_treatment(db: Session, case: Case, forum: Forum, draft: TreatmentDraft) -> Treatment:
    """Make the rows of a treatment and its presentation, and that of the case when it is new.

    :raise RuleBroken: ``treatment.no_title``, ``text.too_long``, ``presenter.unknown_person``, ``organisation.unknown``.
    """
    refuse_if(draft_problems(draft))
    check_organisation(db, draft.preparer_organisation_id, "preparer")
    now = utc_now()
    treatment = Treatment(
        forum_id=forum.id,
        title=draft.title,
        kind=draft.kind,
        kind_label=draft.kind_label,
        wanted_result=draft.wanted_result,
        state=draft.state,
        preparer=draft.preparer,
        preparer_organisation_id=draft.preparer_organisation_id,
        created_at=now,
        updated_at=now,
        presenters=presenter_rows(db, draft.presenters),
    )
    db.add(case)
    db.flush()
    treatment.case_id = case.id
    db.add(treatment)
    db.flush()
    begin_to_remember(db, treatment.id)
    presentation = Presentation(
        treatment_id=treatment.id,
        language=draft.language,
        place=forum.default_place if draft.place is None else draft.place,
        dated=draft.dated,
        wording=dict(draft.wording),
        unplaced=draft.unplaced,
    )
    db.add(presentation)
    db.flush()
    parts = draft.parts
    if parts is None:
        parts = [PartDraft(part) for part in template_parts(db, forum.id, draft.language)]
    for position, part in enumerate(parts, start=1):
        db.add(_part_row(presentation, position, part))
    for position, title in enumerate(draft.attachments, start=1):
        db.add(Attachment(presentation_id=presentation.id, position=position, title=title))
    db.flush()
    return treatment


def _part_row(presentation: Presentation, position: int, draft: PartDraft) -> PresentationPart:
    part = draft.part
    row = PresentationPart(
        presentation_id=presentation.id,
        key=part.key,
        kind=part.kind,
        position=position,
        heading=part.heading,
        party=part.party,
        party_organisation_id=draft.party_organisation_id,
        party_forum_id=draft.party_forum_id,
    )
    set_texts(row, presentation.language, lead_in=part.lead_in, body=part.body, closing=part.closing)
    return row
