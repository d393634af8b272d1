"""Logging in by code and by single sign-on in a real browser: accessible, and whole on a phone."""

import re

import pyotp
import pytest

from app.access.actor import Actor
from app.identity.service.invitations import invite
from app.identity.service.users import create_user
from app.kernel.language import Language
from tests.browser.conftest import new_visitor
from tests.browser.looking import faults_of, prepare

PASSWORD = "riktig hest batteri stift"


class Walk:
    """A new user in a window, and what axe says of the pages on the way."""

    def __init__(self, browser, site, width: int, scripts: bool) -> None:
        self.email = f"kode-{width}-{scripts}@skate.example".lower()
        with site.database.writing() as db:
            create_user(
                db,
                Actor.system(),
                email=self.email,
                name="Kode Person",
                language=Language.EN,
                password=PASSWORD,
            )
        look = {"viewport": {"width": width, "height": 900}, "java_script_enabled": scripts}
        self.visitor = new_visitor(browser, site, **look)
        self.page = self.visitor.page
        self.scripts = scripts
        self.faults: list[str] = []
        prepare(self.page)

    def look(self, where: str) -> None:
        if self.scripts:
            self.faults.extend(f"{where}: {fault}" for fault in faults_of(self.page))

    def log_in(self) -> None:
        self.page.context.clear_cookies()
        self.visitor.go("/login")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()

    def set_up(self) -> list[str]:
        page = self.page
        self.visitor.go("/account/second-factor")
        picture = page.get_by_role("img", name="QR code for the app")
        assert picture.bounding_box()["width"] > 150
        if self.scripts:  # the security policy lets it be drawn
            assert picture.evaluate("each => each.naturalWidth") > 50
        self.look("set up")
        app = pyotp.TOTP(page.locator(".set-up-key").inner_text().replace(" ", ""))
        for code, where in (("000000", "a wrong code"), (app.now(), "recovery codes")):
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_label("Code").fill(code)
            page.get_by_role("button", name="Set up codes").click()
            self.look(where)
        return page.locator(".recovery-codes code").all_text_contents()


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (390, False)])
def test_codes_are_set_up_given_and_taken_away(browser, site, width, scripts) -> None:
    walk = Walk(browser, site, width, scripts)
    page = walk.page
    walk.log_in()
    codes = walk.set_up()
    assert len(codes) == 10
    assert all(re.fullmatch(r"([a-z0-9]{4}-){3}[a-z0-9]{4}", code) for code in codes)
    page.get_by_role("link", name="I have kept them").click()
    walk.look("account")

    walk.log_in()
    assert page.url.endswith("/login/code")
    walk.look("code")
    page.get_by_label("Code").fill("not a code")
    page.keyboard.press("Enter")
    page.get_by_text("The code is wrong or has been used.").first.wait_for()
    walk.look("a wrong code")
    page.get_by_label("Code").fill(codes[0].upper().replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)

    walk.visitor.go("/account")
    assert page.get_by_text("You have 9 recovery codes left.").count() == 1
    page.get_by_role("link", name="New phone, or no codes any more").click()
    walk.look("remove")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(codes[1])
    page.get_by_role("button", name="Stop asking for codes").click()
    page.get_by_role("link", name="Set up codes").wait_for()
    walk.visitor.leave()
    assert walk.faults == []
    assert walk.visitor.complaints == []


def test_an_invitation_is_taken_up_with_single_sign_on(browser, site) -> None:
    """Under the security policy as it stands: no form may lead to the provider, and none does."""
    site.provider.subject = "invited"
    site.provider.claims = {"preferred_username": "ny@etat.no"}
    with site.database.writing() as db:
        user = create_user(
            db, Actor.system(), email="ny@skate.example", name="Ny Bruker", language=Language.EN
        )
        token = invite(db, Actor.system(), user.id, hours=1)
    visitor = new_visitor(browser, site, viewport={"width": 390, "height": 844})
    page = visitor.page
    prepare(page)
    try:
        visitor.go(f"/invite/{token}")
        page.get_by_role("link", name="Log in with Etaten").click()
        assert page.get_by_text("Etaten says that you are ny@etat.no.").count() == 1
        faults = faults_of(page)
        page.get_by_role("button", name="Use Etaten").click()
        page.get_by_text("Ny Bruker").first.click()
        page.get_by_role("button", name="Log out").click()
        faults += faults_of(page)
        page.get_by_role("link", name="Log out of Etaten too").click()
        page.get_by_role("link", name="Log in with Etaten").click()
        visitor.go("/account")
        assert page.get_by_role("cell", name="Etaten").count() >= 1
        faults += faults_of(page)
    finally:
        site.provider.subject, site.provider.claims = "somebody", {}
    visitor.leave()
    assert faults == []
    assert visitor.complaints == []
