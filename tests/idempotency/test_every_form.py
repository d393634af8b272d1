"""Every form carries a key: all that the pages of the demo offer, held against the register of routes."""

import io
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from sqlalchemy import select, update

from app.access.actor import Actor
from app.cases.models.presentation import Attachment, Presentation
from app.cases.models.treatment import Treatment
from app.cases.rules import TreatmentState
from app.cases.service.attachments import add_attachment
from app.demo.load import demo_logins, load_demo
from app.directory.queries import get_organisation, list_organisations
from app.directory.service import set_template
from app.documents.docx.styles import shipped_template
from app.files.service import store_upload
from app.idempotency.rules import FIELD, is_key
from app.identity.models import UserAccount
from app.identity.service.invitations import invite
from app.identity.service.users import create_user
from app.platform.clock import today
from tests.browser.addresses import MORE_FOR_WRITERS, NOT_PAGES, add_exempt_line, values_of

TEMPLATES = Path(__file__).parents[2] / "templates"
KEEP_THEIR_KEY = {
    "account/kept.html",  # a form that waited for the log-in is sent on with the key that it has
    "cases/closed_form.html",  # holds what was typed to be read, and is never sent
}
PER_ROUTE = 3  # pages of one kind that are opened: with and without content, private and shared
WRITERS = ("administrator", "secretariat of Skate and AU")


@pytest.fixture
def database(sqlite_empty):
    return sqlite_empty


@pytest.fixture
def visits(web):
    """The demo, and for each of those who write there: their browser, and where to begin."""
    load_demo(web.database, web.app.state.store, progress=lambda _step: None)
    token = _add_what_the_demo_lacks(web)
    values = values_of(web.database, token)
    pages = [
        route for route in web.app.state.register if route.method == "GET" and route.name not in NOT_PAGES
    ]
    starts = [address for route in pages if (address := _filled(values, route))]
    with web.database.reading() as db:
        users = {user.email: user for user in db.scalars(select(UserAccount))}
    writers = [login.email for login in demo_logins() if login.described in WRITERS]
    assert len(writers) == len(WRITERS)
    people = [users[email] for email in writers]
    devices = [
        web.client(user) for _ in range(2) for user in people
    ]  # one more, to be logged out from the other
    return [(browser, starts) for browser in (*devices[: len(people)], web.client())]


def _filled(values, route) -> str:
    """The address of a route; nothing for one whose values the demo lacks, which is found by links then."""
    try:
        return values.fill(route.name, route.path)
    except KeyError:
        return ""


def _add_what_the_demo_lacks(web) -> str:
    """Lines that were not understood, a second attachment, a Word template, an invitation; returns its secret."""
    operator, store = Actor.system(), web.app.state.store
    with web.database.writing() as db:
        being_written = select(Treatment.id).where(Treatment.state == TreatmentState.DRAFTING)
        mine = Presentation.treatment_id.in_(being_written)
        db.execute(update(Presentation).where(mine).values(unplaced="Se også vedlegg 3."))
        with_sheet = select(Attachment.presentation_id)
        paper = db.scalars(select(Presentation).where(Presentation.id.in_(with_sheet))).all()
        for treatment_id in {each.treatment_id for each in paper}:
            add_attachment(db, operator, treatment_id, title="Enda et vedlegg", blob=None, file_name="")
        source = io.BytesIO(shipped_template())
        kept = store_upload(db, operator, store, stream=source, file_name="own.docx", limit=10**7)
        one = get_organisation(db, operator, list_organisations(db, operator, day=today()).lines[0].id)
        set_template(db, operator, one.id, version=one.version, sha256=kept.blob.sha256, name=kept.file_name)
        add_exempt_line(db)
        user = create_user(db, operator, email="invited@skate.example", name="Invitert Bruker")
        return invite(db, operator, user.id, hours=1)


def test_every_form_on_every_page_carries_a_key_of_its_own(web, visits) -> None:
    routes, found = _Routes(web.app.state.register), _Found()
    for browser, starts in visits:
        _crawl(browser, [*starts, *MORE_FOR_WRITERS], routes, found)
    # The page that a form answers with, not an address.
    text = {
        "text": "Sak 99/2026: Felles kalender\n\nBakgrunn\nEn tekst.\n\nForslag til vedtak\nSkate slutter seg til."
    }
    secretary = visits[1][0]
    found.look("import", secretary.post("/forums/skate/import", data=text).text, routes)
    commands = {route.name for route in web.app.state.register if route.method == "POST"}
    reached, count = len(found.commands & commands), len(found.keys)
    print(
        f"idempotency: {count} forms, {reached} of {len(commands)} commands; without a key {len(found.wrong)}"
    )
    assert found.wrong == []
    assert len(set(found.keys)) == count, "a key stands in two forms"
    # Pages that the demo does not lead to are held by the test of the templates.
    assert reached > 0.7 * len(commands), sorted(commands - found.commands)


def test_no_template_writes_a_form_without_a_key() -> None:
    """Forms come from the macros; whoever writes one by hand puts the key into it."""
    forms = [
        (path.relative_to(TEMPLATES).as_posix(), form)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL)
    ]
    acting = [(path, form) for path, form in forms if not re.search(r'method="get"', form)]
    assert {"components/form.html", "components/button.html", "layout/base.html"} <= {
        path for path, _ in acting
    }
    assert {path for path, form in acting if "key_field()" not in form} == KEEP_THEIR_KEY


def _crawl(browser, waiting, routes, found) -> None:
    opened: dict[str, int] = {}
    seen = set(waiting)
    while waiting:
        path = waiting.pop(0)
        name = routes.name("GET", path)
        if name is None or name in NOT_PAGES or opened.get(name, 0) >= PER_ROUTE:
            continue
        answer = browser.get(path)
        if answer.status_code != 200:
            continue
        opened[name] = opened.get(name, 0) + 1
        for link in found.look(path, answer.text, routes):
            target = urlsplit(urljoin(path, link))
            address = target.path + (f"?{target.query}" if target.query else "")
            if not target.netloc and address not in seen:
                seen.add(address)
                waiting.append(address)


class _Found:
    """The forms that were seen."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.commands: set[str | None] = set()
        self.wrong: list[str] = []

    def look(self, path, text, routes) -> list[str]:
        """Note the forms of a page; returns where its links lead."""
        page = lxml.html.fromstring(text)
        for form in page.xpath("//form[@method='post']"):
            keys = [field.get("value") for field in form.xpath(f".//input[@name='{FIELD}']")]
            if len(keys) != 1 or not is_key(keys[0]):
                self.wrong.append(f"{path}: {form.get('action')}")
            self.keys.extend(keys)
            actions = [form.get("action"), *form.xpath(".//@formaction"), *form.xpath("./@hx-post")]
            self.commands |= {routes.name("POST", action) for action in actions}
        return page.xpath("//a/@href")


class _Routes:
    """The names of routes by address."""

    def __init__(self, register) -> None:
        self._patterns = [
            (
                route.method,
                re.compile(re.sub(r"{(\w+):path}|{\w+}", lambda m: ".+" if m[1] else "[^/]+", route.path)),
                route,
            )
            for route in sorted(register, key=lambda route: route.path.count("{"))
        ]

    def name(self, method: str, address: str) -> str | None:
        path = urlsplit(address).path
        return next(
            (
                route.name
                for each, pattern, route in self._patterns
                if each == method and pattern.fullmatch(path)
            ),
            None,
        )
