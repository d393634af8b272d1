"""What axe and the window's width say of the page that is shown."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LOOK = """async (options) => {
  const root = document.documentElement;
  const { violations } = await axe.run(document, options);
  const faults = violations.map(({ id, help, nodes }) =>
    `${id}: ${help} at ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
  if (root.scrollWidth > root.clientWidth) faults.push("wider than the window");
  return faults;
}"""


def prepare(page: Page) -> None:
    """Let every page of this window bring axe along. The content security policy does not hold for what we add here."""
    page.context.add_init_script(AXE_SCRIPT)


def faults_of(page: Page, *, with_colours: bool = True) -> list[str]:
    """What is wrong with the page now; nothing, we hope. Colours take half the time, and are the same in every width."""
    options = AXE if with_colours else AXE | {"rules": {"color-contrast": {"enabled": False}}}
    page.wait_for_load_state(
        "load"
    )  # before its style sheets are there, everything is too small to be touched
    return list(page.evaluate(LOOK, options))
