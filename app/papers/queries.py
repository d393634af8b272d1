"""Every SELECT behind a paper, and the look-ups by which an imported one finds its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, case, or_, select, true
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Attachment, Presentation, PresentationPart, Presenter, Treatment
from app.cases.policy import THE_PUBLIC, Sight, paper_for, readable, title_for, whole
from app.cases.queries.corrections import corrections_of
from app.cases.rules import TreatmentKind, TreatmentState
from app.directory.models import Organisation, OrganisationName, Person
from app.documents.case_presentation import AttachmentLine, CorrectionNote, Part
from app.documents.richtext.codec import from_json
from app.exemptions.queries import ExemptionColumns, distinct_grounds
from app.forums.models import Forum, NumberSeries
from app.forums.policy import readable as readable_forum
from app.kernel.errors import NotFound
from app.kernel.language import Language
from app.platform.i18n import local_date

_TITLE: Final = ExemptionColumns("title")
_PAPER: Final = ExemptionColumns("paper")
_PART: Final = ExemptionColumns("part")
_ATTACHMENT: Final = ExemptionColumns("attachment")


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a paper is made from, apart from its parts, attachments and presenters.

    ``sight`` says of which copy: the whole one, or the public one. Of a paper that is withheld from the public, its public
    copy ``has_paper`` no more than number, public title and ground. The grounds are as they are cited in the language of the
    paper, and empty where nothing is exempt.
    """

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
    sight: Sight
    has_paper: bool
    title_ground: str
    paper_ground: str  # of the whole paper


def paper_facts(db: Session, actor: Actor, treatment_id: UUID, *, public: bool = False) -> PaperFacts:
    """The facts of one treatment's paper, as far as the actor may know; of its ``public`` copy when that is wanted.

    :raise NotFound: when the treatment is missing or not readable.
    """
    viewer = THE_PUBLIC if public else actor
    wanted = (
        select(
            Treatment.id,
            Treatment.case_id,
            Treatment.forum_id,
            Forum.name.label("forum_name"),
            Forum.paper_pattern,
            Forum.file_pattern,
            Forum.secretariat_id,
            Organisation.template_sha256,
            Treatment.sequence,
            NumberSeries.period,
            NumberSeries.prefix,
            title_for(viewer).label("title"),
            Treatment.kind,
            Treatment.kind_label,
            Treatment.state,
            Treatment.preparer,
            Presentation.id.label("presentation_id"),
            Presentation.language,
            Presentation.revision,
            Presentation.place,
            Presentation.dated,
            Presentation.wording,
            whole(viewer).label("is_whole"),
            paper_for(viewer).label("has_paper"),
            *_TITLE.columns(),
            *_PAPER.columns(),
        )
        .join(Forum, Forum.id == Treatment.forum_id)
        .join(Presentation, Presentation.treatment_id == Treatment.id)
        .outerjoin(NumberSeries, NumberSeries.id == Treatment.series_id)
        .outerjoin(Organisation, Organisation.id == Forum.secretariat_id)
        .where(Treatment.id == treatment_id, readable(actor))
    )
    wanted = _PAPER.joined(_TITLE.joined(wanted, Treatment.title_exemption_id), Presentation.exemption_id)
    found: list[Row[Any]] = list(db.execute(wanted))
    if not found:
        raise NotFound
    row = found[0]
    is_whole, has_paper = bool(row.is_whole), bool(row.has_paper)
    return PaperFacts(
        treatment_id=row.id,
        case_id=row.case_id,
        forum_id=row.forum_id,
        forum_name=row.forum_name,
        paper_pattern=row.paper_pattern,
        file_pattern=row.file_pattern,
        secretariat_id=row.secretariat_id,
        template_sha256=row.template_sha256,
        sequence=row.sequence,
        period=row.period,
        prefix=row.prefix,
        title=row.title,
        kind=row.kind,
        kind_label=row.kind_label if has_paper else "",
        state=row.state,
        preparer=row.preparer if has_paper else "",
        presentation_id=row.presentation_id,
        language=row.language,
        # Work on what is exempt would show in the number of revisions.
        revision=row.revision if is_whole else 0,
        place=row.place if has_paper else "",
        dated=row.dated if has_paper else None,
        wording=row.wording if has_paper else {},
        sight=Sight.WHOLE if is_whole else Sight.PUBLIC,
        has_paper=has_paper,
        title_ground=_TITLE.ground(row, row.language),
        paper_ground=_PAPER.ground(row, row.language),
    )


def paper_parts(db: Session, facts: PaperFacts) -> tuple[Part, ...]:
    """The parts with their texts, in order; in the whole copy those that are exempt with their ground."""
    part = PresentationPart
    wanted = _PART.joined(
        select(
            part.key,
            part.kind,
            part.heading,
            part.body,
            part.lead_in,
            part.closing,
            part.party,
            *_PART.columns(),
        ),
        part.exemption_id,
    ).where(part.presentation_id == facts.presentation_id)
    if facts.sight is not Sight.WHOLE:
        wanted = wanted.where(part.exemption_id.is_(None))
    if not facts.has_paper:
        return ()
    return tuple(
        Part(
            key=row.key,
            kind=row.kind,
            heading=row.heading,
            body=from_json(row.body),
            lead_in=from_json(row.lead_in),
            closing=from_json(row.closing),
            party=row.party,
            exempt_by=_PART.ground(row, facts.language),
        )
        for row in db.execute(wanted.order_by(part.position))
    )


def hidden_grounds(db: Session, facts: PaperFacts) -> tuple[str, ...]:
    """The grounds of the parts that a public copy leaves out, each once."""
    if facts.sight is Sight.WHOLE or not facts.has_paper:
        return ()
    part = PresentationPart
    wanted = _PART.joined(select(*_PART.columns()).select_from(part), part.exemption_id)
    found = db.execute(
        wanted.where(part.presentation_id == facts.presentation_id, part.exemption_id.is_not(None)).order_by(
            part.position
        )
    )
    return distinct_grounds([_PART.view(row, facts.language, is_whole=False) for row in found])


def paper_attachments(db: Session, facts: PaperFacts) -> tuple[AttachmentLine, ...]:
    """The list of attachments, numbered from 1; one that is exempt under its public text in the public copy."""
    if not facts.has_paper:
        return ()
    line, is_whole = Attachment, facts.sight is Sight.WHOLE
    told = true() if is_whole else line.exemption_id.is_(None)
    wanted = _ATTACHMENT.joined(
        select(
            case((told, line.title), else_=_ATTACHMENT.exemption.public_text).label("title"),
            case((told, line.file_name), else_="").label("file_name"),
            *_ATTACHMENT.columns(),
        ),
        line.exemption_id,
    )
    rows = db.execute(wanted.where(line.presentation_id == facts.presentation_id).order_by(line.position))
    return tuple(
        AttachmentLine(number, row.title, row.file_name or None, _ATTACHMENT.ground(row, facts.language))
        for number, row in enumerate(rows, start=1)
    )


def paper_corrections(db: Session, facts: PaperFacts) -> tuple[CorrectionNote, ...]:
    """What was put right after the paper was treated, as far as the reader may know it."""
    if not facts.has_paper or facts.state is not TreatmentState.TREATED:
        return ()
    return tuple(
        CorrectionNote(
            number=each.number,
            made_on=local_date(each.made_at),
            reason=each.reason,
            author=each.author_name,
            body=from_json(each.body),
        )
        for each in corrections_of(db, facts.treatment_id, is_whole=facts.sight is Sight.WHOLE)
    )


def paper_presenters(db: Session, facts: PaperFacts) -> str:
    """The presenters as one line."""
    if not facts.has_paper:
        return ""
    wanted = select(Presenter.text).where(Presenter.treatment_id == facts.treatment_id)
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
