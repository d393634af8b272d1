"""A served demo and a real browser for it, once per worker."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from sqlalchemy import delete, update

from app.demo.load import demo_logins, load_demo
from app.identity.models import UserAccount
from app.identity.service.sessions import SignInRefused, sign_in
from app.kernel.language import Language
from app.platform.db import Database
from app.platform.schema import migrate
from app.platform.settings import Settings
from app.platform.storage import FileStore
from app.web.shared.visit import cookie_name
from app.writing.models import Draft
from tests.browser.addresses import add_exempt_line
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, TestProvider, running_provider

ROOT = Path(__file__).resolve().parents[2]
LOGINS = {login.described.split(",")[0]: login for login in demo_logins()}
ADMINISTRATOR, SECRETARIAT, DIRECTOR = "administrator", "secretariat of Skate and AU", "director"
WAIT = 15_000  # milliseconds until an action that nothing comes of is a failure
expect.set_options(timeout=WAIT)


@dataclass(frozen=True)
class Site:
    """A running Samstyr with the demo."""

    origin: str
    database: Database
    store: FileStore
    settings: Settings
    provider: TestProvider


@pytest.fixture(scope="session")
def provider() -> Iterator[TestProvider]:
    """A provider of single sign-on, in which every browser is logged in as somebody unknown to Samstyr."""
    with running_provider() as one:
        yield one


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, provider: TestProvider) -> Iterator[Site]:
    """The demo, loaded into a folder of its own and served as in production. Its people read English."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"), database_url="", public_origin="")
    database = Database(settings.resolved_database_url)
    migrate(database)
    store = FileStore(settings.data_dir)
    load_demo(database, store, progress=lambda _step: None)
    with database.writing() as db:
        db.execute(update(UserAccount).values(language=Language.EN))
        add_exempt_line(db)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    said = tmp_path_factory.mktemp("server") / "said.txt"
    with said.open("w") as log:
        process = _serve(settings, origin, provider, log)
        try:
            _wait_until_ready(process, origin, said)
            yield Site(origin, database, store, settings, provider)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=20)
            database.dispose()
    assert code == 0, "the server did not stop gracefully"


def _serve(settings: Settings, origin: str, provider: TestProvider, log: Any) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMSTYR_")}
    environment["SAMSTYR_DATA_DIR"] = str(settings.data_dir)
    environment["SAMSTYR_PUBLIC_ORIGIN"] = origin
    environment["SAMSTYR_OIDC__ETAT__LABEL"] = "Etaten"
    environment["SAMSTYR_OIDC__ETAT__ISSUER"] = provider.issuer
    environment["SAMSTYR_OIDC__ETAT__CLIENT_ID"] = CLIENT_ID
    environment["SAMSTYR_OIDC__ETAT__CLIENT_SECRET"] = CLIENT_SECRET
    command = [sys.executable, "-m", "app.cli", "serve", "--port", origin.rpartition(":")[2]]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


def _wait_until_ready(process: subprocess.Popen[bytes], origin: str, said: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{origin}/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{said.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian ships it."""
    path = os.environ.get("SAMSTYR_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("The browser tests need Chromium: apt-get install chromium, or set SAMSTYR_CHROMIUM.")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """A browser window at the site, and what the browser complained of."""

    page: Page
    site: Site
    complaints: list[str]

    def go(self, path: str) -> int:
        """Open an address of the site; returns the status of the answer."""
        answer = self.page.goto(self.site.origin + path, wait_until="load")
        assert answer is not None
        return answer.status

    def arrive(self, who: str) -> None:
        """Be signed in as one of the demo's people, by what they are, without the pages for it."""
        login = LOGINS[who]
        token = sign_in(
            self.site.database,
            email=login.email,
            password=login.password,
            address="127.0.0.1",
            user_agent="test",
            hours=1,
        )
        assert not isinstance(token, SignInRefused)
        name = cookie_name(self.site.settings)
        self.page.context.add_cookies([{"name": name, "value": token, "url": self.site.origin}])

    def leave(self) -> None:
        """Close the window."""
        self.page.context.close()


def new_visitor(browser: Browser, site: Site, **look: Any) -> Visitor:
    """A new window in English, so that tests read what the source says."""
    context = browser.new_context(locale="en-GB", accept_downloads=True, **look)
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(WAIT)

    def heard(message: ConsoleMessage) -> None:
        # A refused form answers 4xx, which browsers log as a failed resource; everything else is a fault of ours.
        if message.type in {"error", "warning"} and not re.search(r"status of 4\d\d", message.text):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return Visitor(page, site, complaints)


@pytest.fixture(autouse=True)
def nothing_left_in_a_form(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test typed and did not save is not offered to the next: everybody of the demo has many tests."""
    served = request.getfixturevalue("site") if "site" in request.fixturenames else None
    yield
    if served is not None:
        with served.database.writing() as db:
            db.execute(delete(Draft))


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    """A window of 1280 pixels. The browser must have had nothing to complain of."""
    one = new_visitor(browser, site, viewport={"width": 1280, "height": 900})
    yield one
    one.leave()
    assert one.complaints == []


@pytest.fixture
def visitor_without_scripts(browser: Browser, site: Site) -> Iterator[Visitor]:
    """The same with JavaScript switched off."""
    one = new_visitor(browser, site, java_script_enabled=False)
    yield one
    one.leave()
