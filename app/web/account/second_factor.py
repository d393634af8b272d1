"""Codes from an app: giving one when logging in, setting them up, and doing without them again."""

from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import Response

from app.identity.codes import address_for_apps, picture_of
from app.identity.queries import get_user
from app.identity.service import second_factor, setting_up_codes
from app.identity.service.sessions import SignInRefused, find_session
from app.kernel.errors import NotFound, RuleBroken
from app.web.account.carrying import PASSWORD_SHOWN, carried, put_down
from app.web.account.forms import GiveCodeForm, RemoveCodesForm, SetUpCodesForm
from app.web.account.pages import code_page, go_on, hand_over, kept_of, logged_in
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import PUBLIC, SIGNED_IN, CurrentVisit, SignInNeeded, Visit

if TYPE_CHECKING:
    from app.identity.service.setting_up_codes import OfferedSecret

pages = Pages()
INSTALLATION = "Samstyr"  # what the app shows above the code


@pages.get("/login/code", name="account:code", access=PUBLIC)
def ask_code(visit: CurrentVisit) -> Response:
    """After the right password. Who has not shown one is sent to do so."""
    if visit.actor_if_any is not None:
        return go_on(visit, "")
    if carried(visit, PASSWORD_SHOWN) is None:
        return redirect(visit, "account:login")
    return code_page(visit, filled(GiveCodeForm), None)


@pages.post_unbound("/login/code", name="account:give_code", access=PUBLIC)
def give_code(visit: CurrentVisit, form: FormBody) -> Response:
    """Unbound: a wrong try must stay written down although the answer is a refusal."""
    shown = carried(visit, PASSWORD_SHOWN)
    if shown is None:
        return redirect(visit, "account:login")
    bound = bind(GiveCodeForm, form)
    kept = kept_of(visit, bound)
    if bound.errors:
        return code_page(visit, bound, kept, status=422)
    answer = second_factor.give_code(
        visit.database,
        visit.keys,
        user_id=UUID(shown["user"]),
        mark=shown["mark"],
        code=bound.value.code,
        address=visit.address,
        user_agent=visit.request.headers.get("user-agent", ""),
        hours=visit.settings.session_hours,
    )
    if isinstance(answer, SignInRefused):
        return code_page(visit, refused(bound, RuleBroken(answer.reason)), kept, status=422)
    response = logged_in(visit, answer, shown.get("next", ""), kept)
    put_down(visit, response, PASSWORD_SHOWN)
    return response


@pages.get("/account/second-factor", name="account:second_factor", access=SIGNED_IN)
def show(visit: CurrentVisit) -> Response:
    """The page to set codes up; for who has them, the page to do without."""
    signed_in = _signed_in(visit)
    user = get_user(visit.db, visit.actor, signed_in)
    if not user.has_password:
        raise NotFound
    if user.has_code:
        return _remove_page(visit, filled(RemoveCodesForm))
    return _set_up_page(visit, setting_up_codes.offer_secret(visit.keys, signed_in), user.email)


@pages.post_unbound("/account/second-factor", name="account:set_up_second_factor", access=SIGNED_IN)
def set_up(visit: CurrentVisit, form: FormBody) -> Response:
    """Answers with the recovery codes themselves: they are nowhere else to be found afterwards.

    Unbound, as the password is verified. A form that was sent twice is answered twice alike.
    """
    bound = bind(SetUpCodesForm, form)
    token = _renewed_token(visit, bound.raw("offered"))
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        user_id = _signed_in(visit)
        email = get_user(visit.db, visit.actor, user_id).email
        offered = setting_up_codes.offered_again(visit.keys, user_id, bound.raw("offered"))
        if offered is None:
            bound = bound.with_errors(FieldError("code", "code.offer_too_old"))
            return _set_up_page(
                visit, setting_up_codes.offer_secret(visit.keys, user_id), email, bound, status=422
            )
        if bound.errors:
            return _set_up_page(visit, offered, email, bound, status=422)
    try:
        codes = setting_up_codes.set_up(
            visit.database,
            visit.keys,
            visit.actor,
            offered,
            password=bound.value.password,
            code=bound.value.code,
            address=visit.address,
            session_id=_session_id(visit),
            token=token,
        )
    except RuleBroken as broken:
        return _set_up_page(visit, offered, email, refused(bound, broken), status=422)
    response = page(visit, "account/recovery_codes.html", {"codes": codes})
    if _opens_a_session(visit, token):  # not when the page with the codes is only loaded again
        hand_over(visit, response, token)
    return response


@pages.post_unbound("/account/second-factor/remove", name="account:remove_second_factor", access=SIGNED_IN)
def remove(visit: CurrentVisit, form: FormBody) -> Response:
    """Unbound: no transaction may wait while a password is verified, and wrong tries stay written down."""
    bound = bind(RemoveCodesForm, form)
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        if bound.errors:
            return _remove_page(visit, bound, status=422)
    try:
        second_factor.remove_own(
            visit.database,
            visit.keys,
            visit.actor,
            password=bound.value.password,
            code=bound.value.code,
            address=visit.address,
            session_id=_session_id(visit),
        )
    except RuleBroken as broken:
        return _remove_page(visit, refused(bound, broken), status=422)
    return redirect(visit, "account:show", flash="codes_removed", anchor="codes")


def _renewed_token(visit: Visit, sealed: str) -> str:
    """The secret that the session gets by this form, or has got by it already: then the visit goes on with that one."""
    token = setting_up_codes.token_afterwards(visit.keys, visit.session_token, sealed)
    if _opens_a_session(visit, token):
        visit.go_on_with(token)
    return token


def _opens_a_session(visit: Visit, token: str) -> bool:
    with visit.database.reading() as db:
        return find_session(db, token, idle_minutes=visit.settings.session_idle_minutes) is not None


def _signed_in(visit: Visit) -> UUID:
    if visit.signed_in is None:
        raise SignInNeeded
    return visit.signed_in.user_id


def _session_id(visit: Visit) -> UUID:
    if visit.signed_in is None:
        raise SignInNeeded
    return visit.signed_in.session_id


def _set_up_page(
    visit: Visit,
    offered: "OfferedSecret",
    email: str,
    bound: Bound[SetUpCodesForm] | None = None,
    *,
    status: int = 200,
) -> Response:
    address = address_for_apps(offered.secret, email=email, installation=INSTALLATION)
    context = {
        "bound": bound or filled(SetUpCodesForm),
        "offered": offered.sealed,
        "secret": " ".join(offered.secret[at : at + 4] for at in range(0, len(offered.secret), 4)),
        "picture": picture_of(address),
        "address": address,
        "required": visit.must_set_up_codes,
    }
    return page(visit, "account/second_factor.html", context, status=status)


def _remove_page(visit: Visit, bound: Bound[RemoveCodesForm], *, status: int = 200) -> Response:
    return page(visit, "account/second_factor_remove.html", {"bound": bound}, status=status)
