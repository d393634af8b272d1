"""``/admin/history``: who changed what outside the forums."""

from fastapi import Response

from app.access.permissions import Permission
from app.audit.queries import installation_history
from app.web.shared.history import Before, history_events
from app.web.shared.pages import Pages
from app.web.shared.templating import page
from app.web.shared.visit import CurrentVisit

pages = Pages()

HISTORY_LINES = 50


@pages.get("/admin/history", name="admin:history", access=Permission.AUDIT_READ)
def history(visit: CurrentVisit, before: Before = None) -> Response:
    """Acts on accounts, people and organisations, the newest first."""
    lines = installation_history(visit.db, before=before, limit=HISTORY_LINES)
    context = {
        "events": history_events(visit, lines),
        "older": lines[-1].seq if len(lines) == HISTORY_LINES else None,
        "is_newest": before is None,
    }
    return page(visit, "admin/history.html", context)
