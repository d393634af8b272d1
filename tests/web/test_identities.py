"""Tying an account to an identity at a provider, and taking the tie away."""

import re
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from app.identity.models import Invitation, UserIdentity
from app.identity.service.invitations import invite
from tests.support.sign_on import (
    ORIGIN,
    PASSWORD,
    SYSTEM,
    actions,
    begin,
    come_back,
    count,
    link,
    make,
    offer_in,
    provider,
    server,
    signed_in,
    web,
)

__all__ = ["provider", "server", "web"]


def test_an_invitation_ties_account_and_identity_once_the_invited_says_so(web, provider):
    user = make(web)
    with web.database.writing() as db:
        token = invite(db, SYSTEM, user.id, hours=24)
    client = web.client()
    assert f'href="/invite/{token}/etat"' in client.get(f"/invite/{token}").text
    provider.claims = {"preferred_username": "kari@etat.no"}
    asked = come_back(client, provider, "s-1", f"/invite/{token}/etat")
    assert asked.status_code == 200
    assert "Etaten says that you are kari@etat.no." in asked.text
    assert count(web, UserIdentity) == 0  # not before it is confirmed
    answer = client.post(f"/invite/{token}/etat", data={"offer": offer_in(asked.text)})
    assert answer.headers["location"] == "/"
    assert signed_in(client)
    assert client.get(f"/invite/{token}").status_code == 410
    assert come_back(web.client(), provider, "s-1").status_code == 303
    assert "user.identity_linked" in actions(web)
    # Used up: the same words sent again, by whomever, tie nothing.
    assert client.post(f"/invite/{token}/etat", data={"offer": offer_in(asked.text)}).status_code == 410
    assert count(web, UserIdentity) == 1


def test_what_was_offered_for_one_invitation_is_no_use_for_another(web, provider):
    kari, ola = make(web), make(web, "Ola")
    with web.database.writing() as db:
        hers = invite(db, SYSTEM, kari.id, hours=24)
        his = invite(db, SYSTEM, ola.id, hours=24)
    client = web.client()
    offer = offer_in(come_back(client, provider, "s-1", f"/invite/{hers}/etat").text)
    for data in ({"offer": offer}, {"offer": offer + "x"}, {"offer": ""}, {}, {"offer": "x" * 9000}):
        assert client.post(f"/invite/{his}/etat", data=data).status_code == 410
    assert count(web, UserIdentity) == 0
    with web.database.reading() as db:
        assert db.scalars(select(Invitation.used_at)).all() == [None, None]


def test_an_identity_that_opens_an_account_is_not_tied_to_a_second(web, provider):
    link(web, make(web), "s-1", provider.issuer)
    ola = make(web, "Ola")
    with web.database.writing() as db:
        token = invite(db, SYSTEM, ola.id, hours=24)
    client = web.client()
    asked = come_back(client, provider, "s-1", f"/invite/{token}/etat")
    answer = client.post(f"/invite/{token}/etat", data={"offer": offer_in(asked.text)})
    assert answer.status_code == 422
    assert "This log-in opens another account" in answer.text
    assert client.get(f"/invite/{token}").status_code == 200
    assert not signed_in(client)


def test_an_old_invitation_leads_nowhere(web, provider):
    assert come_back(web.client(), provider, "s-1", "/invite/nothing/etat").status_code == 410


def test_a_user_links_and_unlinks(web, provider):
    user = make(web, password=PASSWORD)
    client = web.client(user)
    asked = come_back(client, provider, "s-1", "/account/identities/etat")
    assert "will open the account of Kari here" in asked.text
    data = {"offer": offer_in(asked.text), "password": PASSWORD}
    for wrong in ("", "et helt annet passord"):
        refused = client.post("/account/identities", data=data | {"password": wrong})
        assert refused.status_code == 422
        assert "This is not your password." in refused.text
    assert count(web, UserIdentity) == 0
    answer = client.post("/account/identities", data=data)
    assert answer.headers["location"] == "/account#identities"
    other = web.client()
    assert come_back(other, provider, "s-1").status_code == 303
    again = client.post("/account/identities", data=data)
    assert again.status_code == 422
    assert "opens an account already" in again.text
    (remove,) = re.findall(r'action="(/account/identities/[^"]+/remove)"', client.get("/account").text)
    assert client.post(remove).headers["location"] == "/account#identities"
    assert not signed_in(other)
    assert signed_in(client)
    assert come_back(web.client(), provider, "s-1").status_code == 403
    assert [each for each in actions(web) if each.startswith("user.identity")] == [
        "user.identity_linked",
        "user.identity_unlinked",
    ]


def test_who_sits_at_an_open_browser_cannot_guess_the_password(web, provider):
    client = web.client(make(web, password=PASSWORD))
    offer = offer_in(come_back(client, provider, "s-1", "/account/identities/etat").text)
    for _ in range(5):
        client.post("/account/identities", data={"offer": offer, "password": "et helt annet passord"})
    blocked = client.post("/account/identities", data={"offer": offer, "password": PASSWORD})
    assert "Wait 15 minutes" in blocked.text
    assert count(web, UserIdentity) == 0


def test_linking_is_for_who_began_it(web, provider):
    kari, ola = make(web, password=PASSWORD), make(web, "Ola", password=PASSWORD)
    client = web.client(kari)
    back = provider.allow(begin(client, "/account/identities/etat"), "s-1")
    offer = offer_in(client.get(client.get(back).headers["location"]).text)
    data = {"offer": offer, "password": PASSWORD}
    assert web.client(ola).post("/account/identities", data=data).status_code == 422
    stranger = web.client().get("/account/identities/etat")
    assert stranger.headers["location"].startswith("/login?next=")
    another = provider.allow(begin(client, "/account/identities/etat"), "s-2")
    his = web.client(ola)
    his.cookies.set("samstyr-sso", client.cookies["samstyr-sso"])
    assert his.get(another).status_code == 404
    assert count(web, UserIdentity) == 0


def test_the_last_way_in_is_kept(web, provider):
    user = make(web)
    link(web, user, "s-1", provider.issuer)
    client = web.client(user)
    (remove,) = re.findall(r'action="(/account/identities/[^"]+/remove)"', client.get("/account").text)
    answer = client.post(remove)
    assert answer.status_code == 422
    assert "You could not log in any more without it." in answer.text
    ola = web.client(make(web, "Ola", password=PASSWORD))
    assert ola.post(remove).status_code == 404
    assert count(web, UserIdentity) == 1


def test_an_administrator_takes_an_identity_away(web, provider):
    chief = web.client(make(web, "Astrid", is_administrator=True))
    user = make(web)
    link(web, user, "s-1", provider.issuer)
    hers = web.client()
    come_back(hers, provider, "s-1")
    shown = chief.get(f"/admin/users/{user.id}").text
    assert "kari@etat.no" in shown
    (remove,) = re.findall(r'action="(/admin/users/[^"]+/identities/[^"]+/remove)"', shown)
    assert web.client(user).post(remove).status_code == 404
    assert chief.post(remove).headers["location"] == f"/admin/users/{user.id}"
    assert not signed_in(hers)
    assert count(web, UserIdentity) == 0


def test_logging_out_offers_to_leave_the_provider_too(web, provider):
    link(web, make(web), "s-1", provider.issuer)
    client = web.client()
    come_back(client, provider, "s-1")
    left = client.post("/logout").headers["location"]
    assert left == "/login?left=etat"
    shown = client.get(left).text
    assert "Log out of Etaten too" in shown
    onward = client.get("/logout/etat").headers["location"]
    assert onward.startswith(f"{provider.issuer}/end?")
    assert parse_qs(urlsplit(onward).query)["post_logout_redirect_uri"] == [f"{ORIGIN}/login"]
    assert "too" not in web.client().get("/login?left=nobody").text


def test_a_provider_without_a_page_for_it_is_not_offered(web, provider):
    provider.metadata_more = {"end_session_endpoint": None}
    link(web, make(web), "s-1", provider.issuer)
    client = web.client()
    come_back(client, provider, "s-1")
    assert "Log out of" not in client.get(client.post("/logout").headers["location"]).text
    assert client.get("/logout/etat").headers["location"] == "/login"
