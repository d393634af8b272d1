"""Every area of the web floor, in the order in which addresses are matched."""

from app.web.account.invitations import pages as invitations
from app.web.account.routes import pages as account
from app.web.admin.access import pages as access
from app.web.admin.users import pages as users
from app.web.cases.routes import all_case_pages
from app.web.directory.organisations import pages as organisations
from app.web.directory.persons import pages as persons
from app.web.health.routes import pages as health
from app.web.shared.pages import Pages


def all_pages() -> tuple[Pages, ...]:
    """The areas; the application includes them all."""
    return (health, account, invitations, users, access, organisations, persons, *all_case_pages)
