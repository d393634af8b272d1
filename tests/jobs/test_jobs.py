"""Jobs: made with the commit or not at all, done with the effect of once, whoever dies or fails meanwhile."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.directory.models import Person
from app.jobs import handlers
from app.jobs.handlers import Surroundings, TryLater, handles
from app.jobs.models import Job, RecurringJob
from app.jobs.queries import oldest_due, unfinished_jobs
from app.jobs.rules import LEASE, MOST_ATTEMPTS, wait_after
from app.jobs.service import enqueue, mark_done, retry_given_up, take
from app.jobs.worker import Worker
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.settings import Settings
from app.platform.storage import FileStore

JOBS = 60


@pytest.fixture(autouse=True)
def _only_our_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_handlers", {})


def surroundings(database: Database, folder: Path) -> Surroundings:
    return Surroundings(database, FileStore(folder), Settings(data_dir=folder))


@pytest.fixture
def around(database: Database, tmp_path: Path) -> Surroundings:
    return surroundings(database, tmp_path)


def add_person(db, _around, payload) -> None:
    db.add(Person(name=payload["name"], sort_key=payload["name"]))


def ask(database: Database, kind: str, **more) -> None:
    with database.writing() as db:
        enqueue(db, kind, {"name": "Kari"}, **more)


def people(database: Database) -> list[str]:
    with database.reading() as db:
        return sorted(db.scalars(select(Person.name)))


def waiting(database: Database) -> list[Job]:
    with database.reading() as db:
        return list(unfinished_jobs(db))


def make_due(database: Database) -> None:
    with database.writing() as db:
        for job in db.scalars(select(Job).where(Job.run_at.is_not(None))):
            job.run_at = utc_now() - timedelta(seconds=1)


def _ask_and_fail(database: Database) -> None:
    with database.writing() as db:
        enqueue(db, "add", {"name": "Kari"})
        raise ZeroDivisionError


def test_a_job_is_made_with_the_commit_or_not_at_all(database, around) -> None:
    handles("add")(add_person)
    with pytest.raises(ZeroDivisionError):
        _ask_and_fail(database)
    assert not Worker(around).run_next()
    ask(database, "add")
    assert Worker(around).run_next()
    assert not Worker(around).run_next()
    assert people(database) == ["Kari"]


def test_under_a_key_one_job_waits_at_most(database, around) -> None:
    handles("add")(add_person)
    ask(database, "add", key="kari")
    ask(database, "add", key="kari")
    assert len(waiting(database)) == 1
    assert Worker(around).run_next()
    ask(database, "add", key="kari")
    assert len(waiting(database)) == 1, "a key is free again once its job is done"


def test_a_job_is_not_taken_before_its_time(database, around) -> None:
    handles("add")(add_person)
    ask(database, "add", run_at=utc_now() + timedelta(hours=1))
    assert not Worker(around).run_next()
    make_due(database)
    assert Worker(around).run_next()


def test_a_failing_job_leaves_nothing_waits_longer_each_time_and_is_given_up(database, around) -> None:
    @handles("fail")
    def fail(db, _around, payload) -> None:
        add_person(db, _around, payload)
        db.flush()
        raise ValueError("no such luck")

    ask(database, "fail")
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        assert Worker(around).run_next()
        (job,) = waiting(database)
        waits.append(job.run_at - utc_now())
        assert not Worker(around).run_next(), "it waits"
        make_due(database)
    assert waits == sorted(waits)
    assert waits[0] < timedelta(seconds=6)
    assert Worker(around).run_next()
    (job,) = waiting(database)
    assert (job.run_at, job.attempts, job.last_error) == (None, MOST_ATTEMPTS, "ValueError: no such luck")
    assert job.given_up_at is not None
    assert people(database) == []

    handlers._handlers.clear()
    handles("fail")(add_person)
    with database.writing() as db:
        assert retry_given_up(db) == 1
    assert Worker(around).run_next()
    assert people(database) == ["Kari"]


def test_the_longest_wait_is_an_hour() -> None:
    assert wait_after(50) == timedelta(hours=1)


def test_a_job_whose_handler_is_away_waits_without_counting(database, around) -> None:
    def away(_around, _payload) -> str:
        raise TryLater("the scanner is down")

    handles("scan", prepare=away)(lambda _db, _around, _payload, _found: None)
    ask(database, "scan")
    for _ in range(MOST_ATTEMPTS + 5):
        assert Worker(around).run_next()
        make_due(database)
    (job,) = waiting(database)
    assert (job.attempts, job.given_up_at) == (0, None)
    assert "scanner is down" in job.last_error


def test_a_job_of_an_unknown_kind_waits_for_a_version_that_knows_it(database, around) -> None:
    ask(database, "from the future")
    assert Worker(around).run_next()
    (job,) = waiting(database)
    assert "nobody handles" in job.last_error
    assert job.attempts == 0, "it is never given up for that"


def test_the_work_of_one_who_was_overtaken_does_not_count(database, around) -> None:
    """The lease of a slow worker ends, and another one does the job: the first one's work is thrown away."""
    seen = []

    def slow(around, _payload) -> None:
        seen.append("prepared")
        if len(seen) == 1:
            make_due(database)  # as when the lease ends
            assert Worker(around).run_next()

    @handles("slow", prepare=slow)
    def work(db, around, payload, _prepared) -> None:
        add_person(db, around, payload)

    ask(database, "slow")
    assert Worker(around).run_next()
    assert seen == ["prepared", "prepared"]
    assert people(database) == ["Kari"]


def test_marking_outside_the_transaction_of_the_work_would_do_it_twice(database, around) -> None:
    """The twin of the test above: work first and mark afterwards, and a worker that dies between has done it for nothing."""
    ask(database, "add")
    with database.writing() as db:
        taken = take(db, LEASE)
        assert taken is not None
    with database.writing() as db:
        add_person(db, around, taken.payload)
    make_due(database)  # it died here
    handles("add")(add_person)
    assert Worker(around).run_next()
    with database.writing() as db:
        assert not mark_done(db, taken)
    assert people(database) == ["Kari", "Kari"]


def test_a_recurring_job_is_made_once_in_its_time(database, around) -> None:
    done = []
    handles("sweep", every=timedelta(hours=24))(lambda _db, _around, _payload: done.append(1))
    workers = [Worker(around) for _ in range(3)]
    assert [worker.run_next() for worker in workers] == [True, False, False]
    assert done == [1]
    with database.writing() as db:
        db.scalars(select(RecurringJob)).one().next_at = utc_now() - timedelta(minutes=1)
    assert [Worker(around).run_next() for _ in range(3)] == [True, False, False]
    assert len(done) == 2


def test_an_idle_worker_waits_for_nobody_who_writes(sqlite_empty, tmp_path) -> None:
    idle = Worker(surroundings(sqlite_empty, tmp_path))
    assert not idle.run_next()
    with sqlite_empty.writing() as db:
        db.execute(select(func.now()))
        started = time.monotonic()
        assert not idle.run_next()
        assert time.monotonic() - started < 5, (
            "the write lock is held for ten seconds before anybody gives up"
        )


def test_how_long_a_job_has_been_due(database) -> None:
    with database.reading() as db:
        assert oldest_due(db) is None
    then = utc_now() - timedelta(hours=2)
    ask(database, "x", run_at=then)
    ask(database, "x")
    with database.reading() as db:
        assert oldest_due(db) == then


def work_until_killed(url: str, folder: Path) -> None:
    """A worker process with a short lease that dies in the middle now and then, by its own hand or ours."""
    handlers._handlers.clear()

    @handles("add")
    def add(db, around, payload) -> None:
        add_person(db, around, payload)
        db.flush()
        if int.from_bytes(os.urandom(1)) < 30:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(url)
    Worker(surroundings(database, folder), lease=timedelta(milliseconds=300)).run()


def test_jobs_of_killed_workers_are_done_once(database, tmp_path) -> None:
    with database.writing() as db:
        for number in range(JOBS):
            enqueue(db, "add", {"name": f"{number:03}"})
    url = database.engine.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")

    def start() -> multiprocessing.Process:
        process = spawn.Process(target=work_until_killed, args=(url, tmp_path))
        process.start()
        return process

    workers = [start(), start()]
    kills = 0
    deadline = time.monotonic() + 60
    while any(job.given_up_at is None for job in waiting(database)) and time.monotonic() < deadline:
        time.sleep(0.05)
        for place, process in enumerate(workers):
            if not process.is_alive():
                kills += 1
                workers[place] = start()
    for process in workers:
        process.kill()
        process.join()
    assert [job for job in waiting(database) if job.given_up_at is None] == []
    counted = Counter(people(database))
    lost = [f"{number:03}" for number in range(JOBS) if f"{number:03}" not in counted]
    twice = [name for name, count in counted.items() if count > 1]
    print(
        f"jobs on {database.engine.dialect.name}: {JOBS} jobs, {kills} workers killed, lost {len(lost)}, twice {len(twice)}"
    )
    assert (lost, twice) == ([], [])
    assert kills > 0
