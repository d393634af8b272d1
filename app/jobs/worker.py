"""The worker: looks for jobs, one after the other, until it is stopped."""

import threading
from datetime import datetime, timedelta

from app.jobs.handlers import Surroundings, TryLater, handler_of, recurring
from app.jobs.queries import has_due_job, next_times
from app.jobs.rules import LEASE
from app.jobs.service import Taken, make_recurring, mark_done, mark_failed, put_off, take
from app.platform.clock import utc_now
from app.platform.logs import log

_IDLE_SECONDS = 1.0
_TROUBLE_SECONDS = 5.0
_LOOK_FOR_RECURRING = timedelta(seconds=30)


class _Overtaken(Exception):
    """The lease ended and another worker has the job: this attempt must leave nothing."""


class Worker:
    """Does jobs in a thread of its own, or in the caller's."""

    def __init__(self, surroundings: Surroundings, *, lease: timedelta = LEASE) -> None:
        self._around = surroundings
        self._lease = lease
        self._stopping = threading.Event()
        self._looked_at: datetime | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work in a thread until ``stop``."""
        # A daemon: what it is at when the process must go is rolled back and done by the next one.
        self._thread = threading.Thread(target=self.run, name="jobs", daemon=True)
        self._thread.start()

    def stop(self, *, patience: float) -> None:
        """Take no further job, and wait so many seconds for the one at work."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(patience)

    def run(self) -> None:
        """Work until ``stop`` is called from elsewhere."""
        while not self._stopping.is_set():
            try:
                pause = 0.0 if self.run_next() else _IDLE_SECONDS
            except Exception:
                # The database is away or the disk is full. Nothing is lost: what was begun is rolled back.
                log.error("jobs_interrupted", exc_info=True)
                pause = _TROUBLE_SECONDS
            self._stopping.wait(pause)

    def run_next(self) -> bool:
        """Do one job, if one is due. Says whether there was one."""
        self._make_recurring()
        with self._around.database.reading() as db:
            if not has_due_job(db, utc_now()):
                return False
        with self._around.database.writing() as db:
            taken = take(db, self._lease)
        if taken is None:
            return False
        self._do(taken)
        return True

    def _do(self, taken: Taken) -> None:
        database = self._around.database
        try:
            handler = handler_of(taken.kind)
            arguments = [self._around, taken.payload]
            if handler.prepare is not None:
                arguments.append(handler.prepare(self._around, taken.payload))
            with database.writing() as db:
                if not mark_done(db, taken):
                    raise _Overtaken
                handler.work(db, *arguments)
        except _Overtaken:
            log.warning("job_overtaken", kind=taken.kind, job=str(taken.job_id))
        except TryLater as later:
            with database.writing() as db:
                put_off(db, taken, later, later.after)
        except Exception as error:
            log.error("job_failed", kind=taken.kind, job=str(taken.job_id), exc_info=True)
            with database.writing() as db:
                if mark_failed(db, taken, error):
                    log.error("job_given_up", kind=taken.kind, job=str(taken.job_id))

    def _make_recurring(self) -> None:
        now = utc_now()
        if self._looked_at is not None and now - self._looked_at < _LOOK_FOR_RECURRING:
            return
        with self._around.database.reading() as db:
            times = next_times(db)
        if any(kind not in times or times[kind] <= now for kind in recurring()):
            with self._around.database.writing() as db:
                make_recurring(db, times)
        self._looked_at = now
