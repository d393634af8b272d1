"""The editor of a case's paper: its toolbar, its preview, and two people who write at the same time."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.cases.service.parts import remove_part
from app.forums.models.forum import Forum
from tests.browser.conftest import SECRETARIAT, new_visitor
from tests.browser.looking import faults_of, prepare
from tests.factories.cases import SYSTEM, make_case, parts_of

COMMANDS = [
    ("Bold", "ett to tre", "to", "ett **to** tre"),
    ("Bold", "ett **to** tre", "to", "ett to tre"),
    ("Italic", "ett to tre", "to", "ett *to* tre"),
    ("Italic", "ett **to** tre", "to", "ett ***to*** tre"),
    ("Link", "se siden", "siden", "se [siden](https://)"),
    ("Heading", "Bakgrunn\n\nTekst", "Bakgrunn", "## Bakgrunn\n\nTekst"),
    ("Heading", "## Bakgrunn", "Bakgrunn", "Bakgrunn"),
    ("Bullet list", "ett\nto", "ett\nto", "- ett\n- to"),
    ("Bullet list", "1. ett\n2. to", "ett\n2. to", "- ett\n- to"),
    ("Numbered list", "ett\nto", "ett\nto", "1. ett\n2. to"),
    ("Numbered list", "1. ett\n2. to", "1. ett\n2. to", "ett\nto"),
    ("Quotation", "sagt", "sagt", "> sagt"),
    ("Table", "før", "før", "før\n\n| Column 1 | Column 2 |\n| --- | --- |\n|  |  |\n\n"),
]
HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(1)"> [farlig](javascript:alert(1)) **trygt**'


@pytest.fixture
def treatment(site):
    """A private draft of Skate."""
    with site.database.writing() as db:
        forum = db.scalars(select(Forum).where(Forum.key == "skate")).one()
        made = make_case(db, forum, "Felles kalender")
        made.part_ids = [part.id for part in parts_of(db, made)]
    return made


@pytest.fixture
def editor(visitor, treatment):
    """The editor, open in the secretariat's window."""
    prepare(visitor.page)
    visitor.arrive(SECRETARIAT)
    open_editor(visitor, treatment)
    return visitor.page


@pytest.fixture
def other(browser, site, treatment):
    """The same in another window."""
    one = new_visitor(browser, site, viewport={"width": 1280, "height": 900})
    one.arrive(SECRETARIAT)
    open_editor(one, treatment)
    yield one.page
    one.leave()


def open_editor(visitor, treatment) -> None:
    assert visitor.go(f"/cases/{treatment.case_id}/edit?treatment={treatment.id}") == 200


def section(page, treatment, number=0):
    return page.locator(f"#part-{treatment.part_ids[number]}")


def text_of(page, treatment, number=0):
    return section(page, treatment, number).locator("textarea[name=body]")


def save(page, treatment, number=0) -> None:
    section(page, treatment, number).get_by_role("button", name="Save this part").click()


def mark(field, text) -> None:
    field.focus()
    field.evaluate(
        "(field, text) => field.setSelectionRange(...[0, text.length].map((n) => n + field.value.indexOf(text)))",
        text,
    )


def test_every_tool_writes_what_it_says_and_can_be_undone(editor, treatment) -> None:
    field, tools = text_of(editor, treatment), section(editor, treatment).get_by_role("toolbar")
    for tool, before, chosen, after in COMMANDS:
        field.fill(before)
        mark(field, chosen)
        tools.get_by_role("button", name=tool).click()
        assert field.input_value() == after, tool
        expect(field).to_be_focused()
        editor.keyboard.press("Control+z")
        assert field.input_value() == before, f"{tool} could not be undone"


def test_enter_goes_on_with_a_list_and_ends_it(editor, treatment) -> None:
    field = text_of(editor, treatment)
    field.press_sequentially("1. ett\nto\n\nslutt")
    assert field.input_value() == "1. ett\n2. to\nslutt"


def test_the_preview_follows_and_shows_safe_html_only(editor, treatment) -> None:
    here = section(editor, treatment)
    here.locator("summary").click()
    shown = here.locator("[data-preview]")
    text_of(editor, treatment).fill(HOSTILE)
    expect(shown.locator("strong")).to_have_text("trygt")
    expect(shown).to_contain_text("<script>alert(1)</script>")
    expect(shown).to_contain_text("javascript:alert(1)")
    assert shown.locator("script, img, a, [onerror], [href]").count() == 0
    text_of(editor, treatment).fill("[siden](https://example.no/side)")
    expect(shown.locator("a")).to_have_attribute("href", "https://example.no/side")


def test_markup_that_was_typed_is_kept_and_read_as_text(editor, treatment) -> None:
    text_of(editor, treatment).fill(HOSTILE)
    save(editor, treatment)
    expect(editor.locator("#flashes")).to_contain_text("Saved")
    assert text_of(editor, treatment).input_value().replace("\\", "") == HOSTILE
    editor.get_by_role("link", name="Read the case").click()
    paper = editor.locator("article.paper")
    expect(paper).to_contain_text("<script>alert(1)</script>")
    assert paper.locator("script, img, [onerror], [href^=javascript]").count() == 0


def test_a_saved_part_wakes_up_again_and_leaves_the_others_alone(editor, treatment) -> None:
    text_of(editor, treatment, 2).fill("skrives ennå")
    text_of(editor, treatment).fill("ferdig")
    save(editor, treatment)
    expect(editor.locator("#flashes")).to_contain_text("Saved")
    expect(section(editor, treatment).get_by_role("toolbar")).to_be_visible()
    assert text_of(editor, treatment, 2).input_value() == "skrives ennå"
    text_of(editor, treatment).fill("ferdig igjen")
    with editor.expect_response(lambda answer: "/edit" in answer.url):
        save(editor, treatment)
    editor.reload()
    assert text_of(editor, treatment).input_value() == "ferdig igjen"


def test_a_refused_part_says_why_and_keeps_the_text(editor, treatment) -> None:
    here = section(editor, treatment)
    here.get_by_label("Heading").first.fill("")
    text_of(editor, treatment).fill("min tekst")
    save(editor, treatment)
    expect(here.locator("[data-error-summary]")).to_be_focused()
    assert text_of(editor, treatment).input_value() == "min tekst"
    assert faults_of(editor) == []
    here.locator("[data-error-summary] a").click()
    expect(here.get_by_role("textbox", name="Heading")).to_be_focused()


def test_two_windows_save_the_same_part_and_both_texts_are_shown(editor, other, treatment) -> None:
    text_of(editor, treatment, 2).fill("en annen del")
    text_of(other, treatment).fill("deres tekst")
    save(other, treatment)
    expect(other.locator("#flashes")).to_contain_text("Saved")

    text_of(editor, treatment).fill("min tekst")
    save(editor, treatment)
    here = section(editor, treatment)
    expect(here).to_contain_text("Somebody else saved this before you")
    assert [field.input_value() for field in here.locator("textarea:visible").all()] == [
        "deres tekst",
        "min tekst",
        "deres tekst\n\nmin tekst",
    ]
    assert here.evaluate("here => here.contains(document.activeElement)")
    assert text_of(editor, treatment, 2).input_value() == "en annen del"
    assert faults_of(editor) == []

    here.get_by_text("Save mine as I wrote it").click()
    here.get_by_role("button", name="Save mine anyway").click()
    expect(editor.locator("#flashes")).to_contain_text("Saved")
    assert text_of(editor, treatment).input_value() == "min tekst"
    assert text_of(editor, treatment, 2).input_value() == "en annen del"


def test_a_part_that_somebody_removed_meanwhile_is_not_lost(editor, site, treatment) -> None:
    text_of(editor, treatment).fill("min tekst")
    with site.database.writing() as db:
        remove_part(db, SYSTEM, treatment.part_ids[0])
    save(editor, treatment)
    expect(editor.get_by_text("Somebody else has removed this part")).to_be_visible()
    assert section(editor, treatment).evaluate("here => here.contains(document.activeElement)")
    assert "min tekst" in [field.input_value() for field in editor.locator("textarea:visible").all()]


def test_a_save_that_does_not_get_through_says_so(visitor, editor, treatment) -> None:
    editor.route("**/treatments/**", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    text_of(editor, treatment).fill("min tekst")
    save(editor, treatment)
    expect(editor.locator("#flashes")).to_contain_text("nothing was saved")
    assert text_of(editor, treatment).input_value() == "min tekst"
    assert [complaint for complaint in visitor.complaints if "status of 502" not in complaint] == []
    visitor.complaints.clear()


class Asked:
    """Answers the browser's question whether to leave a page."""

    def __init__(self, page) -> None:
        self.times = 0
        self.leave = False
        page.on("dialog", self._answer)

    def _answer(self, dialog) -> None:
        assert dialog.type == "beforeunload"
        self.times += 1
        if self.leave:
            dialog.accept()
        else:
            dialog.dismiss()


def test_leaving_with_unsaved_text_is_asked_about(editor, treatment) -> None:
    asked = Asked(editor)
    editor.route("**/drafts", lambda route: route.fulfill(status=422, json={"said": "no"}))
    text_of(editor, treatment).press_sequentially("usagt")
    with editor.expect_event("dialog"):
        editor.get_by_role("link", name="Read the case").click(no_wait_after=True)
    expect(text_of(editor, treatment)).to_have_value("usagt")
    assert "/edit" in editor.url
    editor.unroute("**/drafts")

    save(editor, treatment)
    expect(editor.locator("#flashes")).to_contain_text("Saved")
    editor.get_by_role("link", name="Read the case").click()
    expect(editor.locator("article.paper")).to_contain_text("usagt")
    assert asked.times == 1


def test_a_text_that_another_save_overtook_is_kept_until_it_is_saved_or_discarded(
    visitor, editor, other, treatment
) -> None:
    asked = Asked(editor)
    text_of(other, treatment).fill("deres tekst")
    save(other, treatment)
    expect(other.locator("#flashes")).to_contain_text("Saved")
    text_of(editor, treatment).press_sequentially("min tekst")
    save(editor, treatment)
    here = section(editor, treatment)
    expect(here.locator("[data-draft-line]")).to_contain_text("Draft kept")
    here.get_by_role("link", name="Back to the editor").click()
    expect(text_of(editor, treatment)).to_have_value("deres tekst\n\nmin tekst")
    expect(here).to_contain_text("You have text here that is not saved")

    here.get_by_text("Discard it").click()
    here.get_by_role("button", name="Discard my text").click()
    expect(text_of(editor, treatment)).to_have_value("deres tekst")
    expect(here).not_to_contain_text("You have text here that is not saved")
    assert asked.times == 0
