"""Templates: they compile, escape everything, and hold nothing that the content security policy forbids."""

import re
from pathlib import Path

import pytest

from app.platform.resources import resource_dir
from app.web.router import all_pages
from app.web.shared.addresses import Addresses
from app.web.shared.templating import Templates

TEMPLATES = resource_dir("templates")
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style|\sstyle=",
    "an inline handler": r"\son[a-z]+=[\"']",
    "unescaped output": r"\|\s*safe\b|autoescape\s+false",
    "an outside address": r"(?:src|href)=[\"']https?://",
}


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(Addresses([route for pages in all_pages() for route in pages.register]))


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles_in_every_language(name: str, templates: Templates) -> None:
    for environment in templates._environments.values():
        environment.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_nothing_forbidden(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.S)
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


def test_every_template_is_used() -> None:
    """A page that no route and no other template names is left over."""
    sources = [path.read_text() for path in Path("app/web").rglob("*.py")]
    sources += [(TEMPLATES / name).read_text() for name in NAMES]
    unused = [name for name in NAMES if not any(f'"{name}"' in source for source in sources)]
    assert unused == []


def test_every_route_named_in_a_template_exists() -> None:
    known = {route.name for pages in all_pages() for route in pages.register}
    asked = {
        (name, route)
        for name in NAMES
        for route in re.findall(
            r"\burl\(\s*\"([a-z_:]+)\"", re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.S)
        )
    }
    assert sorted((name, route) for name, route in asked if route not in known) == []
