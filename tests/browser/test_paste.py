"""Pasting into the text field, as browsers do it: the clipboard has the text twice, with its formatting and without."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.cases.models.presentation import PresentationPart
from app.documents.richtext.codec import from_json
from app.documents.richtext.markdown_writer import to_markdown
from tests.browser.test_editor import editor, treatment

__all__ = ["editor", "treatment"]

CLIPBOARD = Path(__file__).parents[1] / "data" / "clipboard"
PASTE = """(field, {html, plain}) => {
  const clipboard = new DataTransfer();
  if (html !== null) clipboard.setData("text/html", html);
  clipboard.setData("text/plain", plain);
  const event = new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true });
  return field.dispatchEvent(event);
}"""


@pytest.fixture
def field(editor):
    """The first text field of the paper, empty."""
    one = editor.locator("textarea[data-richtext]").first
    one.fill("")
    one.focus()
    return one


def paste(field, html: str | None, plain: str) -> bool:
    """Returns whether it was left to the browser."""
    return field.evaluate(PASTE, {"html": html, "plain": plain})


def said(field):
    return field.locator("xpath=ancestor::*[@data-editor]").locator("[data-editor-said]")


def test_a_text_from_word_comes_in_with_its_lists_and_is_saved(editor, site, field, treatment) -> None:
    wanted = (CLIPBOARD / "word.md").read_text().rstrip("\n")
    assert not paste(field, (CLIPBOARD / "word.html").read_text(), "Bakgrunn\nOm saken")
    expect(field).to_have_value(wanted)
    expect(said(field)).to_contain_text("Pasted with its formatting")
    expect(said(field)).to_contain_text("An image was left out")
    key = editor.locator("form:has(textarea[data-richtext]) input[name=idempotency_key]").first
    used = key.input_value()
    editor.get_by_role("button", name="Save this part").first.click()
    expect(editor.get_by_text("Saved.").first).to_be_visible()
    expect(key).not_to_have_value(used)  # the part came back with a key of its own
    with site.database.reading() as db:
        part = db.get(PresentationPart, treatment.part_ids[0])
        assert to_markdown(from_json(part.body)) == wanted


def test_undo_leaves_the_plain_text(editor, field) -> None:
    field.type("før ")
    paste(field, "<p>a</p><ul><li>b</li></ul>", "a\r\nb")
    expect(field).to_have_value("før \n\na\n\n- b")
    editor.keyboard.press("Control+z")
    expect(field).to_have_value("før a\nb")


def test_a_word_goes_into_the_line(editor, field) -> None:
    field.fill("ett tre")
    field.evaluate("field => field.setSelectionRange(4, 4)")
    paste(field, "<meta charset=utf-8><b>to </b>", "to ")
    expect(field).to_have_value("ett **to** tre")


@pytest.mark.parametrize(
    ("status", "words"),
    [(413, "too much to read"), (500, "could not be read just now"), (0, "could not be read just now")],
)
def test_the_text_stands_there_whatever_the_server_says(visitor, editor, field, status, words) -> None:
    editor.route(
        "**/paste", lambda route: route.fulfill(status=status, body="x") if status else route.abort()
    )
    paste(field, "<ul><li>a</li></ul>", "a")
    expect(said(field)).to_contain_text(words)
    expect(field).to_have_value("a")
    visitor.complaints.clear()  # the browser speaks of the answer that was asked for here


def test_what_is_typed_meanwhile_stays(editor, field) -> None:
    waiting = []

    def hold(route) -> None:
        waiting.append(route)

    editor.route("**/paste", hold)
    paste(field, "<ul><li>a</li></ul>", "a")
    field.type("bc")
    expect(field).to_have_value("abc")
    waiting[0].continue_()
    expect(said(field)).to_contain_text("Pasted with its formatting")
    expect(field).to_have_value("- a\n\nbc")
    assert field.evaluate("field => field.selectionStart") == len("- a\n\nbc")


def test_plain_text_is_left_to_the_browser(editor, field) -> None:
    assert paste(field, None, "a")
    assert paste(field, "<meta charset='utf-8'><span>a</span>", "a")
    editor.keyboard.down("Control")
    editor.keyboard.down("Shift")
    editor.keyboard.down("v")
    assert paste(field, "<b>a</b>", "a")
    for key in ("v", "Shift", "Control"):
        editor.keyboard.up(key)


def test_a_huge_clipboard_is_pasted_as_it_is(editor, field) -> None:
    asked = []
    editor.on("request", lambda request: asked.append(request.url))
    paste(field, "<p>" + "x" * 2_000_001, "x" * 1000)
    expect(said(field)).to_contain_text("too much to read")
    expect(field).to_have_value("x" * 1000)
    assert not any(url.endswith("/paste") for url in asked)


def test_nothing_in_the_clipboard_runs(editor, field, visitor) -> None:
    asked = []
    editor.on("request", lambda request: asked.append(request.url))
    paste(
        field,
        "<b onclick=alert(1)>a</b><img src=https://example.no/x onerror=alert(1)><script>alert(1)</script>",
        "",
    )
    expect(field).to_have_value("**a**")
    assert [url for url in asked if "example.no" in url] == []
