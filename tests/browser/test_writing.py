"""No word is lost: a lost connection, a session that is over, a closed tab, the back button; and two people at once."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from app.cases.service.states import take_step
from app.forums.models.forum import Forum
from app.identity.models import UserSession
from app.writing.models import Draft
from tests.browser.conftest import ADMINISTRATOR, SECRETARIAT, new_visitor
from tests.browser.looking import faults_of, prepare
from tests.factories.cases import SYSTEM, make_case, parts_of

KEPT = re.compile(r"Draft kept \d\d:\d\d")
OFFLINE = "Your text is kept in this browser"


@pytest.fixture
def treatment(site):
    """A private draft of Skate."""
    with site.database.writing() as db:
        forum = db.scalars(select(Forum).where(Forum.key == "skate")).one()
        made = make_case(db, forum, "Felles kalender")
        made.part_ids = [part.id for part in parts_of(db, made)]
    return made


@pytest.fixture
def writer(visitor, treatment):
    """The editor, open in the secretariat's window."""
    prepare(visitor.page)
    visitor.arrive(SECRETARIAT)
    open_editor(visitor, treatment)
    return visitor


def open_editor(visitor, treatment) -> None:
    assert visitor.go(f"/cases/{treatment.case_id}/edit?treatment={treatment.id}") == 200


def section(page, treatment, number=0):
    return page.locator(f"#part-{treatment.part_ids[number]}")


def text_of(page, treatment, number=0):
    return section(page, treatment, number).locator("textarea[name=body]")


def line_of(page, treatment, number=0):
    return section(page, treatment, number).locator("[data-draft-line]")


def here(page) -> list[str]:
    """What this browser holds of drafts."""
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('samstyr:draft:'))")


def drafts_of(site, treatment) -> list[dict]:
    with site.database.reading() as db:
        found = db.scalars(select(Draft).where(Draft.key.startswith(f"treatment/{treatment.id}/")))
        return [draft.fields for draft in found]


def no_network_complaints(visitor) -> None:
    """What the browser itself says of requests that we have kept from getting through."""
    visitor.complaints[:] = [
        each for each in visitor.complaints if not re.search("net::ERR|Failed to fetch", each)
    ]


def test_a_closed_tab_loses_nothing_and_saving_ends_the_draft(writer, site, treatment) -> None:
    page = writer.page
    text_of(page, treatment).fill("skrevet i én fane")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    assert drafts_of(site, treatment)[0]["body"] == ["skrevet i én fane"]
    assert here(page) == []

    again = page.context.new_page()
    page.close()
    writer.page = again
    open_editor(writer, treatment)
    expect(text_of(again, treatment)).to_have_value("skrevet i én fane")
    expect(section(again, treatment)).to_contain_text("You have text here that is not saved, from")
    assert faults_of(again) == []
    section(again, treatment).get_by_role("button", name="Save it").click()
    expect(again.locator("#flashes")).to_contain_text("Saved")
    expect(section(again, treatment)).not_to_contain_text("not saved, from")
    assert drafts_of(site, treatment) == []


def test_a_tab_closed_before_the_pause_is_over_loses_nothing(writer, treatment) -> None:
    page = writer.page
    again = page.context.new_page()
    page.bring_to_front()
    text_of(page, treatment).fill("lukket straks")
    page.close()
    writer.page = again
    open_editor(writer, treatment)
    expect(text_of(again, treatment)).to_have_value("lukket straks")


def test_another_device_shows_the_draft(writer, browser, site, treatment) -> None:
    text_of(writer.page, treatment).fill("begynt på kontoret")
    expect(line_of(writer.page, treatment)).to_have_text(KEPT)
    telephone = new_visitor(browser, site, viewport={"width": 390, "height": 844})
    prepare(telephone.page)
    telephone.arrive(SECRETARIAT)
    open_editor(telephone, treatment)
    expect(text_of(telephone.page, treatment)).to_have_value("begynt på kontoret")
    assert faults_of(telephone.page) == []
    telephone.leave()


def test_a_lost_connection_keeps_the_text_here_and_sends_it_when_it_is_back(writer, site, treatment) -> None:
    page = writer.page
    page.context.set_offline(True)
    text_of(page, treatment).fill("skrevet på toget")
    expect(line_of(page, treatment)).to_contain_text(OFFLINE)
    assert len(here(page)) == 1
    section(page, treatment).get_by_role("button", name="Save this part").click()
    expect(page.locator("#flashes")).to_contain_text("do not know whether this was saved")
    expect(text_of(page, treatment)).to_have_value("skrevet på toget")

    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    assert here(page) == []
    assert drafts_of(site, treatment)[0]["body"] == ["skrevet på toget"]
    no_network_complaints(writer)


def test_a_tab_closed_without_connection_loses_nothing(writer, treatment) -> None:
    page = writer.page
    page.context.set_offline(True)
    text_of(page, treatment).fill("lukket i tunnelen")
    expect(line_of(page, treatment)).to_contain_text(OFFLINE)
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    writer.page = again
    open_editor(writer, treatment)
    expect(text_of(again, treatment)).to_have_value("lukket i tunnelen")
    expect(line_of(again, treatment)).to_have_text(KEPT)
    assert here(again) == []
    no_network_complaints(writer)


def test_a_session_that_ends_in_between_loses_nothing(writer, site, treatment) -> None:
    page = writer.page
    with site.database.writing() as db:
        db.execute(delete(UserSession))
    text_of(page, treatment).fill("skrevet for sent")
    expect(line_of(page, treatment)).to_contain_text("You are logged out")
    expect(line_of(page, treatment).get_by_role("link")).to_have_attribute("target", "_blank")
    section(page, treatment).get_by_role("button", name="Save this part").click()
    expect(page.locator("#flashes")).to_contain_text("You are logged out, so nothing was saved")
    expect(text_of(page, treatment)).to_have_value("skrevet for sent")
    assert faults_of(page) == []

    writer.arrive(SECRETARIAT)  # in another tab
    section(page, treatment).get_by_role("button", name="Save this part").click()
    expect(page.locator("#flashes")).to_contain_text("Saved")
    expect(text_of(page, treatment)).to_have_value("skrevet for sent")
    assert here(page) == []


def test_text_of_a_session_that_is_over_waits_for_its_own_writer(writer, site, treatment) -> None:
    page = writer.page
    with site.database.writing() as db:
        db.execute(delete(UserSession))
    text_of(page, treatment).fill("sekretariatets tekst")
    expect(line_of(page, treatment)).to_contain_text("You are logged out")
    writer.arrive(ADMINISTRATOR)
    open_editor(writer, treatment)
    expect(text_of(page, treatment)).to_have_value("")
    assert len(here(page)) == 1
    writer.arrive(SECRETARIAT)
    open_editor(writer, treatment)
    expect(text_of(page, treatment)).to_have_value("sekretariatets tekst")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    assert here(page) == []


def test_logging_out_leaves_nothing_in_the_browser(writer, treatment) -> None:
    page = writer.page
    page.route("**/drafts", lambda route: route.abort())
    text_of(page, treatment).fill("på en delt maskin")
    expect(line_of(page, treatment)).to_contain_text(OFFLINE)
    page.locator("summary", has_text="Solveig").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert here(page) == []
    no_network_complaints(writer)


def test_the_back_button_shows_what_was_typed(writer, treatment) -> None:
    page = writer.page
    text_of(page, treatment).fill("før jeg gikk")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    page.get_by_role("link", name="Read the case").click()
    expect(page.locator("article.paper")).to_be_visible()
    page.go_back()
    expect(text_of(page, treatment)).to_have_value("før jeg gikk")
    page.reload()
    expect(text_of(page, treatment)).to_have_value("før jeg gikk")


def test_a_form_of_its_own_page_that_got_through_leaves_nothing(writer, site) -> None:
    page = writer.page
    writer.go("/cases/new?forum=skate")
    page.get_by_label("Title").fill("En ny sak")
    expect(page.locator("[data-draft-line]")).to_have_text(KEPT)
    writer.go("/cases/new?forum=skate")
    expect(page.get_by_label("Title")).to_have_value("En ny sak")
    page.get_by_role("button", name="Make the case").click()
    expect(page.locator("#flashes")).to_contain_text("Created")
    assert here(page) == []
    writer.go("/cases/new?forum=skate")
    expect(page.get_by_label("Title")).to_have_value("")


def test_a_form_whose_session_was_over_goes_through_the_log_in(writer, site, treatment) -> None:
    page = writer.page
    writer.go("/cases/new?forum=skate")
    with site.database.writing() as db:
        db.execute(delete(UserSession))
    page.route("**/drafts", lambda route: route.abort())
    page.get_by_label("Title").fill('Sak med <b>"tegn"</b>')
    page.get_by_role("button", name="Make the case").click()
    expect(page.get_by_text("You were logged out, so nothing is saved yet")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_label("E-mail address").fill("solveig@skate.example")
    page.get_by_label("Password").fill(password_of(SECRETARIAT))
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="This is what you wrote")).to_be_visible()
    expect(page.get_by_text('Sak med <b>"tegn"</b>')).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Send it on").click()
    expect(page.locator("h1")).to_have_text('Sak med <b>"tegn"</b>')
    no_network_complaints(writer)


def password_of(who) -> str:
    from tests.browser.conftest import LOGINS

    return LOGINS[who].password


def test_a_kept_draft_is_no_reason_to_ask_before_leaving(writer, treatment) -> None:
    page = writer.page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    text_of(page, treatment).press_sequentially("tas vare på")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    page.get_by_role("link", name="Read the case").click()
    expect(page.locator("article.paper")).to_be_visible()
    assert asked == []


def test_what_was_taken_back_again_is_no_draft(writer, site, treatment) -> None:
    page = writer.page
    text_of(page, treatment).fill("nei")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    text_of(page, treatment).fill("")
    expect(line_of(page, treatment)).to_have_text("")
    assert drafts_of(site, treatment) == []


def test_parts_that_are_refused_together_lead_to_their_own_fields(writer, treatment) -> None:
    page = writer.page
    for number in (0, 2):
        place = section(page, treatment, number)
        place.get_by_role("textbox", name="Heading").fill("")
        place.get_by_role("button", name="Save this part").click()
        expect(place.locator("[data-error-summary]")).to_be_visible()
    for number in (2, 0):
        place = section(page, treatment, number)
        place.get_by_role("link", name="Fill in “Heading”.").click()
        expect(place.get_by_role("textbox", name="Heading")).to_be_focused()
    assert faults_of(page) == []


def test_a_paper_that_is_closed_while_somebody_writes_loses_nothing(writer, site, treatment) -> None:
    page = writer.page
    page.route("**/drafts", lambda route: route.abort())
    text_of(page, treatment).fill("rett før den ble trukket")
    expect(line_of(page, treatment)).to_contain_text(OFFLINE)
    with site.database.writing() as db:
        take_step(db, SYSTEM, treatment.id, version=1, step="withdraw")
    section(page, treatment).get_by_role("button", name="Save this part").click()
    place = section(page, treatment)
    expect(place.get_by_role("heading", name="the paper was closed before you saved")).to_be_visible()
    expect(place.get_by_label("Text", exact=True)).to_have_value("rett før den ble trukket")
    expect(place.get_by_label("Text", exact=True)).to_have_attribute("readonly", "readonly")
    page.unroute("**/drafts")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    open_editor(writer, treatment)
    expect(section(page, treatment).get_by_label("Text", exact=True)).to_have_value(
        "rett før den ble trukket"
    )
    assert here(page) == []
    assert faults_of(page) == []
    no_network_complaints(writer)


def test_a_draft_whose_answer_was_lost_goes_on(writer, site, treatment) -> None:
    page = writer.page

    def lose_the_answer(route) -> None:
        route.fetch()
        route.abort()

    page.route("**/drafts", lose_the_answer)
    text_of(page, treatment).fill("kom fram")
    expect(line_of(page, treatment)).to_contain_text(OFFLINE)
    page.unroute("**/drafts")
    text_of(page, treatment).fill("kom fram, og mer")
    expect(line_of(page, treatment)).to_have_text(KEPT)
    assert [draft["body"] for draft in drafts_of(site, treatment)] == [["kom fram, og mer"]]
    no_network_complaints(writer)


def test_saving_in_one_window_keeps_what_was_typed_in_another_that_is_closed(writer, treatment) -> None:
    page = writer.page
    other = page.context.new_page()
    other.goto(page.url)
    text_of(other, treatment).fill("i vinduet som ble lukket")
    expect(line_of(other, treatment)).to_have_text(KEPT)
    other.close()
    text_of(page, treatment).fill("i det andre vinduet")
    section(page, treatment).get_by_role("button", name="Save this part").click()
    expect(page.locator("#flashes")).to_contain_text("Saved")
    place = section(page, treatment)
    expect(text_of(page, treatment)).to_have_value("i vinduet som ble lukket")
    place.get_by_role("button", name="Compare and merge").click()
    expect(place.get_by_label("Text as it is stored")).to_have_value("i det andre vinduet")


def test_two_people_see_where_the_other_writes(writer, browser, site, treatment) -> None:
    other = new_visitor(browser, site, viewport={"width": 1280, "height": 900})
    prepare(other.page)
    other.arrive(ADMINISTRATOR)
    text_of(writer.page, treatment).press_sequentially("her")
    expect(line_of(writer.page, treatment)).to_have_text(KEPT)
    open_editor(other, treatment)
    expect(section(other.page, treatment).locator("[data-presence]")).to_contain_text("is writing here")
    expect(section(other.page, treatment, 1).locator("[data-presence]")).to_be_empty()
    assert faults_of(other.page) == []
    text_of(other.page, treatment, 2).press_sequentially("der")
    writer.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(section(writer.page, treatment, 2).locator("[data-presence]")).to_contain_text("is writing here")
    other.leave()


def test_two_people_merge_what_they_wrote_in_one_section(writer, browser, site, treatment) -> None:
    other = new_visitor(browser, site, viewport={"width": 390, "height": 844})
    prepare(other.page)
    other.arrive(ADMINISTRATOR)
    page = writer.page
    text_of(page, treatment).fill("Først.\n\nMidt.\n\nSist.")
    section(page, treatment).get_by_role("button", name="Save this part").click()
    expect(page.locator("#flashes")).to_contain_text("Saved")
    open_editor(other, treatment)
    text_of(other.page, treatment).fill("Først.\n\nDeres <b>midt</b>.\n\nSist.\n\nDeres tillegg.")
    section(other.page, treatment).get_by_role("button", name="Save this part").click()
    expect(other.page.locator("#flashes")).to_contain_text("Saved")
    text_of(page, treatment).fill("Min først.\n\nMin midt.\n\nSist.")
    section(page, treatment).get_by_role("button", name="Save this part").click()

    place = section(page, treatment)
    expect(place.get_by_label("Text, merged")).to_have_value(
        "Min først.\n\nDeres <b>midt</b>.\n\nMin midt.\n\nSist.\n\nDeres tillegg."
    )
    assert place.locator(".difference b").count() == 0
    assert faults_of(page) == []
    place.get_by_label("Only mine").check()
    place.get_by_role("button", name="Merge anew with my choices").click()
    merged = "Min først.\n\nMin midt.\n\nSist.\n\nDeres tillegg."
    expect(place.get_by_label("Text, merged")).to_have_value(merged)
    place.get_by_role("button", name="Save the merged text").click()
    expect(page.locator("#flashes")).to_contain_text("Saved")
    expect(text_of(page, treatment)).to_have_value(merged)
    other.leave()
