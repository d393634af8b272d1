"""A served demo in a folder of its own, for as long as a benchmark lasts."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.demo.load import demo_logins, load_demo
from app.identity.service.sessions import sign_in
from app.platform.db import Database
from app.platform.schema import migrate
from app.platform.settings import Settings
from app.platform.storage import FileStore

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it answers, how long it took to, and how to ask as the demo's secretary."""

    port: int
    cold_start_seconds: float
    process_id: int
    cookie: str
    database: Database


@contextmanager
def demo_installation(database_url: str = "") -> Iterator[Settings]:
    """A loaded demo in a temporary folder, or in the empty database that is given."""
    with tempfile.TemporaryDirectory(prefix="samstyr-bench-") as folder:
        settings = Settings(data_dir=Path(folder), database_url=database_url)
        database = Database(settings.resolved_database_url)
        migrate(database)
        load_demo(database, FileStore(settings.data_dir), progress=lambda _step: None)
        database.dispose()
        yield settings


@contextmanager
def served(
    settings: Settings, *, workers: int, path: str, application: str = "app.main:served"
) -> Iterator[Served]:
    """Start the application, wait until ``path`` answers 200, and stop it at the end."""
    database = Database(settings.resolved_database_url)
    secretary = demo_logins()[1]
    token = sign_in(
        database, email=secretary.email, password=secretary.password, address="", user_agent="bench", hours=1
    )
    cookie = f"samstyr={token}"
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--factory", "--host", HOST, "--port", str(port)]
    command += ["--workers", str(workers), "--no-access-log", "--log-level", "error"]
    environment = os.environ | {
        "SAMSTYR_DATA_DIR": str(settings.data_dir),
        "SAMSTYR_DATABASE_URL": settings.database_url,
    }
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  our own interpreter and our own arguments
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_answered(f"http://{HOST}:{port}{path}", cookie)
        yield Served(port, round(time.perf_counter() - started, 2), process.pid, cookie, database)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        database.dispose()


def memory_mb(process_id: int) -> float:
    """Proportional memory of a process and its children, in MB; Linux only.

    :raise OSError: where ``/proc`` does not tell.
    """
    processes = [process_id, *_children(process_id)]
    kilobytes = 0
    for each in processes:
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return round(kilobytes / 1024, 1)


def _children(process_id: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_answered(address: str, cookie: str) -> None:
    request = urllib.request.Request(address, headers={"Cookie": cookie})  # noqa: S310  our own loopback address
    for _ in range(600):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.05)
    raise RuntimeError("the server did not answer within 30 seconds")
