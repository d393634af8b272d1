"""Looking for jobs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.models import Job, RecurringJob


def has_due_job(db: Session, now: datetime) -> bool:
    """Whether there is anything to do. Takes no lock, so that an idle worker stands in nobody's way."""
    return db.scalars(select(Job.id).where(Job.run_at <= now).limit(1)).first() is not None


def next_due_job(db: Session, now: datetime) -> Job | None:
    """The job that has been due longest, locked; one that another worker has locked is passed over."""
    due = select(Job).where(Job.run_at <= now).order_by(Job.run_at, Job.id).limit(1)
    return db.scalars(due.with_for_update(skip_locked=True)).one_or_none()


def taken_job(db: Session, job_id: UUID, attempt: int) -> Job | None:
    """The job, locked, if this attempt is still the one that counts."""
    mine = select(Job).where(Job.id == job_id, Job.attempts == attempt, Job.run_at.is_not(None))
    return db.scalars(mine.with_for_update()).one_or_none()


def unfinished_jobs(db: Session, *, limit: int = 200) -> Sequence[Job]:
    """What waits and what was given up, the oldest first."""
    return db.scalars(
        select(Job).where(Job.done_at.is_(None)).order_by(Job.created_at, Job.id).limit(limit)
    ).all()


def given_up_jobs(db: Session) -> Sequence[Job]:
    """What no worker tries any more."""
    return db.scalars(select(Job).where(Job.given_up_at.is_not(None)).order_by(Job.created_at)).all()


def oldest_due(db: Session) -> datetime | None:
    """Since when the job that has waited longest has been due, or None when none waits."""
    return db.scalars(select(Job.run_at).where(Job.run_at.is_not(None)).order_by(Job.run_at).limit(1)).first()


def next_times(db: Session) -> dict[str, datetime]:
    """When each recurring job is made next, by kind."""
    return {each.kind: each.next_at for each in db.scalars(select(RecurringJob))}
