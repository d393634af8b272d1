"""A server that may be killed in every way, and comes up again on the same port."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SERVE = ("-m", "app.cli", "serve")
UVICORN = ("-m", "uvicorn", "app.main:served", "--factory", "--no-access-log")
"""The same workers under a parent that loads nothing of ours, and so is up again sooner."""
HASTY = ("-m", "uvicorn", "tests.support.ledger.hasty:served", "--factory", "--no-access-log")
"""One that answers before it commits."""
_PATIENCE = 60.0  # seconds until a server that does not come up is a failure


class Serving:
    """The processes of one installation: a parent and its workers."""

    def __init__(
        self, folder: Path, database_url: str, *, words: tuple[str, ...] = UVICORN, workers: int = 2
    ) -> None:
        self.folder, self.words, self.workers_wanted = folder, words, workers
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("SAMSTYR_")
        } | {
            "SAMSTYR_DATA_DIR": str(folder),
            "SAMSTYR_DATABASE_URL": database_url,
            "SAMSTYR_SHUTDOWN_SECONDS": "1",
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._said = (folder.parent / f"{folder.name}-said.txt").open("ab")

    def start(self) -> None:
        """Start the parent; does not wait for it."""
        self._process = subprocess.Popen(
            [sys.executable, *self.words, "--port", str(self.port), "--workers", str(self.workers_wanted)],
            cwd=ROOT,
            env=self.environment,
            stdout=self._said,
            stderr=self._said,
            start_new_session=True,
        )

    def wait(self, path: str = "/healthz") -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not come up: {self.said()}")

    def said(self) -> str:
        """The end of what it wrote."""
        return Path(self._said.name).read_text(errors="replace")[-3000:]

    @property
    def parent(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        found = []
        for pid in _children(self.parent.pid):
            with contextlib.suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def processes(self) -> list[int]:
        """The parent and its workers."""
        return [self.parent.pid, *self.workers()]

    def kill_worker(self, sign: signal.Signals) -> bool:
        """Kill one of the workers; the parent puts another in its place. False when none is there now."""
        workers = self.workers()
        if not workers:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(workers), sign)
        return True

    def kill_parent_first(self) -> None:
        """Kill the parent, let the orphans work on for a moment, kill them one way or the other, and start anew."""
        orphans = self.workers()
        self.parent.kill()
        self.parent.wait()
        time.sleep(random.uniform(0, 0.4))
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, random.choice([signal.SIGKILL, signal.SIGTERM]))
        self._end_group()
        self.start()

    def kill_all(self) -> None:
        """Kill every process at once, as when the machine's power goes, and start anew."""
        self._end_group()
        self.start()

    def terminate(self) -> None:
        """Ask it to stop, as a service manager does, and start anew."""
        self.parent.send_signal(signal.SIGTERM)
        self.parent.wait(timeout=_PATIENCE)
        self._end_group()
        self.start()

    def stop(self) -> None:
        """End everything."""
        if self._process is not None:
            self.parent.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.parent.wait(timeout=20)
            self._end_group()
        self._said.close()

    def _end_group(self) -> None:
        """Wait until no process of the group is left: the next one needs the port."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                os.killpg(self.parent.pid, signal.SIGKILL)
            except ProcessLookupError:
                break
            except PermissionError:
                break
            self.parent.poll()
            time.sleep(0.02)
        self.parent.wait()


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    return []
