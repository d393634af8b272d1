"""Hostile texts in every text field of every form; then every page in Chromium, under the policy that is served.

The forms and the pages come from the register, through the same world that the tests of access use.
"""

import asyncio
import io
import shutil
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from lxml import etree

from app.access.actor import Actor
from app.main import create_app
from app.papers.export import export_docx, export_json
from app.platform.db import Database
from app.platform.settings import Settings
from app.platform.storage import FileStore
from app.web.shared.pages import Route
from app.web.shared.visit import cookie_name
from tests.browser.payloads import PAYLOADS, Watched, watched
from tests.support.calling import Caller
from tests.support.filling import Filled, address, forms_in, scenes_for
from tests.support.world import Scene, Who, World, build_world

FIRST = ("own draft", "own shared", "own scheduled", "own exempt and released")
"""The scenes whose pages are written in and looked at."""
NOT_PAGES = (
    ".docx",
    ".pdf",
    "/file",
    "/standard",
    "/sample",
    "{file_name}",
    "/presence",
    "healthz",
    "readyz",
)


@dataclass
class Served:
    """The world on a real server, and the same application asked directly."""

    origin: str
    world: World
    register: list[Route]
    caller: Caller
    database: Database
    store: FileStore
    token: str
    cookie: str

    def pages(self) -> list[tuple[Route, Scene]]:
        """Every page, in the first scenes that it has."""
        return [
            (route, scene)
            for route in self.register
            if route.method == "GET" and not route.path.endswith(NOT_PAGES) and "{provider}" not in route.path
            for scene in [each for each in scenes_for(route, self.world) if each.name in FIRST]
        ]

    def forms_on(self, route: Route, scene: Scene) -> list[Filled]:
        """The forms of a page as it is now, that take text."""
        place = address(route, scene)
        answer = self.caller.ask("GET", place, token=self.token)
        if answer.status != 200 or not (answer.header("content-type") or "").startswith("text/html"):
            return []
        return [form for form in forms_in(answer, self.register, place, scene) if form.texts]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("payloads")
    shutil.copy(sqlite_original, folder / "samstyr.db")
    settings = Settings(data_dir=folder)
    app = create_app(settings)
    database, store = app.state.database, app.state.store
    with database.writing() as db:
        world = build_world(db, store)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    with Caller(app) as caller:
        yield Served(
            f"http://127.0.0.1:{port}",
            world,
            list(app.state.register),
            caller,
            database,
            store,
            world.tokens[Who.ADMINISTRATOR],
            cookie_name(settings),
        )
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def posted(served: Served) -> Counter[int]:
    """Every text field of every form filled with hostile texts, each form several times with different ones."""
    statuses: Counter[int] = Counter()
    texts = cycle(PAYLOADS)
    for route, scene in served.pages():
        for _ in range(2):
            for form in served.forms_on(route, scene):
                for name in form.texts:
                    form = form.with_field(name, next(texts))  # noqa: PLW2901  the same form, more of it hostile
                answer = served.caller.send(form.action, form.fields, token=served.token, files=form.files)
                statuses[answer.status] += 1
    for route, scene in served.pages():  # one field at a time, so that one refused text does not hide another
        if route.name in {"cases:edit", "forums:edit", "directory:edit_person", "admin:edit_user"}:
            for form in served.forms_on(route, scene):
                for name in form.texts:
                    fresh = next(
                        (each for each in served.forms_on(route, scene) if each.action == form.action), form
                    )
                    answer = served.caller.send(
                        fresh.action, fresh.with_field(name, next(texts)).fields, token=served.token
                    )
                    statuses[answer.status] += 1
    assert all(status < 500 for status in statuses)
    return statuses


@pytest.fixture
def window(browser, served: Served) -> Iterator[Watched]:
    """A watched window of the administrator's."""
    one = watched(browser, served.origin, served.cookie, served.token)
    yield one
    one.page.context.close()


def test_no_text_is_more_than_text_on_any_page(served: Served, posted, window: Watched) -> None:
    faults = []
    for route, scene in served.pages():
        faults += window.visit(address(route, scene))
    stored = sum(posted[status] for status in (200, 303))
    print(
        f"payloads: {posted.total()} forms sent, {stored} stored; {window.visited} pages, faults {len(faults)}"
    )
    assert stored > 60
    assert faults == [], "\n".join(faults[:40])


def test_no_text_is_more_than_text_where_it_is_refused(served: Served, posted, window: Watched) -> None:
    """Errors, conflicts and comparisons show what was typed; each form is sent from an old version, and with a field too long."""
    faults = []
    window.visit("/")
    done: set[str] = set()
    for route, scene in served.pages():
        for form in served.forms_on(route, scene):
            if form.route in done or form.files:
                continue
            done.add(form.route)
            hostile = form
            for name, payload in zip(form.texts, cycle(PAYLOADS), strict=False):
                hostile = hostile.with_field(name, payload)
            stale = hostile.with_field("version", "0")
            long = hostile.with_field(form.texts[0], PAYLOADS[0] + "x" * 600)
            for sent in (stale, long):
                fields = [field for field in sent.fields if field[0] != "idempotency_key"]
                faults += window.send(form.action, fields)
    print(f"payloads refused: {len(done)} forms, {window.visited} pages, faults {len(faults)}")
    assert len(done) > 20
    assert faults == [], "\n".join(faults[:40])


def test_a_text_that_is_more_is_seen(served: Served, window: Watched) -> None:
    """The twin: the same texts, put into a page as they are, are reported."""
    window.visit("/")
    texts = " ".join(
        text for text in PAYLOADS if "refresh" not in text
    )  # that one leads away from here at once
    window.page.evaluate("(html) => document.getElementById('main').innerHTML = html", texts)
    window.page.evaluate("fetch('/canary-own').catch(() => null)")
    faults = window.faults("here")
    assert any("reported" in fault for fault in faults)
    assert any("a request to" in fault for fault in faults)
    assert any("javascript:" in fault for fault in faults)


def test_files_hold_the_texts_as_texts(served: Served, posted) -> None:
    seen = 0
    with served.database.writing() as db:
        for name in FIRST:
            treatment_id = served.world.scenes[name].values["treatment_id"]
            operator = Actor.system()
            file = export_docx(db, operator, served.store, UUID(treatment_id))
            with zipfile.ZipFile(io.BytesIO(file.data)) as package:
                parts = {
                    each: package.read(each)
                    for each in package.namelist()
                    if each.endswith((".xml", ".rels"))
                }
            for part in parts.values():
                etree.fromstring(part)
            body = "".join(etree.fromstring(parts["word/document.xml"]).itertext())
            seen += "canary" in body
            assert ">49<" not in body
            links = [part.decode() for each, part in parts.items() if each.endswith(".rels")]
            assert not any(
                "javascript:" in link or ("canary" in link and "TargetMode" in link) for link in links
            )
            assert "canary" in str(export_json(db, operator, UUID(treatment_id))) or "canary" not in body
    assert seen > 1
