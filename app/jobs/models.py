"""The table of jobs, and when each recurring one is due."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, Identified
from app.platform.types import UtcDateTime


class Job(Identified, Base):
    """One piece of work.

    ``run_at`` says from when a worker may take it; taking it moves that moment past the lease, so that the job of a
    worker that died comes up again. It is empty once the job is done or given up, and so is ``key``.
    """

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_job_run_at", "run_at"))

    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(100))  # at most one job of a kind waits under a key
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecurringJob(Base):
    """When a job that comes back is to be made next; whoever moves the moment makes the job."""

    __tablename__ = "recurring_job"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
