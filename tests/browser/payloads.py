"""Texts that want to be more than text, and a way of telling whether any of them was."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request
from playwright.sync_api import Route as Intercepted

ELSEWHERE = "elsewhere.example"
PAYLOADS = (
    '<script>window.canary=1</script><img src=x onerror="window.canary=2">',
    '"><svg onload=window.canary=3><script>window.canary=4</script>',
    "' onfocus='window.canary=5' autofocus x='",
    '<a href="javascript:window.canary=6">a</a> [b](javascript:window.canary=7) [c](data:text/html,canary) <javascript:canary>',
    '<div hx-get="/canary-own" hx-trigger="load">x</div><form hx-post="/canary-own" hx-trigger="load"></form>',
    '<p data-hx-get="/canary-own" data-hx-trigger="load" hx-on:load="window.canary=8" hx-vals="js:{a:canary}">',
    '{{ 7*7 }} {% include "layout/base.html" %} ${7*7} <%= 7*7 %> #{7*7} canary',
    "</textarea></title></script><script>window.canary=9</script>",
    f"<style>@import '//{ELSEWHERE}/canary';</style><link rel=stylesheet href=https://{ELSEWHERE}/canary.css>",
    f"![canary](https://{ELSEWHERE}/canary.png) <img src=//{ELSEWHERE}/canary.gif>",
    f"<iframe src=https://{ELSEWHERE}/canary></iframe><object data=//{ELSEWHERE}/canary></object><base href=//{ELSEWHERE}>",
    f'<meta http-equiv=refresh content="0;url=https://{ELSEWHERE}/canary">',
    "\u202e<scr\u200bipt>\ufeff\uff1cscript\uff1ewindow.canary=10\uff1c/script\uff1e \u0000canary",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.canary=11&gt;">',
    "<svg><animate onbegin=window.canary=12 attributeName=x></svg><details open ontoggle=window.canary=13>",
)
_WATCH = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
_LOOK = """() => {
  const faults = window.reports.map((report) => `reported: ${report}`);
  if (window.canary) faults.push(`a script ran: ${window.canary}`);
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (element.localName === "img" && value.startsWith("data:image/") && !decodeURIComponent(value).includes("canary")) continue;
      const isScript = /^\\s*(javascript|data|vbscript):/i.test(value) && ["href", "src", "action", "formaction", "xlink:href"].includes(name);
      const isOwn = /^(on|hx-|data-hx-)/.test(name) && value.includes("canary");
      const leadsOut = ["src", "srcset", "data", "background", "poster"].includes(name) && value.includes("canary");
      if (isScript || isOwn || leadsOut) faults.push(`<${element.localName} ${name}="${value.slice(0, 80)}">`);
    }
    if (["base", "iframe", "object", "embed", "style", "math", "meta"].includes(element.localName)
        && element.outerHTML.includes("canary")) faults.push(`an element <${element.localName}> of the text's own`);
    if (element.localName === "script" && element.textContent.includes("canary")) faults.push("a script of the text's own");
  }
  return faults;
}"""
_SEND = """({ action, fields }) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = action;
  for (const [name, value] of fields) {
    const field = document.createElement("textarea");
    field.name = name; field.value = value;
    form.append(field);
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Watched:
    """A window that tells of everything a text did beyond being read."""

    page: Page
    origin: str
    seen: list[str] = field(default_factory=list)
    visited: int = 0

    def visit(self, path: str) -> list[str]:
        """Go to a page, and say what happened there."""
        self.page.goto(self.origin + path, wait_until="load")
        return self.faults(path)

    def send(self, action: str, fields: list[tuple[str, str]]) -> list[str]:
        """Send a form, and say what happened on the page that answers."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.evaluate(_SEND, {"action": action, "fields": fields})
        return self.faults(f"POST {action}")

    def faults(self, where: str) -> list[str]:
        """What happened since the last look."""
        self.visited += 1
        found = [*self.seen, *self.page.evaluate(_LOOK)]
        self.seen.clear()
        return [f"{where}: {fault}" for fault in found]


def watched(browser: Browser, origin: str, cookie: str, token: str) -> Watched:
    """A signed-in window. Nothing leaves this machine: what tries to is noted and stopped."""
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    context.add_cookies([{"name": cookie, "value": token, "url": origin}])
    context.add_init_script(_WATCH)
    page = context.new_page()
    window = Watched(page, origin)

    def asked(route: Intercepted, request: Request) -> None:
        if not request.url.startswith((origin, "data:image/")) or "canary" in request.url:
            window.seen.append(f"a request to {request.url}")
            route.abort()
        else:
            route.continue_()

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            window.seen.append(f"the console: {message.text}")

    def opened(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # our own question before unsaved text is left behind
            window.seen.append(f"a dialogue: {dialog.message}")
        dialog.accept()

    context.route("**/*", asked)
    page.on("console", heard)
    page.on("dialog", opened)
    return window
