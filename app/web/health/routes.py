"""``/healthz`` for the process, ``/readyz`` for what it needs. Both are open and say nothing of the content."""

from fastapi import Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from app.web.shared.pages import Pages
from app.web.shared.visit import PUBLIC, CurrentVisit

pages = Pages()


@pages.get_unbound("/healthz", name="health:alive", access=PUBLIC)
def alive() -> Response:
    return PlainTextResponse("ok\n")


@pages.get_unbound("/readyz", name="health:ready", access=PUBLIC)
def ready(visit: CurrentVisit) -> Response:
    """503 with a word per thing that is missing: the database, its schema, its guards, a writable data folder."""
    # Only this page needs Alembic, which takes a tenth of the start of a process.
    import app.records  # noqa: F401  the guards of every feature
    from app.platform.guards import missing_triggers
    from app.platform.schema import at_head

    missing = []
    try:
        with visit.database.reading() as db:
            if not at_head(db.connection()):
                missing.append("migrations")
            elif missing_triggers(db.connection()):
                missing.append("guards")
    except SQLAlchemyError:
        missing.append("database")
    if not visit.store.is_writable():
        missing.append("data folder")
    if missing:
        return PlainTextResponse(f"not ready: {', '.join(missing)}\n", status_code=503)
    return PlainTextResponse("ready\n")
