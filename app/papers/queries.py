"""Every SELECT behind a paper, and the look-ups by which an imported one finds its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Attachment, Presentation, PresentationPart, Presenter, Treatment
from app.cases.policy import readable
from app.cases.queries.corrections import corrections_of
from app.cases.rules import TreatmentKind, TreatmentState
from app.directory.models import Organisation, OrganisationName, Person
from app.documents.case_presentation import AttachmentLine, CorrectionNote, Part
from app.documents.richtext.codec import from_json
from app.forums.models import Forum, NumberSeries
from app.forums.policy import readable as readable_forum
from app.kernel.errors import NotFound
from app.kernel.language import Language
from app.platform.i18n import local_date


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a paper is made from, apart from its parts, attachments and presenters."""

    treatment_id: UUID
    case_id: UUID
    forum_id: UUID
    forum_name: str
    paper_pattern: str
    file_pattern: str
    secretariat_id: UUID | None
    template_sha256: str | None
    sequence: int | None
    period: str | None
    prefix: str | None
    title: str
    kind: TreatmentKind
    kind_label: str
    state: TreatmentState
    preparer: str
    presentation_id: UUID
    language: Language
    revision: int
    place: str
    dated: date | None
    wording: dict[str, str]


def paper_facts(db: Session, actor: Actor, treatment_id: UUID) -> PaperFacts:
    """The facts of one treatment's paper.

    :raise NotFound: when the treatment is missing or not readable.
    """
    row = db.execute(
        select(
            Treatment.id,
            Treatment.case_id,
            Treatment.forum_id,
            Forum.name,
            Forum.paper_pattern,
            Forum.file_pattern,
            Forum.secretariat_id,
            Organisation.template_sha256,
            Treatment.sequence,
            NumberSeries.period,
            NumberSeries.prefix,
            Treatment.title,
            Treatment.kind,
            Treatment.kind_label,
            Treatment.state,
            Treatment.preparer,
            Presentation.id,
            Presentation.language,
            Presentation.revision,
            Presentation.place,
            Presentation.dated,
            Presentation.wording,
        )
        .join(Forum, Forum.id == Treatment.forum_id)
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
        .outerjoin(Organisation, Organisation.id == Forum.secretariat_id)
        .where(Treatment.id == treatment_id, readable(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return PaperFacts(*tuple(row))


def paper_parts(db: Session, presentation_id: UUID) -> tuple[Part, ...]:
    """The parts with their texts, in order."""
    part = PresentationPart
    wanted = select(part.key, part.kind, part.heading, part.body, part.lead_in, part.closing, part.party)
    rows = db.execute(wanted.where(part.presentation_id == presentation_id).order_by(part.position))
    return tuple(
        Part(
            key=row.key,
            kind=row.kind,
            heading=row.heading,
            body=from_json(row.body),
            lead_in=from_json(row.lead_in),
            closing=from_json(row.closing),
            party=row.party,
        )
        for row in rows
    )


def paper_attachments(db: Session, presentation_id: UUID) -> tuple[AttachmentLine, ...]:
    """The list of attachments, numbered from 1."""
    wanted = select(Attachment.title, Attachment.file_name).where(
        Attachment.presentation_id == presentation_id
    )
    rows = db.execute(wanted.order_by(Attachment.position))
    return tuple(
        AttachmentLine(number, row.title, row.file_name or None) for number, row in enumerate(rows, start=1)
    )


def paper_corrections(db: Session, treatment_id: UUID) -> tuple[CorrectionNote, ...]:
    """What was put right after the paper was treated."""
    return tuple(
        CorrectionNote(
            number=each.number,
            made_on=local_date(each.made_at),
            reason=each.reason,
            author=each.author_name,
            body=from_json(each.body),
        )
        for each in corrections_of(db, treatment_id)
    )


def paper_presenters(db: Session, treatment_id: UUID) -> str:
    """The presenters as one line."""
    wanted = select(Presenter.text).where(Presenter.treatment_id == treatment_id)
    return ", ".join(db.scalars(wanted.order_by(Presenter.position)))


def person_named(db: Session, name: str) -> UUID | None:
    """The one person of exactly this name; None when there is none or more than one."""
    return _only(db.scalars(select(Person.id).where(Person.name == name).limit(2)).all())


def organisation_named(db: Session, name: str) -> UUID | None:
    """The one organisation that has, or once had, exactly this name or abbreviation."""
    wanted = select(OrganisationName.organisation_id).where(
        or_(OrganisationName.name == name, OrganisationName.abbreviation == name)
    )
    return _only(db.scalars(wanted.distinct().limit(2)).all())


def forum_named(db: Session, actor: Actor, name: str) -> UUID | None:
    """The one forum of exactly this name that the actor may read."""
    return _only(db.scalars(select(Forum.id).where(Forum.name == name, readable_forum(actor)).limit(2)).all())


def _only(found: Sequence[UUID]) -> UUID | None:
    return found[0] if len(found) == 1 else None
