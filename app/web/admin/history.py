"""``/admin/history``: who changed what outside the forums."""

from fastapi import Response

from app.access.permissions import Permission
from app.audit.queries import installation_history
from app.web.shared.history import ONE_MORE, Before, history_page
from app.web.shared.pages import Pages
from app.web.shared.templating import page
from app.web.shared.visit import CurrentVisit

pages = Pages()


@pages.get("/admin/history", name="admin:history", access=Permission.AUDIT_READ)
def history(visit: CurrentVisit, before: Before = None) -> Response:
    """Acts on accounts, people and organisations, the newest first."""
    lines = installation_history(visit.db, before=before, limit=ONE_MORE)
    return page(visit, "admin/history.html", history_page(visit, lines, before))
