"""A case is drafted, exported and read by somebody who has no mouse."""

import re

import pytest
from playwright.sync_api import expect

from app.documents.docx.reading import read_paragraph_texts
from tests.browser.conftest import LOGINS, SECRETARIAT
from tests.browser.keyboard import Keyboard

TITLE = "Felles kalender for styringsorganene"
BACKGROUND, ACCOUNT = "Historikk/bakgrunn", "Presentasjon av saken"  # as Skate calls them


@pytest.fixture
def keys(visitor):
    return Keyboard(visitor)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def link(page, name):
    return page.get_by_role("link", name=name, exact=True)


def part(page, heading):
    return page.locator("section.card", has=page.get_by_role("heading", name=heading, exact=True))


def test_a_case_is_drafted_exported_and_read_by_keyboard(visitor, keys, tmp_path) -> None:
    page = visitor.page
    sign_in(visitor, keys)
    make_a_case(page, keys)
    write_the_background(page, keys)
    write_the_proposal(page, keys)
    attach_a_file(page, keys, tmp_path)
    move_a_part_down(page, keys)
    read_the_case(page, keys)

    keys.tab_to(link(page, "Download Word file"))
    with page.expect_download() as waiting:
        keys.press("Enter")
    keys.assert_not_lost()
    paper = [each.text for each in read_paragraph_texts(waiting.value.path().read_bytes())]
    assert any(TITLE in text for text in paper)
    assert "Kalenderen er viktig for alle." in paper
    assert {"Møter", "Frister", "Fastsette årshjulet", "Be om et budsjett"} <= set(paper)
    assert any("Årshjul 2027" in text for text in paper)
    assert paper.index("Møter") > paper.index("Fastsette årshjulet"), "the part was moved down"


def sign_in(visitor, keys) -> None:
    page, login = visitor.page, LOGINS[SECRETARIAT]
    visitor.go("/")
    keys.go_on(button(page, "Log in"))
    keys.assert_not_lost()
    keys.tab_to(page.get_by_label("E-mail address"))
    keys.type(login.email)
    keys.press("Tab")
    keys.type(login.password)
    with page.expect_navigation(url=lambda url: "/login" not in url):
        keys.press("Enter")


def make_a_case(page, keys) -> None:
    keys.go_on(link(page, "New case"))
    keys.go_on(link(page, "Skate"))
    keys.go_on(button(page, "Make the case"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keys.enter(page.locator("[data-error-summary] a").first)
    expect(page.get_by_label("Title")).to_be_focused()
    keys.type(TITLE)
    keys.press("Tab", "ArrowDown", "ArrowUp")
    keys.assert_not_lost()
    keys.tab_to(page.get_by_label("Presenter 1"))
    keys.type("Kari Oppdiktet")
    keys.go_on(button(page, "Make the case"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def write_the_background(page, keys) -> None:
    here = part(page, BACKGROUND)
    field = here.get_by_label("Text", exact=True)
    keys.tab_to(field)
    keys.type("Kalenderen er ")
    keys.press("Control+b")
    keys.type("viktig")
    keys.press("End")
    keys.type(" for alle.")
    keys.press("Enter", "Enter")
    keys.type("Møter")
    keys.press("Enter")
    keys.type("Frister")
    keys.press("Shift+ArrowUp")

    keys.press("Shift+Tab")
    expect(here.get_by_role("button", name="Bold")).to_be_focused()
    tools = here.get_by_role("toolbar").get_by_role("button")
    wanted = [tool.get_attribute("data-command") for tool in tools.all()].index("bullets")
    keys.press(*["ArrowRight"] * wanted, "Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("Kalenderen er **viktig** for alle.\n\n- Møter\n- Frister")

    keys.enter(here.locator("summary"))
    shown = here.locator("[data-preview]")
    expect(shown.locator("strong")).to_have_text("viktig")
    keys.tab_to(field, backwards=True)
    keys.press("Control+End", "Enter")
    keys.type("Reiser")
    expect(shown.locator("li")).to_have_text(["Møter", "Frister", "Reiser"])
    save(page, keys, here)


def write_the_proposal(page, keys) -> None:
    here = part(page, ACCOUNT)
    keys.tab_to(here.get_by_label("Text", exact=True))
    keys.type("Dagens situasjon er uoversiktlig.")
    save(page, keys, here)
    here = page.locator("section.part-proposal").first
    keys.tab_to(here.get_by_role("textbox", name="Points of the proposal"))
    keys.type("- Fastsette årshjulet")
    keys.press("Enter")
    keys.type("Be om et budsjett")
    save(page, keys, here)


def save(page, keys, here) -> None:
    keys.enter(here.get_by_role("button", name="Save this part"))
    expect(page.locator("#flashes")).to_contain_text("Saved")
    expect(here.get_by_role("button", name="Save this part")).to_be_focused()
    page.locator("#flashes").evaluate("box => box.replaceChildren()")


def attach_a_file(page, keys, tmp_path) -> None:
    file = tmp_path / "arshjul.txt"
    file.write_text("januar, mars, juni")
    here = page.locator("#attachments")
    keys.tab_to(here.get_by_label("Title"))
    keys.type("Årshjul 2027")
    keys.tab_to(here.get_by_label("File"))
    here.get_by_label("File").set_input_files(file)
    keys.go_on(here.get_by_role("button", name="Add the attachment"))
    keys.assert_not_lost()
    expect(page.locator(".attachment-title")).to_have_text(["Årshjul 2027"])


def move_a_part_down(page, keys) -> None:
    keys.go_on(page.get_by_role("button", name=f"Move “{BACKGROUND}” down"))
    keys.assert_not_lost()
    expect(page.locator("#flashes")).to_contain_text("Moved")


def read_the_case(page, keys) -> None:
    keys.go_on(link(page, "Read the case"))
    expect(page.locator("article.paper strong")).to_have_text("viktig")
    expect(page.locator("article.paper")).to_contain_text("Be om et budsjett")
    expect(page).to_have_title(re.compile(TITLE))
