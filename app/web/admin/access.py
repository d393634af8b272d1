"""``/admin/access``: the permission table as people read it."""

from fastapi import Response

from app.access.permissions import Permission
from app.web.admin.pages import ROLE_WORDS, permission_groups
from app.web.shared.pages import Pages
from app.web.shared.templating import page
from app.web.shared.visit import CurrentVisit

pages = Pages()


@pages.get("/admin/access", name="admin:access", access=Permission.ACCESS_READ)
def show_access(visit: CurrentVisit) -> Response:
    context = {"roles": list(ROLE_WORDS.items()), "groups": permission_groups()}
    return page(visit, "admin/access.html", context)
