"""The same story as by keyboard, in a browser that runs no scripts: every form works as a plain form."""

from playwright.sync_api import expect

from app.documents.docx.reading import read_paragraph_texts
from tests.browser.conftest import LOGINS, SECRETARIAT

TITLE = "Felles kalender uten skript"
BACKGROUND, ACCOUNT = "Historikk/bakgrunn", "Presentasjon av saken"  # as Skate calls them


def part(page, heading):
    return page.locator("section.card", has=page.get_by_role("heading", name=heading, exact=True))


def test_a_case_is_drafted_exported_and_read_without_scripts(visitor_without_scripts, tmp_path) -> None:
    visitor, page = visitor_without_scripts, visitor_without_scripts.page
    sign_in(visitor)
    make_a_case(page)
    write_the_paper(page)
    attach_a_file(page, tmp_path)
    move_a_part_down(page)

    page.get_by_role("link", name="Read the case").click()
    expect(page.locator("article.paper strong")).to_have_text("viktig")
    expect(page.locator("article.paper li")).to_contain_text(["Fastsette årshjulet", "Be om et budsjett"])
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download Word file").click()
    paper = [each.text for each in read_paragraph_texts(waiting.value.path().read_bytes())]
    assert any(TITLE in text for text in paper)
    assert any("Årshjul 2027" in text for text in paper)
    assert paper.index("Kalenderen er viktig for alle.") > paper.index("Fastsette årshjulet")

    share(page)
    log_out(page)


def sign_in(visitor) -> None:
    page, login = visitor.page, LOGINS[SECRETARIAT]
    visitor.go("/cases/new?forum=skate")
    page.get_by_label("E-mail address").fill(login.email)
    page.get_by_label("Password").fill("feil passord")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("You are not logged in")).to_be_visible()
    assert page.get_by_label("E-mail address").input_value() == login.email
    page.get_by_label("Password").fill(login.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New case")


def make_a_case(page) -> None:
    page.get_by_role("textbox", name="Wanted result").fill("Alle vet når møtene er")
    page.get_by_role("button", name="Make the case").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert page.get_by_role("textbox", name="Wanted result").input_value() == "Alle vet når møtene er"
    page.get_by_role("textbox", name="Title").fill(TITLE)
    page.get_by_label("Presenter 1").fill("Kari Oppdiktet")
    page.get_by_role("button", name="Make the case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def write_the_paper(page) -> None:
    assert page.get_by_role("toolbar").count() == 0, "a toolbar that does nothing is not shown"
    assert page.locator("[data-preview-box]:visible").count() == 0
    here = part(page, BACKGROUND)
    here.get_by_role("textbox", name="Text").fill("Kalenderen er **viktig** for alle.")
    save(page, here)
    proposal = page.locator("section.part-proposal")
    proposal.get_by_role("textbox", name="Points of the proposal").fill(
        "- Fastsette årshjulet\n- Be om et budsjett"
    )
    save(page, proposal)
    here = part(page, ACCOUNT)
    here.get_by_role("textbox", name="Heading").fill("")
    here.get_by_role("textbox", name="Text").fill("Dagens situasjon er uoversiktlig.")
    here.get_by_role("button", name="Save this part").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    refused = page.locator("section.card", has=page.locator("[data-error-summary]"))
    refused.get_by_role("textbox", name="Heading").fill(ACCOUNT)
    save(page, refused)
    expect(part(page, ACCOUNT).get_by_role("textbox", name="Text")).to_have_value(
        "Dagens situasjon er uoversiktlig."
    )


def save(page, here) -> None:
    here.get_by_role("button", name="Save this part").click()
    expect(page.locator("#flashes")).to_contain_text("Saved")


def attach_a_file(page, tmp_path) -> None:
    file = tmp_path / "arshjul.txt"
    file.write_text("januar, mars, juni")
    here = page.locator("#attachments")
    here.get_by_label("Title").fill("Årshjul 2027")
    here.get_by_label("File").set_input_files(file)
    here.get_by_role("button", name="Add the attachment").click()
    expect(page.locator(".attachment-title")).to_have_text(["Årshjul 2027"])
    page.get_by_role("link", name="Remove the attachment “Årshjul 2027”").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator(".attachment-title")).to_have_text(["Årshjul 2027"])


def move_a_part_down(page) -> None:
    page.get_by_role("button", name=f"Move “{BACKGROUND}” down").click()
    expect(page.locator("#flashes")).to_contain_text("Moved")


def share(page) -> None:
    page.get_by_role("link", name="Share with the forum").click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("Shared")


def log_out(page) -> None:
    page.locator("details.user-menu summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#flashes")).to_contain_text("You are logged out")
