"""A visitor who has no mouse: Tab, arrows, Enter and typing, and a focus that is never out of sight."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator

from tests.browser.conftest import Visitor

MOST_STOPS = 250  # of Tab on the longest page
STOP = """(wanted) => {
  const here = document.activeElement;
  if (here === document.body || here === document.documentElement) return { there: false, fault: "", where: "body" };
  const style = getComputedStyle(here);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = here.getBoundingClientRect();
  const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth;
  // The last stop inside a field for a date is the browser's own button for the calendar, with the browser's own sign.
  const browsersOwn = here.matches('input[type="date"], input[type="time"]') && !here.matches(":focus-visible");
  let fault = "";
  if (!browsersOwn && !outlined && style.boxShadow === "none") fault = "no sign of focus";
  else if (!inSight) fault = "focus out of sight";
  else {
    const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max((Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const own = top && (here.contains(top) || top.contains(here) || [...(here.labels ?? [])].some((l) => l.contains(top)));
    if (!own) fault = `covered by <${top?.tagName} class="${top?.className}">`;
  }
  return { there: here === wanted, fault, where: here.outerHTML.slice(0, 160) };
}"""


@dataclass
class Keyboard:
    """Keys pressed in a window."""

    visitor: Visitor

    def press(self, *keys: str) -> None:
        """Press keys one after another, as ``Control+b`` or ``Enter``."""
        for key in keys:
            self.visitor.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.visitor.page.keyboard.type(text)

    def tab_to(self, wanted: Locator, *, backwards: bool = False) -> None:
        """Press Tab until the wanted element has the focus; every stop on the way must be seen."""
        handle = wanted.element_handle()
        passed = []
        for _ in range(MOST_STOPS):
            self.press("Shift+Tab" if backwards else "Tab")
            stop = self.stop(handle)
            assert not stop["fault"], f"{stop['fault']}: {stop['where']}"
            if stop["there"]:
                return
            passed.append(stop["where"])
        raise AssertionError(f"{wanted} cannot be reached by Tab; the last stops were {passed[-5:]}")

    def enter(self, wanted: Locator) -> None:
        """Go to a link or button with Tab, and press Enter."""
        self.tab_to(wanted)
        self.press("Enter")

    def go_on(self, wanted: Locator) -> None:
        """The same, when it leads to another page; returns when that is loaded."""
        self.tab_to(wanted)
        with self.visitor.page.expect_navigation(wait_until="load"):
            self.press("Enter")

    def stop(self, wanted: Any = None) -> dict[str, Any]:
        """Where the focus is, and what is wrong with how it shows."""
        return dict(self.visitor.page.evaluate(STOP, wanted))

    def assert_not_lost(self) -> None:
        """The focus is somewhere in the page."""
        assert self.stop()["where"] != "body", "the focus was lost"
