"""Take the README's pictures from the running demo: the case page, and the first page of its Word file.

Needs Chromium, LibreOffice (``soffice``) and Poppler (``pdftoppm``).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.bench.server import HOST, demo_installation, served
from app.demo.load import demo_logins

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"


def main() -> None:
    """Write ``case.png`` and ``word.png``."""
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
            page = browser.new_page(viewport={"width": 1280, "height": 1100}, locale="nb-NO")
            secretary = demo_logins()[1]
            page.goto(f"{origin}/login")
            page.fill("input[name=email]", secretary.email)
            page.fill("input[name=password]", secretary.password)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
            page.goto(f"{origin}/sak/skate/13/2019")
            page.screenshot(path=PICTURES / "case.png")
            with page.expect_download() as download:
                page.locator("a[href$='export.docx']").first.click()
            document = Path(folder) / "case.docx"
            download.value.save_as(document)
            browser.close()
            _picture_of_word(document, Path(folder))


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
