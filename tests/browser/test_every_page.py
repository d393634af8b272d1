"""Every page in a real browser: accessible, no wider than the window, and quiet under the content security policy."""

import io
import json

import lxml.html
import pytest

from app.access.actor import Actor
from app.directory.queries import get_organisation, list_organisations
from app.directory.service import offer_template, set_template
from app.documents.docx.styles import shipped_template
from app.files.service import store_upload
from app.identity.service.invitations import invite
from app.identity.service.users import create_user
from app.main import create_app
from app.platform.clock import today
from app.platform.settings import Settings
from app.web.shared.visit import PUBLIC
from tests.browser.addresses import (
    EXPECTED,
    MORE_FOR_ADMINISTRATORS,
    MORE_FOR_STRANGERS,
    MORE_FOR_WRITERS,
    NOT_PAGES,
    values_of,
)
from tests.browser.conftest import ADMINISTRATOR, DIRECTOR, SECRETARIAT, new_visitor
from tests.browser.looking import faults_of, prepare

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [
    pytest.param({"viewport": WIDE, "color_scheme": "light"}, id="light"),
    pytest.param({"viewport": WIDE, "color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": NARROW, "color_scheme": "light"}, id="390px"),
]
MAIN_PAGES = {
    "home",
    "forums:show",
    "forums:members",
    "cases:list",
    "cases:show",
    "meetings:list",
    "meetings:show",
}


def _register():
    register = create_app(Settings(data_dir="/nonexistent")).state.register
    return [route for route in register if route.method == "GET" and route.name not in NOT_PAGES]


@pytest.fixture(scope="module")
def values(site):
    operator = Actor.system()
    with site.database.writing() as db:
        user = create_user(db, operator, email="invited@skate.example", name="Invitert Bruker")
        token = invite(db, operator, user.id, hours=1)
        _give_a_template(db, operator, site)
    return values_of(site.database, token)


def _give_a_template(db, operator, site) -> None:
    data = io.BytesIO(shipped_template())
    kept = store_upload(db, operator, site.store, stream=data, file_name="own.docx", limit=10**7)
    one = get_organisation(db, operator, list_organisations(db, operator, day=today()).lines[0].id)
    file = {"sha256": kept.blob.sha256, "name": kept.file_name}
    used = set_template(db, operator, one.id, version=one.version, **file)
    offer_template(db, operator, one.id, version=used.version, removed=("field", "template"), **file)


@pytest.mark.parametrize("look", LOOKS)
def test_every_open_page_for_a_stranger(browser, site, values, look) -> None:
    pages = [
        (route.name, values.fill(route.name, route.path)) for route in _register() if route.access == PUBLIC
    ]
    _look_at(browser, site, look, None, [*pages, *(("more", path) for path in MORE_FOR_STRANGERS)])


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_for_an_administrator(browser, site, values, look) -> None:
    pages = [
        (route.name, values.fill(route.name, route.path)) for route in _register() if route.access != PUBLIC
    ]
    _look_at(
        browser, site, look, ADMINISTRATOR, [*pages, *(("more", path) for path in MORE_FOR_ADMINISTRATORS)]
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", [DIRECTOR, SECRETARIAT])
def test_main_pages_for_those_who_use_them(browser, site, values, look, who) -> None:
    pages = [
        (route.name, values.fill(route.name, route.path)) for route in _register() if route.name in MAIN_PAGES
    ]
    more = MORE_FOR_WRITERS if who == SECRETARIAT else ()
    _look_at(browser, site, look, who, [*pages, *(("more", path) for path in more)])


def _look_at(browser, site, look, who, pages) -> None:
    visitor = new_visitor(browser, site, **look)
    prepare(visitor.page)
    if who:
        visitor.arrive(who)
    with_colours = look["viewport"] == WIDE
    faults = [fault for name, path in pages for fault in _faults(visitor, name, path, with_colours)]
    visitor.leave()
    assert faults == [], json.dumps(faults, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("who", [ADMINISTRATOR, SECRETARIAT, DIRECTOR])
def test_no_link_leads_nowhere(browser, site, values, who) -> None:
    visitor = new_visitor(browser, site)
    visitor.arrive(who)
    asked = visitor.page.context.request
    found: dict[str, str] = {}
    for route in _register():
        path = values.fill(route.name, route.path)
        answer = asked.get(site.origin + path)
        if answer.ok:
            page = lxml.html.fromstring(answer.text())
            page.make_links_absolute(answer.url)
            found |= {link.partition("#")[0]: f"{route.name} {path}" for link in page.xpath("//a/@href")}
            broken = [
                link
                for link in page.xpath("//@href | //@action | //@src | //@*[name()='hx-post']")
                if "{" in link
            ]
            assert broken == [], route.name
    own = {link: place for link, place in found.items() if link.startswith(site.origin)}
    assert own
    faults = [f"{place}: {link}" for link, place in own.items() if not asked.get(link).ok]
    visitor.leave()
    assert faults == [], json.dumps(faults, indent=1)


def _faults(visitor, name: str, path: str, with_colours: bool) -> list[str]:
    status = visitor.go(path)
    found = [*visitor.complaints, *faults_of(visitor.page, with_colours=with_colours)]
    visitor.complaints.clear()
    if status != EXPECTED.get(path, 200):
        found.append(f"answered {status}")
    return [f"{name} {path}: {fault}" for fault in found]
