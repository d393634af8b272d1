"""What the pages of the directory are given."""

from urllib.parse import urlencode
from uuid import UUID

from app.access.permissions import Permission
from app.directory.queries import organisation_options
from app.platform.clock import today
from app.web.shared.templating import say, templates_of
from app.web.shared.visit import Visit


def wanted_lines(visit: Visit) -> tuple[str, int]:
    """What is searched for in a list, and which page of it is asked for; the first one when that is no number."""
    asked = visit.request.query_params
    page = asked.get("page", "")
    return asked.get("q", "").strip(), int(page) if page.isascii() and page.isdecimal() and len(
        page
    ) < 9 else 1


def page_base(visit: Visit, name: str, search: str) -> str:
    """The address of a list up to and including ``page=``."""
    return f"{templates_of(visit).addresses(name)}?{urlencode({'q': search, 'page': ''})}"


def may_edit(visit: Visit) -> bool:
    """Whether the visitor keeps the directory, and so sees e-mail addresses and the buttons that change things."""
    return visit.actor.may(Permission.DIRECTORY_EDIT)


def organisation_choices(visit: Visit, none: str, *, without: UUID | None = None) -> list[tuple[str, str]]:
    """Organisations for a select as they are called today; ``none`` is the English word of the empty choice."""
    found = organisation_options(visit.db, today())
    shown = ((str(each.id), named(each.name, each.abbreviation)) for each in found if each.id != without)
    return [("", say(visit)(none)), *shown]


def named(name: str, abbreviation: str) -> str:
    """A name with its abbreviation, where there is one that says something else."""
    return f"{name} ({abbreviation})" if abbreviation and abbreviation != name else name
