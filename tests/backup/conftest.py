"""Machines: each with a data folder and a database of its own, on both kinds of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.access.actor import Actor
from app.cases.service.attachments import add_attachment
from app.cases.service.numbers import set_number
from app.cli.root import main
from app.files.service import store_upload
from app.forums.rules import SeriesPeriod
from app.platform.clock import today
from app.platform.db import Database
from app.platform.storage import FileStore
from tests.factories.cases import make_case
from tests.factories.forums import make_forum
from tests.support.postgres import client_programs, empty, own_database

OPERATOR = Actor.system("test")
YEAR = today().year


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass
class Machine:
    """An installation, and the operator in front of it."""

    folder: Path
    database_url: str
    run: Callable[["Machine", tuple[str, ...]], Said]

    def samstyr(self, *words: str | Path) -> Said:
        """Type a command."""
        return self.run(self, tuple(map(str, words)))

    def open(self) -> Database:
        """Its database; the caller disposes of it."""
        return Database(self.database_url or f"sqlite:///{self.folder / 'samstyr.db'}")

    @property
    def store(self) -> FileStore:
        """Its files."""
        return FileStore(self.folder)


@pytest.fixture(scope="session")
def postgres_pool() -> Iterator[Callable[[ExitStack], str]]:
    """Lends empty databases. They are emptied and lent again, since making and dropping them takes far longer."""
    free: list[str] = []
    with ExitStack() as session:

        def lend(test: ExitStack) -> str:
            url = free.pop() if free else session.enter_context(own_database("backup"))
            test.callback(free.append, url)
            test.callback(empty, url)
            return url

        yield lend


@pytest.fixture(params=["sqlite", "postgres"])
def new_machine(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Callable[[], Machine]]:
    """Makes empty machines of one kind."""
    made = 0
    with ExitStack() as stack:
        if request.param == "postgres":
            monkeypatch.setenv("SAMSTYR_POSTGRES_BIN", client_programs())

        def run(machine: Machine, words: tuple[str, ...]) -> Said:
            monkeypatch.setenv("SAMSTYR_DATA_DIR", str(machine.folder))
            monkeypatch.setenv("SAMSTYR_DATABASE_URL", machine.database_url)
            monkeypatch.setattr("sys.argv", ["samstyr", *words])
            code: object = 0
            try:
                main()
            except SystemExit as left:
                code = left.code
            out, err = capsys.readouterr()
            return Said(code if isinstance(code, int) else 1, out, err)

        def make() -> Machine:
            nonlocal made
            made += 1
            url = request.getfixturevalue("postgres_pool")(stack) if request.param == "postgres" else ""
            return Machine(tmp_path / f"machine-{made}", url, run)

        yield make


@pytest.fixture
def machine(new_machine) -> Machine:
    """A machine with two forums, numbered cases and a file."""
    machine = new_machine()
    assert machine.samstyr("migrate").code == 0
    fill(machine)
    return machine


def fill(machine: Machine) -> None:
    database = machine.open()
    with database.writing() as db:
        skate = make_forum(db, "skate", "Skate")
        make_forum(db, "kommit", "KommIT", series_period=SeriesPeriod.NEVER)
        case = make_case(db, skate, "Felles kalender")
        set_number(db, OPERATOR, case.id, sequence=21, year=YEAR)
        attach(db, machine.store, case.id, "Første vedlegg")
    database.dispose()


def attach(db, store: FileStore, treatment_id, title: str, content: bytes = b"") -> str:
    """Put a file on a case; returns its SHA-256."""
    import io

    stream = io.BytesIO(b"%PDF-1.7\n" + title.encode() + content + b"\n%%EOF\n")
    kept = store_upload(db, OPERATOR, store, stream=stream, file_name="vedlegg.pdf", limit=10_000_000)
    add_attachment(db, OPERATOR, treatment_id, title=title, blob=kept.blob, file_name=kept.file_name)
    return kept.blob.sha256
