"""What was acknowledged is there, once and whole, however the server is killed.

Clients keep a ledger of every answer. The server is killed again and again at random moments, and each time the ledger is
compared with database and store. The database's own checks cannot replace this: one that has lost commits finds itself well.
"""

import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from secrets import token_urlsafe
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.cases.models import Presentation, PresentationPart
from app.identity.models import UserSession
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.schema import migrate
from app.platform.storage import FileStore
from tests.factories.forums import make_forum, make_membership
from tests.factories.people import make_person
from tests.factories.users import make_user
from tests.support.ledger.clients import Client, Ledger
from tests.support.ledger.comparing import Found, compare, left_after_sweep
from tests.support.ledger.serving import HASTY, SERVE, UVICORN, Serving
from tests.support.postgres import own_database

CLIENTS = 3
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


class House:
    """A served installation with a forum and a secretary, and clients at work in it."""

    def __init__(self, folder: Path, database_url: str, words: tuple[str, ...] = UVICORN) -> None:
        folder.mkdir()
        self.database = Database(database_url or f"sqlite:///{folder / 'samstyr.db'}")
        self.store = FileStore(folder)
        migrate(self.database)
        self.serving = Serving(folder, database_url, words=words)
        self.ledger = Ledger()
        self.checked: set[str] = set()
        cookie = self._secretary()
        self.clients = [
            Client(self.serving.port, cookie, "skate", self.ledger, self._part_of) for _ in range(CLIENTS)
        ]

    def _secretary(self) -> str:
        token, now = token_urlsafe(32), utc_now()
        with self.database.writing() as db:
            person = make_person(db)
            make_membership(db, make_forum(db, "skate"), person.id, Role.SECRETARY)
            user = make_user(db, person_id=person.id)
            db.add(
                UserSession(
                    token_hash=sha256(token.encode()).hexdigest(),
                    user_id=user.id,
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now + timedelta(hours=12),
                )
            )
        return f"samstyr={token}"

    def _part_of(self, treatment_id: UUID) -> tuple[UUID, int]:
        wanted = select(PresentationPart).join(Presentation).where(Presentation.treatment_id == treatment_id)
        with self.database.reading() as db:
            part = db.scalars(wanted.order_by(PresentationPart.position)).first()
            assert part is not None
            return part.id, part.version

    def wait_for_work(self, commands: int = 3) -> None:
        """Wait until the clients have been told of so much more: a server that nobody uses is not worth killing."""
        wanted = self.ledger.acknowledged + commands
        deadline = time.monotonic() + 60
        while self.ledger.acknowledged < wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self.ledger.acknowledged >= wanted, f"nothing is answered any more: {self.serving.said()}"

    def kill(self, way: str) -> None:
        """Kill it, and see to it that it comes up again."""
        if way == "worker -9":
            self.serving.kill_worker(signal.SIGKILL)
        elif way == "worker TERM":
            self.serving.kill_worker(signal.SIGTERM)
        elif way == "parent first":
            self.serving.kill_parent_first()
        elif way == "all -9":
            self.serving.kill_all()
        else:
            self.serving.terminate()

    def compare(self) -> Found:
        """The ledger against database and store."""
        return compare(self.ledger, self.database, self.store, checked=self.checked)


@contextmanager
def at_work(house: House) -> Iterator[None]:
    """The server up and the clients writing; both stopped afterwards."""
    house.serving.start()
    try:
        house.serving.wait()
        for client in house.clients:
            client.start()
        yield
    finally:
        for client in house.clients:
            client.stopping.set()
        for client in house.clients:
            if client.ident:
                client.join(timeout=40)
        house.serving.stop()
        house.database.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    with own_database("ledger") as url:
        yield url


def kill_again_and_again(house: House, kills: int) -> None:
    with at_work(house):
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
    kill_again_and_again(House(tmp_path / "data", database_url, SERVE), KILLS_LONG)


def test_a_server_that_answers_before_it_commits_is_found_out(tmp_path: Path) -> None:
    """The twin of the tests above: their way of looking does see what is lost."""
    house = House(tmp_path / "data", "", HASTY)
    with at_work(house):
        house.wait_for_work(5)
        house.kill("all -9")
        found = house.compare()
    print(f"ledger of a server that answers before it commits: 1 kill, lost {len(found.lost)}")
    assert found.lost
