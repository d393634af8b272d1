"""``worker`` and ``jobs``."""

import signal
from types import FrameType
from typing import Annotated

import typer

from app.cli.work import opened
from app.handlers import job_worker
from app.jobs.queries import unfinished_jobs
from app.jobs.service import retry_given_up
from app.platform.logs import configure_logs
from app.platform.settings import Settings


def worker() -> None:
    """Do jobs in a process of its own until stopped; set SAMSTYR_JOBS=off for those who serve, then."""
    settings = Settings()
    configure_logs(as_json=settings.log_json)
    with opened(settings) as (database, store):
        at_work = job_worker(database, store, settings)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            at_work.stop(patience=0)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        at_work.run()


def jobs(
    retry: Annotated[
        bool, typer.Option("--retry", help="Let the jobs that were given up be tried again.")
    ] = False,
) -> None:
    """List the jobs that wait, and those that were given up with the reason."""
    with opened() as (database, _store):
        if retry:
            with database.writing() as db:
                again = retry_given_up(db)
            typer.echo(f"{again} jobs are tried again.")
        with database.reading() as db:
            found = unfinished_jobs(db)
    for job in found:
        state = (
            "given up"
            if job.given_up_at
            else f"attempt {job.attempts + 1} from {job.run_at:%Y-%m-%d %H:%M:%S}Z"
        )
        typer.echo(f"{job.id}  {job.kind:<24} {state}  {job.last_error}".rstrip())
    if not found:
        typer.echo("No job waits.")
