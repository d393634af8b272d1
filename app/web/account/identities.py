"""Linking an account with an identity at a provider, and taking the link away.

What a provider has vouched for is shown first, and linked when the user says so: otherwise who had led a browser into
somebody else's log-in at the provider could open the account from then on.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import Response

from app.identity.service.identities import (
    accept_invitation_with_identity,
    link_identity,
    unlink_identity,
)
from app.identity.service.invitations import find_invitation
from app.kernel.errors import NotFound, RuleBroken
from app.web.account.forms import OfferForm
from app.web.account.invitations import over
from app.web.account.pages import account_page, logged_in
from app.web.shared.forms import FormBody, bind
from app.web.shared.pages import Pages
from app.web.shared.reasons import message_of, reason_messages
from app.web.shared.templating import page, redirect, templates_of
from app.web.shared.visit import PUBLIC, SIGNED_IN, CurrentVisit, Visit

if TYPE_CHECKING:  # what speaks with providers is loaded only when somebody wants to
    from app.identity.oidc.id_token import Subject

pages = Pages()
_OFFER = "identity offered"
_OFFER_SECONDS = 600


def confirm_link(visit: Visit, provider: str, who: "Subject", *, user_id: str) -> Response:
    """Ask whether this is the identity that shall open the caller's account."""
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        if str(visit.actor.user_id) != user_id:  # somebody else has logged in here meanwhile
            raise NotFound
        addresses = templates_of(visit).addresses
        context = {
            "action": addresses("account:link_identity"),
            "cancel": addresses("account:show"),
            "user": visit.actor.name,
        }
        return _ask(visit, provider, who, context, user=user_id)


def confirm_invitation(visit: Visit, provider: str, who: "Subject", *, token: str) -> Response:
    """Ask whether this is the identity that whoever was invited will log in with."""
    with visit.database.reading() as db:
        invited = find_invitation(db, token)
    if invited is None:
        return over(visit)
    addresses = templates_of(visit).addresses
    context = {
        "action": addresses("account:accept_with", token=token, provider=provider),
        "cancel": addresses("account:invitation", token=token),
        "user": invited.name,
    }
    return _ask(visit, provider, who, context, token=token)


@pages.post("/account/identities", name="account:link_identity", access=SIGNED_IN)
def link(visit: CurrentVisit, form: FormBody) -> Response:
    offered = _offered(visit, form)
    if offered is None or offered.get("user") != str(visit.actor.user_id):
        return _account_with(visit, message_of(visit.language, "identity.offer_too_old", {}))
    try:
        link_identity(visit.db, visit.actor, **_identity(offered))
    except RuleBroken as broken:
        return _account_with(visit, reason_messages(visit.language, broken.reasons)[0])
    return redirect(visit, "account:show", flash="identity_linked", anchor="identities")


@pages.post("/account/identities/{identity_id}/remove", name="account:unlink_identity", access=SIGNED_IN)
def unlink(visit: CurrentVisit, identity_id: UUID) -> Response:
    signed_in = visit.signed_in
    try:
        unlink_identity(
            visit.db,
            visit.actor,
            visit.actor.user_id or identity_id,
            identity_id,
            keep_session_id=signed_in.session_id if signed_in else None,
        )
    except RuleBroken as broken:
        return _account_with(visit, reason_messages(visit.language, broken.reasons)[0])
    return redirect(visit, "account:show", flash="identity_unlinked", anchor="identities")


@pages.post_unbound("/invite/{token}/{provider}", name="account:accept_with", access=PUBLIC)
def accept(visit: CurrentVisit, token: str, provider: str, form: FormBody) -> Response:
    """Unbound: the session that the browser had before is ended in a transaction of its own."""
    offered = _offered(visit, form)
    if offered is None or offered.get("token") != token or offered["provider"] != provider:
        return over(visit)
    try:
        with visit.database.writing() as db:
            session = accept_invitation_with_identity(
                db,
                token,
                **_identity(offered),
                address=visit.address,
                user_agent=visit.request.headers.get("user-agent", ""),
                hours=visit.settings.session_hours,
            )
    except RuleBroken as broken:
        if broken.reasons[0].code == "invitation.not_valid":
            return over(visit)
        context = {"provider": visit.providers.name(provider), "key": provider, "problem": "taken"}
        return page(visit, "account/single_sign_on_failed.html", context, status=422)
    return logged_in(visit, session, "")


def _ask(visit: Visit, provider: str, who: "Subject", context: dict[str, Any], **bound_to: str) -> Response:
    offer = {"provider": provider, "issuer": who.issuer, "subject": who.subject, "shown": who.shown}
    context |= {
        "provider": visit.providers.name(provider),
        "shown": who.shown,
        "offer": visit.keys.sign(_OFFER, {**offer, **bound_to}),
    }
    return page(visit, "account/confirm_identity.html", context)


def _offered(visit: Visit, form: FormBody) -> dict[str, Any] | None:
    bound = bind(OfferForm, form)
    return None if bound.errors else visit.keys.signed(_OFFER, bound.value.offer, seconds=_OFFER_SECONDS)


def _identity(offered: dict[str, Any]) -> dict[str, str]:
    return {name: offered[name] for name in ("provider", "issuer", "subject", "shown")}


def _account_with(visit: Visit, problem: str) -> Response:
    return account_page(visit, problem=problem, status=422)
