"""What was acknowledged is there, once and whole, however the server is killed.

Clients keep a ledger of every answer. The server is killed again and again at random moments, and each time the ledger is
compared with database and store. The database's own checks cannot replace this: one that has lost commits finds itself well.
"""

import random
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.support.ledger.comparing import left_after_sweep
from tests.support.ledger.house import House
from tests.support.ledger.serving import HASTY, SERVE
from tests.support.postgres import own_database

KILLS = 21
KILLS_LONG = 105
WAYS = (
    "worker -9",
    "worker -9",
    "parent first",
    "worker -9",
    "worker TERM",
    "worker -9",
    "all -9",
    "worker -9",
    "worker TERM",
    "worker -9",
    "TERM",
)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    with own_database("ledger") as url:
        yield url


def kill_again_and_again(house: House, kills: int) -> None:
    with house.at_work():
        for way in islice(cycle(WAYS), kills):
            house.wait_for_work()
            time.sleep(random.uniform(0, 0.2))
            house.kill(way)
            assert not any(house.compare().counted().values()), f"after {way}: {house.compare()}"
        house.wait_for_work()
    house.checked.clear()
    found = house.compare().counted()
    left = left_after_sweep(house.database, house.store)
    house.database.dispose()
    ledger = house.ledger
    print(
        f"ledger on {house.database.engine.dialect.name}: {kills} kills, {ledger.acknowledged} acknowledged, "
        f"{ledger.unanswered} unanswered and sent again, lost {found['lost']}, double effects {found['doubled']}, "
        f"rows without file {found['without_file']}, torn files {found['torn']}, left after sweep {left}"
    )
    assert ledger.refused == []
    assert ledger.unanswered > 0, "no kill hit a command at work"
    assert not any(found.values())
    assert left == 0


def test_nothing_acknowledged_is_lost_or_done_twice(database_url: str, tmp_path: Path) -> None:
    kill_again_and_again(House(tmp_path / "data", database_url), KILLS)


@pytest.mark.long
def test_nothing_acknowledged_is_lost_or_done_twice_in_a_long_time(database_url: str, tmp_path: Path) -> None:
    kill_again_and_again(House(tmp_path / "data", database_url, words=SERVE), KILLS_LONG)


def test_a_server_that_answers_before_it_commits_is_found_out(tmp_path: Path) -> None:
    """The twin of the tests above: their way of looking does see what is lost."""
    house = House(tmp_path / "data", "", words=HASTY, workers=1)
    with house.at_work():
        house.wait_for_work(5)
        house.kill("all -9")
        found = house.compare()
    print(f"ledger of a server that answers before it commits: 1 kill, lost {len(found.lost)}")
    assert found.lost
