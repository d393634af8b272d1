"""``/login``, ``/logout`` and ``/account``."""

from uuid import UUID

from fastapi import Response

from app.identity.service import sessions, users
from app.kernel.errors import RuleBroken
from app.web.account.carrying import PASSWORD_SHOWN, carry
from app.web.account.forms import ChangePasswordForm, GiveCodeForm, PreferencesForm, SignInForm
from app.web.account.pages import account_page, code_page, go_on, hand_over, kept_of, logged_in, login_page
from app.web.shared.forms import FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import redirect
from app.web.shared.visit import PUBLIC, SIGNED_IN, CurrentVisit, cookie_name

pages = Pages()


@pages.get("/login", name="account:login", access=PUBLIC)
def login(visit: CurrentVisit) -> Response:
    """Where strangers are sent. Who is signed in already goes on at once."""
    wanted = visit.request.query_params.get("next", "")
    if visit.actor_if_any is not None:
        return go_on(visit, wanted)
    return login_page(visit, filled(SignInForm, next=wanted))


@pages.post_unbound("/login", name="account:sign_in", access=PUBLIC)
def sign_in(visit: CurrentVisit, form: FormBody) -> Response:
    """Unbound: no transaction may wait while a password is verified."""
    bound = bind(SignInForm, form)
    if bound.errors:
        return login_page(visit, bound, status=422)
    answer = sessions.sign_in(
        visit.database,
        email=bound.value.email,
        password=bound.value.password,
        address=visit.address,
        user_agent=visit.request.headers.get("user-agent", ""),
        hours=visit.settings.session_hours,
    )
    if isinstance(answer, sessions.SignInRefused):
        reason = answer.reason
        bound = bound.with_errors(FieldError(reason.field, reason.code, reason.values))
        return login_page(visit, bound, status=422)
    kept = kept_of(visit, bound)
    if isinstance(answer, sessions.CodeNeeded):
        # A redirect would lose what the log-in form carries; so the page for the code is the answer then.
        response = code_page(visit, filled(GiveCodeForm), kept) if kept else redirect(visit, "account:code")
        mark = {"user": str(answer.user_id), "mark": answer.password_mark, "next": bound.value.next}
        carry(visit, response, PASSWORD_SHOWN, **mark)
        return response
    return logged_in(visit, answer, bound.value.next, kept)


@pages.post("/logout", name="account:logout", access=PUBLIC)
def logout(visit: CurrentVisit) -> Response:
    """Open to all: a session that is over already can be left too."""
    left = visit.signed_in.provider if visit.signed_in else ""
    sessions.end_session(visit.db, visit.session_token)
    response = redirect(visit, "account:login", flash="signed_out", left=left or None)
    response.delete_cookie(
        cookie_name(visit.settings),
        path="/",
        secure=visit.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@pages.get("/account", name="account:show", access=SIGNED_IN)
def show(visit: CurrentVisit) -> Response:
    return account_page(visit)


@pages.post("/account/preferences", name="account:set_preferences", access=SIGNED_IN)
def set_preferences(visit: CurrentVisit, form: FormBody) -> Response:
    bound = bind(PreferencesForm, form)
    if bound.errors:
        return account_page(visit, settings=bound, status=422)
    chosen = bound.value
    users.set_preferences(visit.db, visit.actor, language=chosen.language, color_scheme=chosen.color_scheme)
    return redirect(visit, "account:show", flash="saved")


@pages.post_unbound("/account/password", name="account:change_password", access=SIGNED_IN)
def change_password(visit: CurrentVisit, form: FormBody) -> Response:
    """Unbound: no transaction may wait while passwords are hashed."""
    bound = bind(ChangePasswordForm, form)
    with visit.unit_of_work(writes=False, access=SIGNED_IN):
        if bound.errors:
            return account_page(visit, password=bound, status=422)
    try:
        token = users.change_password(
            visit.database,
            visit.actor,
            current=bound.value.current,
            new=bound.value.password,
            address=visit.address,
            keep_session_id=visit.signed_in.session_id if visit.signed_in else None,
        )
    except RuleBroken as broken:
        with visit.unit_of_work(writes=False, access=SIGNED_IN):
            return account_page(visit, password=refused(bound, broken), status=422)
    response = redirect(visit, "account:show", flash="password_changed")
    if token:
        hand_over(visit, response, token)
    return response


@pages.post("/account/sessions/{session_id}/end", name="account:end_session", access=SIGNED_IN)
def end_session(visit: CurrentVisit, session_id: UUID) -> Response:
    sessions.revoke_session(visit.db, visit.actor, session_id)
    return redirect(visit, "account:show", flash="session_ended", anchor="devices")
