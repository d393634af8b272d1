"""``/login/{provider}``: to a provider and back. No transaction is open while we ask it."""

from hmac import compare_digest
from secrets import token_urlsafe

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.identity.oidc.problems import AnswerRefused, ProviderUnreachable
from app.identity.service.identities import sign_in_with_identity, spend_state
from app.identity.service.sessions import SignInRefused
from app.platform.logs import log
from app.web.account.carrying import SINGLE_SIGN_ON, carried, carry, put_down
from app.web.account.identities import ask_invited, ask_to_link
from app.web.account.pages import logged_in
from app.web.shared.pages import Pages
from app.web.shared.templating import page, redirect, templates_of
from app.web.shared.visit import PUBLIC, SIGNED_IN, CurrentVisit, Visit

pages = Pages()
_LONGEST_CODE = 8000  # characters; Entra's are about a thousand


@pages.get_unbound("/login/{provider}", name="account:start_single_sign_on", access=PUBLIC)
def start(visit: CurrentVisit, provider: str) -> Response:
    """Send the browser to the provider, with proof that it was this one."""
    return _begin(visit, provider, purpose="login", next=visit.request.query_params.get("next", ""))


@pages.get_unbound("/invite/{token}/{provider}", name="account:invitation_with", access=PUBLIC)
def start_with_invitation(visit: CurrentVisit, token: str, provider: str) -> Response:
    return _begin(visit, provider, purpose="invite", token=token)


@pages.get_unbound("/account/identities/{provider}", name="account:start_link", access=SIGNED_IN)
def start_link(visit: CurrentVisit, provider: str) -> Response:
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        user_id = str(visit.actor.user_id)
    return _begin(visit, provider, purpose="link", user=user_id)


@pages.get_unbound("/login/{provider}/callback", name="account:finish_single_sign_on", access=PUBLIC)
def finish(visit: CurrentVisit, provider: str) -> Response:
    """A GET that changes something, by the protocol: a state from our own cookie, good once, stands in for the origin."""
    visit.providers.get(provider)
    begun = carried(visit, SINGLE_SIGN_ON)
    response = _answered(visit, provider, begun or {})
    if begun is not None and begun.get("state") == visit.request.query_params.get("state"):
        put_down(visit, response, SINGLE_SIGN_ON)
    return response


@pages.get_unbound("/logout/{provider}", name="account:leave_provider", access=PUBLIC)
def leave_provider(visit: CurrentVisit, provider: str) -> Response:
    """On to the provider's own page for logging out. It changes nothing here."""
    addresses = templates_of(visit).addresses
    try:
        address = visit.providers.get(provider).address_to_end(
            back_to=f"{visit.settings.origin}{addresses('account:login')}"
        )
    except ProviderUnreachable:
        return _failed(visit, provider, "unreachable", status=503)
    return RedirectResponse(address, status_code=303) if address else redirect(visit, "account:login")


def _begin(visit: Visit, provider: str, **values: str) -> Response:
    from app.identity.oidc.provider import Begun

    begun = Begun(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))
    try:
        address = visit.providers.get(provider).address_to_begin(
            begun, redirect_uri=_way_back(visit, provider), language=visit.language.value
        )
    except ProviderUnreachable:
        log.warning("provider_unreachable", provider=provider, exc_info=True)
        return _failed(visit, provider, "unreachable", status=503)
    response = RedirectResponse(address, status_code=303)
    proof = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    carry(visit, response, SINGLE_SIGN_ON, provider=provider, **proof, **values)
    return response


def _answered(visit: Visit, provider: str, carried_values: dict[str, str]) -> Response:
    from app.identity.oidc.provider import Begun

    query = visit.request.query_params
    state = query.get("state", "")
    is_ours = carried_values.get("provider") == provider and compare_digest(
        carried_values.get("state", "").encode(), state.encode("utf-8", "replace")
    )
    if not is_ours or not spend_state(visit.database, state):
        return _failed(visit, provider, "not_begun_here", status=400)
    code = query.get("code", "")
    if "error" in query or not 0 < len(code) <= _LONGEST_CODE:
        cancelled = query.get("error") in {"access_denied", "login_required", "interaction_required"}
        return _failed(visit, provider, "cancelled" if cancelled else "refused_there", status=400)
    begun = Begun(state, carried_values["nonce"], carried_values["verifier"])
    try:
        who = visit.providers.get(provider).who(code, begun, redirect_uri=_way_back(visit, provider))
    except ProviderUnreachable:
        log.warning("provider_unreachable", provider=provider, exc_info=True)
        return _failed(visit, provider, "unreachable", status=503)
    except AnswerRefused as refused:
        log.warning("single_sign_on_refused", provider=provider, reason=refused.reason)
        problem = "too_low" if refused.reason.startswith("acr_") else "not_believed"
        return _failed(visit, provider, problem, status=403)
    if carried_values["purpose"] == "link":
        return ask_to_link(visit, provider, who, user_id=carried_values["user"])
    if carried_values["purpose"] == "invite":
        return ask_invited(visit, provider, who, token=carried_values["token"])
    answer = sign_in_with_identity(
        visit.database,
        provider=provider,
        issuer=who.issuer,
        subject=who.subject,
        address=visit.address,
        user_agent=visit.request.headers.get("user-agent", ""),
        hours=visit.settings.session_hours,
    )
    if isinstance(answer, SignInRefused):
        return _failed(visit, provider, "unknown", status=403)
    return logged_in(visit, answer, carried_values.get("next", ""))


def _way_back(visit: Visit, provider: str) -> str:
    path = templates_of(visit).addresses("account:finish_single_sign_on", provider=provider)
    return f"{visit.settings.origin}{path}"


def _failed(visit: Visit, provider: str, problem: str, *, status: int) -> Response:
    context = {"provider": visit.providers.name(provider), "key": provider, "problem": problem}
    return page(visit, "account/single_sign_on_failed.html", context, status=status)
