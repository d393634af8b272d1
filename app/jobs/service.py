"""Making jobs, taking them, and writing down what came of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.jobs.handlers import Payload, recurring
from app.jobs.models import Job, RecurringJob
from app.jobs.queries import given_up_jobs, next_due_job, taken_job
from app.jobs.rules import is_spent, wait_after
from app.kernel.text import clean_text
from app.platform.clock import utc_now
from app.platform.db import insert_if_new

_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that is ours until the lease ends; ``attempt`` tells it from a later taking of the same job."""

    job_id: UUID
    attempt: int
    kind: str
    payload: Payload


def enqueue(
    db: Session, kind: str, payload: Payload, *, key: str = "", run_at: datetime | None = None
) -> None:
    """Have a job done after the caller's transaction is committed; without the commit there never was a job.

    :param key: while a job of the kind waits under the key, asking again adds none.
    """
    now = utc_now()
    values = {
        "id": uuid4(),
        "kind": kind,
        "key": key or None,
        "payload": payload,
        "created_at": now,
        "run_at": run_at or now,
        "attempts": 0,
        "last_error": "",
    }
    db.execute(insert_if_new(db, Job).values(values))


def take(db: Session, lease: timedelta) -> Taken | None:
    """Take the job that has been due longest, if any."""
    now = utc_now()
    while job := next_due_job(db, now):
        if is_spent(job.attempts):  # its last worker died with it
            _give_up(job, now, job.last_error or "the worker stopped in the middle")
            db.flush()
            continue
        job.attempts += 1
        job.run_at = now + lease
        return Taken(job.id, job.attempts, job.kind, job.payload)
    return None


def mark_done(db: Session, taken: Taken) -> bool:
    """Mark the job as done in the transaction of its work. False: somebody else has it now, and the work must not count."""
    job = taken_job(db, taken.job_id, taken.attempt)
    if job is None:
        return False
    job.done_at, job.run_at, job.key, job.last_error = utc_now(), None, None, ""
    db.flush()
    return True


def mark_failed(db: Session, taken: Taken, error: Exception) -> bool:
    """Note why an attempt failed; the job waits longer each time, and is given up in the end. Says whether it was."""
    job = taken_job(db, taken.job_id, taken.attempt)
    if job is None:
        return False
    job.last_error = _described(error)
    if is_spent(job.attempts):
        _give_up(job, utc_now(), job.last_error)
        return True
    job.run_at = utc_now() + wait_after(job.attempts)
    return False


def put_off(db: Session, taken: Taken, why: Exception, after: timedelta) -> None:
    """Let the job wait without counting the attempt."""
    job = taken_job(db, taken.job_id, taken.attempt)
    if job is not None:
        job.attempts -= 1
        job.last_error = _described(why)
        job.run_at = utc_now() + after


def retry_given_up(db: Session) -> int:
    """Let every job that was given up be tried again from the beginning. Says how many."""
    jobs = given_up_jobs(db)
    for job in jobs:
        job.given_up_at, job.run_at, job.attempts = None, utc_now(), 0
    return len(jobs)


def make_recurring(db: Session, due: dict[str, datetime]) -> None:
    """Make the recurring jobs whose time has come. ``due`` is when each was last seen to be next; missing is now."""
    now = utc_now()
    for kind, period in recurring().items():
        if kind not in due:
            db.execute(insert_if_new(db, RecurringJob).values(kind=kind, next_at=now))
        mine = update(RecurringJob).where(RecurringJob.kind == kind, RecurringJob.next_at <= now)
        # Only one of those who try at the same time finds the moment unmoved.
        if db.execute(mine.values(next_at=now + period).returning(RecurringJob.kind)).first() is not None:
            enqueue(db, kind, {}, key="recurring")


def forget_done(db: Session, before: datetime) -> None:
    """Remove jobs that were done before a moment."""
    db.execute(delete(Job).where(Job.done_at < before))


def _give_up(job: Job, now: datetime, why: str) -> None:
    job.given_up_at, job.run_at, job.key, job.last_error = now, None, None, why


def _described(error: Exception) -> str:
    # Not the whole text of a database error: it repeats the values, and they may be exempt from public access.
    told: Any = error.orig if isinstance(error, DBAPIError) else error
    first_line = next(iter(str(told).splitlines()), "")
    return clean_text(f"{type(error).__name__}: {first_line}")[:_LONGEST_ERROR]
