"""A served installation with a forum and a secretary, and clients that can be put to work in it."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select

from app.access.roles import Role
from app.cases.models import Presentation, PresentationPart
from app.identity.models import UserSession
from app.kernel.language import Language
from app.platform.clock import utc_now
from app.platform.db import Database
from app.platform.schema import migrate
from app.platform.storage import FileStore
from tests.factories.forums import make_forum, make_membership
from tests.factories.people import make_person
from tests.factories.users import make_user
from tests.support.ledger.clients import Client, Ledger, Write
from tests.support.ledger.comparing import Found, compare
from tests.support.ledger.serving import UVICORN, Serving

CLIENTS = 3


class House:
    """A served installation with a forum and a secretary, and clients at work in it."""

    def __init__(
        self, folder: Path, database_url: str, *, words: tuple[str, ...] = UVICORN, workers: int = 2
    ) -> None:
        folder.mkdir()
        self.database = Database(database_url or f"sqlite:///{folder / 'samstyr.db'}")
        self.store = FileStore(folder)
        migrate(self.database)
        self.serving = Serving(folder, database_url, words=words, workers=workers)
        self.ledger = Ledger()
        self.checked: set[str] = set()
        self.cookie = self._secretary()
        self.clients = [
            Client(self.serving.port, self.cookie, "skate", self.ledger, self._part_of)
            for _ in range(CLIENTS)
        ]

    def _secretary(self) -> str:
        token, now = token_urlsafe(32), utc_now()
        with self.database.writing() as db:
            person = make_person(db)
            make_membership(db, make_forum(db, "skate"), person.id, Role.SECRETARY)
            user = make_user(db, person_id=person.id, language=Language.EN)
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
        for _ in range(500):  # it is there at once, unless the server has the fault that we look for
            with self.database.reading() as db:
                part = db.scalars(wanted.order_by(PresentationPart.position)).first()
            if part is not None:
                return part.id, part.version
            time.sleep(0.01)
        raise AssertionError(f"the treatment {treatment_id} was acknowledged and is not there")

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

    def ledger_of(self, kind: str, names: list[str]) -> None:
        """Take commands into the ledger that were acknowledged to somebody else."""
        self.ledger.writes += [Write(kind, name, acknowledged=True) for name in names]

    @contextmanager
    def served(self) -> Iterator[None]:
        """The server up, and stopped afterwards."""
        self.serving.start()
        try:
            self.serving.wait()
            yield
        finally:
            self.serving.stop()
            self.database.dispose()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The server up and the clients writing; both stopped afterwards."""
        with self.served():
            for client in self.clients:
                client.start()
            try:
                yield
            finally:
                for client in self.clients:
                    client.stopping.set()
                for client in self.clients:
                    client.join(timeout=40)
