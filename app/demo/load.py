"""Loads the demo through the same commands that people use, so it obeys the same rules and leaves the same history."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.access.actor import Actor
from app.demo.cases import load_cases
from app.demo.meetings import call_meetings, load_meetings
from app.demo.people import Known, load_directory, load_forums, load_logins
from app.forums.queries import list_forums
from app.platform.db import Database
from app.platform.storage import FileStore

DATA = Path(__file__).parent / "data"
PASSWORD = "Godt-samarbeid-2019"  # noqa: S105  printed at start; the demo listens on this machine only
SECRETARIAT = Actor.system("Sekretariatet")


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """Somebody who can log in to the demo, and what they are."""

    email: str
    password: str
    described: str


def demo_logins() -> tuple[DemoLogin, ...]:
    """The log-ins of the demo, in the order in which they are shown."""
    return tuple(
        DemoLogin(login["email"], PASSWORD, login["described"]) for login in read_data("forums.toml")["login"]
    )


def read_data(name: str) -> dict[str, Any]:
    """One of the demo's data files."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def load_demo(database: Database, store: FileStore, *, progress: Callable[[str], None]) -> bool:
    """Load the demo in one transaction, unless any forum is there already. Says whether it was loaded."""
    with database.writing() as db:
        if list_forums(db, SECRETARIAT):
            return False
        known = Known()
        progress("organisations")
        load_directory(db, SECRETARIAT, known, read_data("directory.toml"))
        forums = read_data("forums.toml")
        progress("forums, seats and members")
        load_forums(db, SECRETARIAT, known, forums)
        load_logins(db, SECRETARIAT, known, forums, PASSWORD)
        progress("meetings")
        meetings = read_data("meetings.toml")
        load_meetings(db, SECRETARIAT, known, meetings)
        progress("cases")
        load_cases(db, SECRETARIAT, store, known, [read_data(f"cases/{path.name}") for path in _case_files()])
        call_meetings(db, SECRETARIAT, known, meetings)
    return True


def _case_files() -> list[Path]:
    return sorted((DATA / "cases").glob("*.toml"))
