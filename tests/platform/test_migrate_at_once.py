"""Processes that migrate at the same time wait for one another."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.platform import schema
from app.platform.db import Database
from app.platform.schema import at_head, migrate
from tests.support.postgres import own_database

PROCESSES = 3


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    with own_database("migrate") as address:
        yield address


def bring_up(url: str, start) -> str:
    """Migrate together with the others; says what went wrong."""
    database = Database(url)
    start.wait()
    try:
        migrate(database)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        database.dispose()
    return ""


def at_once(url: str) -> list[str]:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(PROCESSES) as pool:
        start = manager.Barrier(PROCESSES)
        return pool.starmap(bring_up, [(url, start)] * PROCESSES)


def test_processes_that_migrate_at_once_all_succeed(url: str) -> None:
    assert at_once(url) == [""] * PROCESSES
    database = Database(url)
    with database.engine.connect() as connection:
        assert at_head(connection)
    database.dispose()


def test_whoever_migrates_waits_for_the_one_at_work(url: str) -> None:
    first, second = Database(url), Database(url)
    with ThreadPoolExecutor(1) as thread:
        with schema._alone(first):
            waiting = thread.submit(migrate, second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=2)
            with first.engine.connect() as connection:
                assert not at_head(connection)
        waiting.result(timeout=60)
    with first.engine.connect() as connection:
        assert at_head(connection)
    first.dispose()
    second.dispose()
