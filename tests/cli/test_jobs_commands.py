"""``worker``, ``jobs`` and ``sweep``, as an operator types them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.jobs.models import Job
from app.jobs.queries import unfinished_jobs
from app.jobs.rules import MOST_ATTEMPTS
from app.jobs.service import enqueue
from app.platform.clock import utc_now
from app.platform.db import Database


@pytest.fixture
def database(samstyr, tmp_path: Path):
    assert samstyr("migrate").code == 0
    database = Database(f"sqlite:///{tmp_path / 'data' / 'samstyr.db'}")
    yield database
    database.dispose()


def test_jobs_that_wait_or_were_given_up_are_listed_and_tried_again(samstyr, database) -> None:
    assert samstyr("jobs").out == "No job waits.\n"
    with database.writing() as db:
        enqueue(db, "files.scan", {})
        now = utc_now()
        db.add(
            Job(
                kind="mail.send",
                created_at=now,
                attempts=MOST_ATTEMPTS,
                last_error="ConnectionRefusedError: nobody there",
                given_up_at=now,
            )
        )
    told = samstyr("jobs").out
    assert "files.scan" in told
    assert "given up  ConnectionRefusedError: nobody there" in told
    assert "given up" not in samstyr("jobs", "--retry").out


def test_a_worker_does_what_recurs_and_stops_when_it_is_asked_to(database, tmp_path: Path, samstyr) -> None:
    left = tmp_path / "data" / "tmp" / "left"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half an upload")
    os.utime(left, (0, 0))
    worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while left.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    assert not left.exists()
    with database.reading() as db:
        assert [job.kind for job in unfinished_jobs(db) if job.attempts > 1] == []


def test_sweep_says_what_it_removed(samstyr, database, tmp_path: Path) -> None:
    assert samstyr("sweep").out == "Removed 0 temporary files and 0 files that nothing names.\n"
