"""Linking an account with an identity at a provider, and taking the link away.

What a provider has vouched for is shown first, and linked when the user says so: otherwise who had led a browser into
somebody else's log-in at the provider could open the account from then on.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import Response

from app.identity.queries import get_user
from app.identity.service.identities import (
    accept_invitation_with_identity,
    link_identity,
    unlink_identity,
)
from app.identity.service.invitations import find_invitation
from app.identity.service.proving import require_password
from app.kernel.errors import NotFound, RuleBroken
from app.web.account.carrying import carried, carry, put_down
from app.web.account.forms import LinkForm, OfferForm
from app.web.account.invitations import over
from app.web.account.pages import account_page, logged_in
from app.web.shared.forms import Bound, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import message_of, reason_messages, refused
from app.web.shared.templating import page, redirect, templates_of
from app.web.shared.visit import PUBLIC, SIGNED_IN, CurrentVisit, Visit

if TYPE_CHECKING:  # what speaks with providers is loaded only when somebody wants to
    from app.identity.oidc.id_token import Subject

pages = Pages()
IDENTITY_OFFERED = "offer"  # a provider has vouched for somebody, and the user is asked
_OFFER = "identity offered"
_OFFER_SECONDS = 600


def ask_to_link(visit: Visit, provider: str, who: "Subject", *, user_id: str) -> Response:
    """On to the question whether this is the identity that shall open the caller's account."""
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        if str(visit.actor.user_id) != user_id:  # somebody else has logged in here meanwhile
            raise NotFound
    response = redirect(visit, "account:confirm_link", provider=provider)
    return _offering(visit, response, provider, who, user=user_id)


def ask_invited(visit: Visit, provider: str, who: "Subject", *, token: str) -> Response:
    """On to the question whether this is the identity that whoever was invited will log in with."""
    response = redirect(visit, "account:confirm_invitation", token=token, provider=provider)
    return _offering(visit, response, provider, who, token=token)


@pages.get("/account/identities/{provider}/confirm", name="account:confirm_link", access=SIGNED_IN)
def confirm_link(visit: CurrentVisit, provider: str) -> Response:
    offered = carried(visit, IDENTITY_OFFERED)
    if offered is None or not _is_for(offered, provider, user=str(visit.actor.user_id)):
        return redirect(visit, "account:show", anchor="identities")
    return _ask_to_link(visit, offered, filled(LinkForm))


@pages.get("/invite/{token}/{provider}/confirm", name="account:confirm_invitation", access=PUBLIC)
def confirm_invitation(visit: CurrentVisit, token: str, provider: str) -> Response:
    invited = find_invitation(visit.db, token)
    if invited is None:
        return over(visit)
    offered = carried(visit, IDENTITY_OFFERED)
    if offered is None or not _is_for(offered, provider, token=token):
        return redirect(visit, "account:invitation", token=token)
    addresses = templates_of(visit).addresses
    context = {
        "action": addresses("account:accept_with", token=token, provider=provider),
        "cancel": addresses("account:invitation", token=token),
        "user": invited.name,
        "asks_password": False,  # the link itself shows who it is
    }
    return _ask(visit, offered, filled(LinkForm), context)


@pages.post_unbound("/account/identities", name="account:link_identity", access=SIGNED_IN)
def link(visit: CurrentVisit, form: FormBody) -> Response:
    """Unbound: no transaction may wait while the password is verified. It is asked for, because what is linked opens the
    account long after an unwatched browser has been left."""
    bound = bind(LinkForm, form)
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        offered = (
            None if bound.errors else visit.keys.signed(_OFFER, bound.value.offer, seconds=_OFFER_SECONDS)
        )
        if offered is None or not _is_for(offered, offered["provider"], user=str(visit.actor.user_id)):
            return _account_with(visit, message_of(visit.language, "identity.offer_too_old", {}))
    try:
        require_password(visit.database, visit.actor, bound.value.password, address=visit.address)
    except RuleBroken as broken:
        with visit.unit_of_work(writes=False, access=SIGNED_IN):
            return _ask_to_link(visit, offered, refused(bound, broken), status=422)
    try:
        with visit.unit_of_work(writes=True, access=SIGNED_IN) as db:
            link_identity(db, visit.actor, **_identity(offered))
    except RuleBroken as broken:
        with visit.unit_of_work(writes=False, access=SIGNED_IN):
            return _account_with(visit, reason_messages(visit.language, broken.reasons)[0])
    response = redirect(visit, "account:show", flash="identity_linked", anchor="identities")
    put_down(visit, response, IDENTITY_OFFERED)
    return response


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
    if offered is None or not _is_for(offered, provider, token=token):
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
    response = logged_in(visit, session, "")
    put_down(visit, response, IDENTITY_OFFERED)
    return response


def _offering(visit: Visit, response: Response, provider: str, who: "Subject", **bound_to: str) -> Response:
    offer = {"provider": provider, "issuer": who.issuer, "subject": who.subject, "shown": who.shown}
    carry(visit, response, IDENTITY_OFFERED, **offer, **bound_to)
    return response


def _ask_to_link(
    visit: Visit, offered: dict[str, Any], bound: Bound[LinkForm], *, status: int = 200
) -> Response:
    addresses = templates_of(visit).addresses
    context = {
        "action": addresses("account:link_identity"),
        "cancel": addresses("account:show"),
        "user": visit.actor.name,
        "asks_password": get_user(visit.db, visit.actor, UUID(offered["user"])).has_password,
    }
    return _ask(visit, offered, bound, context, status=status)


def _ask(
    visit: Visit,
    offered: dict[str, Any],
    bound: Bound[LinkForm],
    context: dict[str, Any],
    *,
    status: int = 200,
) -> Response:
    # The form says what it is about: of two tabs the one that is sent counts, not the one that was opened last.
    shown = {
        "bound": bound,
        "provider": visit.providers.name(offered["provider"]),
        "shown": offered["shown"],
        "offer": visit.keys.sign(_OFFER, offered),
    }
    return page(visit, "account/confirm_identity.html", context | shown, status=status)


def _offered(visit: Visit, form: FormBody) -> dict[str, Any] | None:
    bound = bind(OfferForm, form)
    return None if bound.errors else visit.keys.signed(_OFFER, bound.value.offer, seconds=_OFFER_SECONDS)


def _is_for(offered: dict[str, Any], provider: str, **bound_to: str) -> bool:
    """Whether an offer is of this provider, and for this account or this invitation."""
    wanted = {"provider": provider, **bound_to}
    return all(offered.get(name) == value for name, value in wanted.items())


def _identity(offered: dict[str, Any]) -> dict[str, str]:
    return {name: offered[name] for name in ("provider", "issuer", "subject", "shown")}


def _account_with(visit: Visit, problem: str) -> Response:
    return account_page(visit, problem=problem, status=422)
