"""``/healthz`` for the process, ``/readyz`` for what it needs. Both are open and say nothing of the content."""

from datetime import datetime, timedelta

from fastapi import Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from app.jobs.queries import oldest_due
from app.platform.clock import utc_now
from app.web.shared.pages import Pages
from app.web.shared.visit import PUBLIC, CurrentVisit

pages = Pages()


@pages.get_unbound("/healthz", name="health:alive", access=PUBLIC)
def alive() -> Response:
    return PlainTextResponse("ok\n")


@pages.get_unbound("/readyz", name="health:ready", access=PUBLIC)
def ready(visit: CurrentVisit) -> Response:
    """503 with a word per thing that is wrong: the database, its schema, its guards, late jobs, the data folder, its disk."""
    # Only this page needs Alembic, which takes a tenth of the start of a process.
    import app.records  # noqa: F401  the guards of every feature
    from app.platform.guards import missing_triggers
    from app.platform.schema import at_head

    missing = []
    try:
        with visit.database.reading() as db:
            if not at_head(db.connection()):
                missing.append("migrations")
            else:
                if missing_triggers(db.connection()):
                    missing.append("guards")
                if _is_late(oldest_due(db), visit.settings.late_job_minutes):
                    missing.append("jobs")
    except SQLAlchemyError:
        missing.append("database")
    if not visit.store.is_writable():
        missing.append("data folder")
    elif visit.store.free_bytes() < visit.settings.min_free_mb << 20:
        missing.append("disk")
    if missing:
        return PlainTextResponse(f"not ready: {', '.join(missing)}\n", status_code=503)
    return PlainTextResponse("ready\n")


def _is_late(due: datetime | None, minutes: int) -> bool:
    return due is not None and utc_now() - due > timedelta(minutes=minutes)
