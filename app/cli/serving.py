"""``demo``, ``serve`` and ``migrate``."""

import gc
import signal
import sqlite3
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from uvicorn.config import STARTUP_FAILURE

import app.records  # noqa: F401  the guards of every feature
from app.cli.work import Refused, opened, progress
from app.platform.db import Database
from app.platform.guards import mend_guards
from app.platform.schema import migrate as migrate_schema
from app.platform.settings import Settings

Host = Annotated[str | None, typer.Option(help="Address to listen on; SAMSTYR_HOST, else 127.0.0.1.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on; SAMSTYR_PORT, else 8000.")
]
FIXED_SQLITE = (3, 51, 3)


def demo(
    host: Host = None,
    port: Port = None,
    load_only: Annotated[bool, typer.Option("--load-only", help="Load the demo and stop.")] = False,
) -> None:
    """Make the database, load the demo unless it is there, and serve."""
    from app.demo.load import demo_logins, load_demo  # the other commands start sooner without it

    settings = Settings()
    with opened(settings, migrated=False) as (database, store):
        migrate_schema(database)
        loaded = load_demo(database, store, progress=progress)
    typer.echo("The demo is loaded." if loaded else "The demo was already there; its data are kept.")
    if load_only:
        return
    typer.echo(f"\nSamstyr answers on http://{host or settings.host}:{port or settings.port}\n")
    typer.echo("Log in as:")
    for login in demo_logins():
        typer.echo(f"  {login.email:<30} {login.password:<22} {login.described}")
    typer.echo("\nStop with Ctrl+C.")
    _run(settings, host, port)


def serve(
    host: Host = None,
    port: Port = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=16, help="Processes; SAMSTYR_WORKERS, else 1.")
    ] = None,
) -> None:
    """Serve the pages until stopped. Requests at work are finished first."""
    settings = Settings()
    with opened(settings) as (database, _store):
        _warn_of_old_sqlite(database)
        _require_guards(database)
    _run(settings, host, port, workers)


def migrate() -> None:
    """Bring the database to this version. Safe to run again."""
    with opened(migrated=False) as (database, _store):
        migrate_schema(database)
    typer.echo("The database is up to date.")


def _run(settings: Settings, host: str | None, port: int | None, workers: int | None = None) -> None:
    # Uvicorn finishes what is at work, and then raises the signal again for whoever listened before it: us. A stop that
    # was asked for is no failure.
    signal.signal(signal.SIGTERM, _stop)
    gc.disable()  # until the application is loaded; see app.web.shared.worker
    # By name: workers are started as new processes and must import the application themselves, never inherit it.
    try:
        uvicorn.run(
            "app.main:served",
            factory=True,
            host=host or settings.host,
            port=settings.port if port is None else port,
            workers=workers or settings.workers,
            access_log=False,
            log_level="warning",
            server_header=False,
            forwarded_allow_ips=settings.forwarded_allow_ips,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
    except SystemExit as left:
        # Uvicorn has said why it could not start, such as a port that is taken. That is a refusal like any other.
        raise SystemExit(2 if left.code == STARTUP_FAILURE else left.code) from None


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _require_guards(database: Database) -> None:
    """Serve only while the database itself refuses to change what stands. What is missing is put back at once.

    :raise Refused: when somebody has made a guard into something else.
    """
    altered = mend_guards(database)
    if altered:
        raise Refused(
            f"Somebody has altered what keeps the record from being changed: {', '.join(altered)}. "
            "Find out who and why. Run samstyr verify, and then samstyr migrate, which puts it back."
        )


def _warn_of_old_sqlite(database: Database) -> None:
    if database.is_sqlite and sqlite3.sqlite_version_info < FIXED_SQLITE:
        typer.echo(
            f"SQLite {sqlite3.sqlite_version} has a rare fault in its write-ahead log that 3.51.3 mends; "
            "take backups, or upgrade Python's SQLite.",
            err=True,
        )
