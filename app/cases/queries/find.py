"""Finding one record: for change, or by the number that people know it by."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.cases.models import Attachment, Case, Presentation, PresentationPart, Treatment
from app.cases.policy import may_read, readable, readable_case, scope_of
from app.documents.case_presentation import PartKind
from app.forums.models import Forum, NumberSeries
from app.forums.queries import find_series
from app.forums.rules import SeriesPeriod, series_prefix
from app.kernel.case_number import parse_case_number
from app.kernel.errors import NotFound
from app.platform.clock import today


def get_treatment(db: Session, actor: Actor, treatment_id: UUID) -> Treatment:
    """The treatment with its presenters, locked for change.

    :raise NotFound: when it is missing or not readable.
    """
    treatment = db.get(
        Treatment,
        treatment_id,
        with_for_update=True,
        populate_existing=True,
        options=[selectinload(Treatment.presenters)],
    )
    if treatment is None or not may_read(actor, scope_of(treatment)):
        raise NotFound
    return treatment


def get_case(db: Session, actor: Actor, case_id: UUID) -> Case:
    """The case.

    :raise NotFound: when it is missing or no treatment of it is readable.
    """
    case = db.scalars(select(Case).where(Case.id == case_id, readable_case(actor))).one_or_none()
    if case is None:
        raise NotFound
    return case


def case_forums(db: Session, actor: Actor, case_id: UUID) -> frozenset[UUID]:
    """The forums in which the case has a treatment that the actor may read."""
    return frozenset(
        db.scalars(select(Treatment.forum_id).where(Treatment.case_id == case_id, readable(actor)))
    )


def presentation_of(db: Session, treatment_id: UUID) -> Presentation:
    """The presentation of a treatment that the caller has already found readable, locked for change."""
    found = select(Presentation).where(Presentation.treatment_id == treatment_id).with_for_update()
    return db.scalars(found.execution_options(populate_existing=True)).one()


def parts_of(db: Session, presentation_id: UUID) -> list[PresentationPart]:
    """Every part, in order."""
    parts = select(PresentationPart).where(PresentationPart.presentation_id == presentation_id)
    return list(db.scalars(parts.order_by(PresentationPart.position)))


def attachments_of(db: Session, presentation_id: UUID) -> list[Attachment]:
    """Every line of the list of attachments, in order."""
    lines = select(Attachment).where(Attachment.presentation_id == presentation_id)
    return list(db.scalars(lines.order_by(Attachment.position)))


def case_of_treatment(db: Session, treatment_id: UUID) -> UUID:
    """The id of the case that the treatment belongs to. Says nothing about who may read it.

    :raise NotFound: when there is no such treatment.
    """
    return _one_id(db.scalar(select(Treatment.case_id).where(Treatment.id == treatment_id)))


def readable_case_of(db: Session, actor: Actor, treatment_id: UUID) -> UUID | None:
    """The id of the case that the treatment belongs to; None when it is missing or not readable."""
    return db.scalar(select(Treatment.case_id).where(Treatment.id == treatment_id, readable(actor)))


def treatment_of_part(db: Session, part_id: UUID) -> UUID:
    """The id of the treatment whose presentation holds the part. Says nothing about who may read it.

    :raise NotFound: when there is no such part.
    """
    wanted = select(Presentation.treatment_id).join(PresentationPart).where(PresentationPart.id == part_id)
    return _one_id(db.scalar(wanted))


def treatment_of_attachment(db: Session, attachment_id: UUID) -> UUID:
    """The id of the treatment that the attachment belongs to. Says nothing about who may read it.

    :raise NotFound: when there is no such attachment.
    """
    wanted = select(Presentation.treatment_id).join(Attachment).where(Attachment.id == attachment_id)
    return _one_id(db.scalar(wanted))


def has_proposal(db: Session, treatment_id: UUID) -> bool:
    """Whether any proposal of the presentation says something."""
    proposals = (
        select(PresentationPart.id)
        .join(Presentation)
        .where(Presentation.treatment_id == treatment_id, proposal_says_something())
    )
    return db.scalar(select(proposals.exists())) is True


def proposal_says_something() -> ColumnElement[bool]:
    """The condition on a part that makes a proposed decision of it."""
    return and_(PresentationPart.kind == PartKind.PROPOSAL, PresentationPart.html != "")


def series_for(db: Session, forum: Forum, year: int | None, prefix: str | None = None) -> NumberSeries | None:
    """The series that a typed number of the forum would belong to; None when it has no number yet, or cannot have.

    ``prefix`` is the forum's own unless given; the year does not count in a series that never restarts.
    """
    try:
        wanted = series_prefix(forum.series_prefix if prefix is None else prefix)
    except ValueError:
        return None
    return find_series(db, forum.id, None if forum.series_period is SeriesPeriod.NEVER else year, wanted)


def number_is_taken(db: Session, series_id: UUID, sequence: int, *, but: UUID | None = None) -> bool:
    """Whether a treatment has the number, this one not counted."""
    taken = select(Treatment.id).where(Treatment.series_id == series_id, Treatment.sequence == sequence)
    if but is not None:
        taken = taken.where(Treatment.id != but)
    return db.scalar(taken.limit(1)) is not None


def find_by_number(db: Session, actor: Actor, forum_key: str, spelling: str) -> tuple[UUID, UUID]:
    """The ids of the case and the treatment that a number names, in any usual spelling of it.

    Without a year, a series that never restarts comes first, then this year's. Without a prefix, the series without one
    comes first, then the forum's own.

    :raise NotFound: for what is no number, for no such number, and for one that the actor may not read.
    """
    try:
        number = parse_case_number(spelling)
    except ValueError:
        raise NotFound from None
    rows = db.execute(
        select(Treatment.case_id, Treatment.id, NumberSeries.prefix, NumberSeries.period, Forum.series_prefix)
        .join(NumberSeries, NumberSeries.id == Treatment.series_id)
        .join(Forum, Forum.id == Treatment.forum_id)
        .where(Forum.key == forum_key, Treatment.sequence == number.sequence, readable(actor))
    )
    periods = ["", str(today().year)] if number.year is None else [str(number.year), ""]
    found = []
    for case_id, treatment_id, prefix, period, own_prefix in rows:
        prefixes = [number.prefix] if number.prefix else ["", own_prefix.upper()]
        if period in periods and prefix.upper() in prefixes:
            found.append((prefixes.index(prefix.upper()), periods.index(period), case_id, treatment_id))
    if not found:
        raise NotFound
    _prefix, _period, case_id, treatment_id = min(found)
    return case_id, treatment_id


def _one_id(found: UUID | None) -> UUID:
    if found is None:
        raise NotFound
    return found
