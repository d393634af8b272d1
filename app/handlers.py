"""Every handler of jobs, imported once so that a worker knows them all."""

from app.cases.service import scans
from app.files import sweeping as files
from app.idempotency import sweeping as idempotency
from app.jobs import housekeeping as jobs
from app.jobs.handlers import Surroundings
from app.jobs.worker import Worker
from app.platform.db import Database
from app.platform.settings import Settings
from app.platform.storage import FileStore
from app.writing import sweeping as writing

__all__ = ["files", "idempotency", "job_worker", "jobs", "scans", "writing"]


def job_worker(database: Database, store: FileStore, settings: Settings) -> Worker:
    """A worker that knows how to do every kind of job, not started yet."""
    return Worker(Surroundings(database, store, settings))
