"""Every route has a stated access, and the register that people review says the same as the application."""

from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.access.permissions import Permission
from app.main import create_app
from app.platform.settings import Settings
from app.web.shared.route import Route
from app.web.shared.visit import PUBLIC, SIGNED_IN

REGISTER = Path(__file__).with_name("routes.txt")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory):
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))


def _line(route: Route) -> str:
    return f"{route.method:<5}{route.path:<67}{route.name:<34}{route.access}"


def test_the_register_is_what_was_reviewed(app) -> None:
    """A new route, or another access, is a line that somebody has to change in ``routes.txt``."""
    now = sorted(_line(route) for route in app.state.register)
    assert now == REGISTER.read_text().splitlines(), "\n".join(now)


def test_the_application_answers_on_registered_routes_only(app) -> None:
    registered = {(route.method, route.path) for route in app.state.register}
    answering = set()
    for route in _flat(app.routes):
        answering |= {(method, route.path) for method in route.methods - {"HEAD"}}
    assert answering == registered


def _flat(routes):
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "routes") and not hasattr(route, "app"):
            yield from _flat(route.routes)
        elif hasattr(route, "original_router"):
            yield from _flat(route.original_router.routes)


def test_every_access_is_a_permission_or_one_of_two_words(app) -> None:
    for route in app.state.register:
        assert route.access in {PUBLIC, SIGNED_IN} or isinstance(route.access, Permission), route


def test_names_are_unique_per_address(app) -> None:
    """``url(name)`` must mean one address; a page and its command may share it."""
    paths = {}
    for route in app.state.register:
        assert paths.setdefault(route.name, route.path) == route.path, route.name
