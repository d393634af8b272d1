"""Forms that a browser sends twice: by a double click, by going back, by a copy of the page."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from app.cases.models import Treatment
from tests.browser.conftest import SECRETARIAT, new_visitor
from tests.browser.looking import faults_of, prepare


def made(site, title: str) -> int:
    with site.database.reading() as db:
        return db.scalar(select(func.count()).select_from(Treatment).where(Treatment.title == title))


def test_a_double_click_makes_one_case(visitor, site) -> None:
    visitor.arrive(SECRETARIAT)
    visitor.go("/cases/new?forum=skate")
    visitor.page.get_by_label("Title").first.fill("Sendt med dobbeltklikk")
    visitor.page.get_by_role("button", name="Make the case").dblclick()
    visitor.page.wait_for_url("**/edit?**")
    assert made(site, "Sendt med dobbeltklikk") == 1


def test_a_copy_of_the_page_sends_the_same_again_and_other_content_only_when_asked(visitor, site) -> None:
    """As when a browser restores its tabs. Without scripts, so that nothing but the server decides."""
    visitor.arrive(SECRETARIAT)
    visitor.go("/cases/new?forum=skate")
    page = visitor.page
    page.get_by_label("Title").first.fill("Sendt to ganger")
    fields = page.evaluate(
        "() => [...new FormData([...document.forms].find((form) => form.action.endsWith('/cases/new')))]"
    )
    page.get_by_role("button", name="Make the case").click()
    page.wait_for_url("**/edit?**")
    first = page.url
    send = """(fields) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/cases/new" });
      for (const [name, value] of fields) form.append(Object.assign(document.createElement("textarea"), { name, value }));
      document.body.append(form);
      form.submit();
    }"""
    visitor.go("/cases/new?forum=skate")
    page.evaluate(send, fields)
    page.wait_for_url("**/edit?**")
    assert page.url == first
    visitor.go("/cases/new?forum=skate")
    page.evaluate(
        send, [[name, "Sendt med noe annet" if name == "title" else value] for name, value in fields]
    )
    expect(page.get_by_role("heading", name="sent before, with other content")).to_be_visible()
    expect(page.get_by_label("Text 1")).to_have_value("Sendt med noe annet")
    assert (made(site, "Sendt to ganger"), made(site, "Sendt med noe annet")) == (1, 0)
    page.get_by_role("button", name="Send it as a new form").click()
    page.wait_for_url("**/edit?**")
    assert made(site, "Sendt med noe annet") == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_that_says_so_is_for_everybody(browser, site, width: int) -> None:
    one = new_visitor(browser, site, viewport={"width": width, "height": 900})
    prepare(one.page)
    one.arrive(SECRETARIAT)
    one.go("/cases/new?forum=skate")
    key = one.page.locator("form[action='/cases/new'] input[name=idempotency_key]").input_value()
    send = """(key) => {
      const form = [...document.forms].find((form) => form.action.endsWith("/cases/new"));
      form.elements.idempotency_key.value = key;
      form.submit();
    }"""
    for title in (f"Vist på {width} punkter", f"En annen tittel på {width} punkter"):
        one.go("/cases/new?forum=skate")
        one.page.get_by_label("Title").first.fill(title)
        with one.page.expect_navigation():
            one.page.evaluate(send, key)
    expect(one.page.get_by_role("heading", name="sent before, with other content")).to_be_visible()
    faults = faults_of(one.page, with_colours=True)
    one.leave()
    assert faults == []
