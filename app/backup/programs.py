"""PostgreSQL's own programs for copying a database out and in."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from app.backup.rules import BackupRefused
from app.platform.db import Database

_DEBIAN = Path("/usr/lib/postgresql")
_QUIET_SECONDS = 30


def dump(database: Database, snapshot: str, target: Path, *, folder: str) -> None:
    """Write what a snapshot sees into a file.

    :raise BackupRefused: when the program is not there, too old, or refuses.
    """
    program = _program("pg_dump", _server_major(database), folder)
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    _run([program, *words], database.engine.url)


def load(database: Database, source: Path, *, folder: str) -> None:
    """Put a dump into an empty database: the whole, or nothing of it.

    :raise BackupRefused: when the program is not there, too old, or refuses.
    """
    program = _program("pg_restore", _server_major(database), folder)
    words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    name = database.engine.url.database or ""
    _run([program, *words, f"--dbname={name}", str(source)], database.engine.url)


def _server_major(database: Database) -> int:
    with database.engine.connect() as connection:
        version = connection.dialect.server_version_info
    return int(version[0]) if version else 0


def _program(name: str, server: int, folder: str) -> str:
    """The program that fits the server best: of its own version, else the oldest of the newer ones."""
    places = [Path(folder) / name] if folder else [_DEBIAN / str(server) / "bin" / name]
    on_path = shutil.which(name)
    if not folder and on_path:
        places.append(Path(on_path))
    found = {_major(place): place for place in reversed(places) if place.is_file()}
    fitting = sorted(major for major in found if major >= server)
    if fitting:
        return str(found[fitting[0]])
    if found:
        raise BackupRefused(
            f"{name} {max(found)} is older than the server, PostgreSQL {server}. Install its client programs, and say "
            "in SAMSTYR_POSTGRES_BIN where they are."
        )
    raise BackupRefused(
        f"There is no {name}. Install the client programs of PostgreSQL {server}, or say in SAMSTYR_POSTGRES_BIN in "
        "which folder they are."
    )


def _major(program: Path) -> int:
    told = subprocess.run(  # noqa: S603  a program that the operator has installed
        [program, "--version"], capture_output=True, text=True, timeout=_QUIET_SECONDS, check=False
    )
    found = re.search(r"\)\s+(\d+)", told.stdout)
    return int(found[1]) if found else 0


def _run(words: list[str], url: URL) -> None:
    done = subprocess.run(  # noqa: S603  our own arguments
        words, env=os.environ | _environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        first = next(iter(done.stderr.strip().splitlines()), f"exit {done.returncode}")
        raise BackupRefused(f"{Path(words[0]).name} refused: {first}")


def _environment(url: URL) -> dict[str, str]:
    """The address for libpq, in the environment: other users of the machine can read arguments, and the password is here."""
    told = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
    }
    named = {
        f"PG{name.upper()}": str(value) for name, value in url.query.items()
    }  # host, sslmode, sslrootcert …
    return named | {name: value for name, value in told.items() if value}
