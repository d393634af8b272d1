"""Take the README's pictures from the running demo.

The page of a case and the first page of its Word file, a case of which something is exempt from public access, and what
meets those who have written in the same part, and the year of a forum's meetings.

Needs Chromium, LibreOffice (``soffice``) and Poppler (``pdftoppm``).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.bench.server import HOST, demo_installation, served
from app.demo.load import DemoLogin, demo_logins

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WRITTEN = "Skate drøftet opplegget for handlingsplanen 13.6.2019, sak 13/2019."


def main() -> None:
    """Write ``case.png``, ``word.png``, ``exempt.png``, ``merge.png`` and ``meetings.png``."""
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is needed to picture the Word page.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_installation() as settings, served(settings, workers=1, path="/login") as site:
        origin = f"http://{HOST}:{site.port}"
        with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("SAMSTYR_CHROMIUM") or shutil.which("chromium"),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            administrator, secretary = demo_logins()[:2]
            page = _logged_in(browser, origin, secretary)
            page.goto(f"{origin}/sak/skate/13/2019")
            page.screenshot(path=PICTURES / "case.png")
            with page.expect_download() as download:
                page.locator("a[href$='export.docx']").first.click()
            document = Path(folder) / "case.docx"
            download.value.save_as(document)
            page.goto(f"{origin}/sak/skate/16/2019")
            page.screenshot(path=PICTURES / "exempt.png")
            page.goto(f"{origin}/forums/skate/meetings")
            page.screenshot(path=PICTURES / "meetings.png")
            _picture_of_merging(page, _logged_in(browser, origin, administrator), origin)
            browser.close()
            _picture_of_word(document, Path(folder))


def _logged_in(browser: Browser, origin: str, login: DemoLogin) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="nb-NO")
    page.goto(f"{origin}/login")
    page.fill("input[name=email]", login.email)
    page.fill("input[name=password]", login.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def _picture_of_merging(page: Page, other: Page, origin: str) -> None:
    """Both write in the same part of a draft; the other one saves first."""
    for each in (other, page):
        each.goto(f"{origin}/cases?q=handlingsplan")
        each.get_by_role("link", name="Handlingsplan").first.click()
        each.get_by_role("link", name="Rediger", exact=True).click()
    for each, text in (
        (other, f"{WRITTEN} Departementet ba om et utkast før sommeren."),
        (page, f"{WRITTEN} Departementet ba om et utkast til høsten."),
    ):
        part = each.locator("section[id^=part-]").first
        part.locator("textarea[name=body]").fill(text)
        part.get_by_role("button", name="Lagre avsnittet").click()
        each.locator("#flashes .alert, section.conflict").first.wait_for()
    page.locator("section.conflict").evaluate("place => place.scrollIntoView()")
    page.screenshot(path=PICTURES / "merge.png")


def _picture_of_word(document: Path, folder: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder}/office"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, document],
        check=True,
        capture_output=True,
    )
    target = PICTURES / "word"
    subprocess.run(
        [
            "pdftoppm",
            "-png",
            "-r",
            "80",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            document.with_suffix(".pdf"),
            target,
        ],
        check=True,
    )


if __name__ == "__main__":
    main()
