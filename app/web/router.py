"""Every area of the web floor, in the order in which addresses are matched."""

from app.web.account.routes import pages as account
from app.web.health.routes import pages as health
from app.web.shared.pages import Pages


def all_pages() -> tuple[Pages, ...]:
    """The areas; the application includes them all."""
    return (health, account)
