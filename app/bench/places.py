"""Addresses of the demo's pages that the benchmarks ask for."""

from sqlalchemy import select

from app.access.actor import Actor
from app.cases.queries.find import find_by_number
from app.meetings.models import AgendaItem
from app.platform.db import Database
from app.platform.settings import Settings


def demo_places(settings: Settings) -> dict[str, str]:
    """The page of case 13/2019 of Skate, and of the meeting that treats it."""
    database = Database(settings.resolved_database_url)
    with database.reading() as db:
        case_id, treatment_id = find_by_number(db, Actor.system("bench"), "skate", "13/2019")
        meeting_id = db.scalars(
            select(AgendaItem.meeting_id).where(AgendaItem.treatment_id == treatment_id)
        ).one()
    database.dispose()
    return {"case": f"/cases/{case_id}", "meeting": f"/meetings/{meeting_id}"}
