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
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from app.demo.load import demo_logins, load_demo
from app.platform.db import Database
from app.platform.schema import migrate
from app.platform.settings import Settings
from app.platform.storage import FileStore

ROOT = Path(__file__).resolve().parents[2]
LOGINS = {login.described.split(",")[0]: login for login in demo_logins()}


@dataclass(frozen=True)
class Site:
    """A running Samstyr with the demo."""

    origin: str
    database: Database


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, loaded into a folder of its own and served as in production."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"), database_url="")
    database = Database(settings.resolved_database_url)
    migrate(database)
    load_demo(database, FileStore(settings.data_dir), progress=lambda _step: None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"SAMSTYR_DATA_DIR": str(settings.data_dir), "SAMSTYR_DATABASE_URL": ""}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    origin = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{origin}/readyz", timeout=5).close()
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    yield Site(origin, database)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0, "the server did not stop gracefully"
    database.dispose()


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
    signed_in: bool = False

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.site.origin + path, wait_until="load")

    def sign_in(self, who: str) -> None:
        """Log in as one of the demo's people, by what they are."""
        login = LOGINS[who]
        self.go("/login")
        self.page.fill("input[name=email]", login.email)
        self.page.fill("input[name=password]", login.password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.signed_in = True


def new_visitor(browser: Browser, site: Site, **look: Any) -> Visitor:
    """A new window in English, so that tests read what the source says."""
    context = browser.new_context(locale="en-GB", accept_downloads=True, **look)
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(15_000)

    def heard(message: ConsoleMessage) -> None:
        # A refused form answers 4xx, which browsers log as a failed resource; everything else is a fault of ours.
        if message.type in {"error", "warning"} and not re.search(r"status of 4\d\d", message.text):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return Visitor(page, site, complaints)


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    """A window of 1280 pixels. The browser must have had nothing to complain of."""
    one = new_visitor(browser, site, viewport={"width": 1280, "height": 900})
    yield one
    assert one.complaints == []
    one.page.context.close()


@pytest.fixture
def visitor_without_scripts(browser: Browser, site: Site) -> Iterator[Visitor]:
    """The same with JavaScript switched off."""
    one = new_visitor(browser, site, java_script_enabled=False)
    yield one
    one.page.context.close()
