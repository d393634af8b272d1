"""Giving a treatment its number."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Treatment
from app.cases.queries.find import number_is_taken, presentation_of, series_for
from app.cases.rules import NUMBER_IS_FINAL
from app.cases.service.opening import finish, open_treatment, touch
from app.forums.queries import forum_by_id
from app.forums.service.numbers import DrawnNumber, draw_number, register_number
from app.kernel.errors import Reason, RuleBroken


def give_number(db: Session, actor: Actor, treatment: Treatment, *, year: int) -> Treatment:
    """Draw the next number of the forum for a treatment that the caller has opened. One that has a number keeps it."""
    if treatment.sequence is None:
        forum = forum_by_id(db, actor, treatment.forum_id)
        _set(db, actor, treatment, draw_number(db, forum, year))
    return treatment


def set_number(
    db: Session,
    actor: Actor,
    treatment_id: UUID,
    *,
    sequence: int,
    year: int | None,
    prefix: str | None = None,
) -> Treatment:
    """Type a number that a paper already has. The series goes on after the highest number typed or drawn.

    ``prefix`` is the forum's own unless given; the year does not count in a series that never restarts.

    :raise RuleBroken: ``treatment.number_taken`` when another treatment has it, ``treatment.number_final`` when this one
        has another that people have seen; ``number.out_of_range``, ``number.year_needed`` or ``number.prefix_invalid``
        for what can be no number of the forum.
    """
    treatment = open_treatment(db, actor, treatment_id)
    forum = forum_by_id(db, actor, treatment.forum_id)
    if treatment.sequence is not None:
        series = series_for(db, forum, year, prefix)
        if series is not None and (series.id, sequence) == (treatment.series_id, treatment.sequence):
            return treatment
        if treatment.state in NUMBER_IS_FINAL or treatment.shared_at is not None:
            raise RuleBroken(Reason("treatment.number_final", "number"))
    drawn = register_number(db, forum, year=year, sequence=sequence, prefix=prefix)
    if number_is_taken(db, drawn.series_id, drawn.sequence, but=treatment.id):
        raise RuleBroken(Reason("treatment.number_taken", "number"))
    _set(db, actor, treatment, drawn)
    return treatment


def _set(db: Session, actor: Actor, treatment: Treatment, drawn: DrawnNumber) -> None:
    before = treatment.sequence
    treatment.series_id, treatment.sequence = drawn.series_id, drawn.sequence
    treatment.version += 1
    touch(treatment, presentation_of(db, treatment.id))
    changes = {
        "sequence": (before, drawn.sequence),
        "year": (None, drawn.year),
        "prefix": ("", drawn.prefix),
    }
    finish(db, actor, "case.numbered", treatment, changes=changes)
