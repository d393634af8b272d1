"""``/login``, ``/logout`` and ``/account``."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.identity.service import sessions, users
from app.kernel.errors import RuleBroken
from app.web.account.forms import ChangePasswordForm, PreferencesForm, SignInForm
from app.web.account.pages import account_page, own_path
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.kept import KeptForm, unpacked
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import PUBLIC, SIGNED_IN, CurrentVisit, cookie_name

pages = Pages()


@pages.get("/login", name="account:login", access=PUBLIC)
def login(visit: CurrentVisit) -> Response:
    """Where strangers are sent. Who is signed in already goes on at once."""
    wanted = visit.request.query_params.get("next", "")
    if visit.actor_if_any is not None:
        return _go_on(visit, wanted)
    return _login(visit, filled(SignInForm, next=wanted))


@pages.post_unbound("/login", name="account:sign_in", access=PUBLIC)
def sign_in(visit: CurrentVisit, form: FormBody) -> Response:
    """Unbound: no transaction may wait while a password is verified."""
    bound = bind(SignInForm, form)
    if bound.errors:
        return _login(visit, bound, status=422)
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
        return _login(visit, bound, status=422)
    if visit.session_token:
        with visit.database.writing() as db:
            sessions.end_session(db, visit.session_token)
    kept = _kept(visit, bound)
    response = _written(visit, answer, kept) if kept else _go_on(visit, bound.value.next)
    response.set_cookie(
        cookie_name(visit.settings),
        answer,
        max_age=visit.settings.session_hours * 3600,
        path="/",
        secure=visit.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@pages.post("/logout", name="account:logout", access=PUBLIC)
def logout(visit: CurrentVisit) -> Response:
    """Open to all: a session that is over already can be left too."""
    sessions.end_session(visit.db, visit.session_token)
    response = redirect(visit, "account:login", flash="signed_out")
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
        users.change_password(
            visit.database,
            visit.actor,
            current=bound.value.current,
            new=bound.value.password,
            keep_session_id=visit.signed_in.session_id if visit.signed_in else None,
        )
    except RuleBroken as broken:
        with visit.unit_of_work(writes=False, access=SIGNED_IN):
            return account_page(visit, password=refused(bound, broken), status=422)
    return redirect(visit, "account:show", flash="password_changed")


@pages.post("/account/sessions/{session_id}/end", name="account:end_session", access=SIGNED_IN)
def end_session(visit: CurrentVisit, session_id: UUID) -> Response:
    sessions.revoke_session(visit.db, visit.actor, session_id)
    return redirect(visit, "account:show", flash="session_ended", anchor="devices")


def _login(visit: CurrentVisit, bound: Bound[SignInForm], *, status: int = 200) -> Response:
    return page(visit, "account/login.html", {"bound": bound, "kept": _kept(visit, bound)}, status=status)


def _kept(visit: CurrentVisit, bound: Bound[SignInForm]) -> KeptForm | None:
    """The form that was sent after a session was over, and that the log-in page carries."""
    register = visit.request.app.state.register
    return unpacked(bound.raw("kept_action"), bound.raw("kept_fields"), register)


def _written(visit: CurrentVisit, token: str, kept: KeptForm) -> Response:
    """What the person wrote before they had to log in. It goes on only when they say so."""
    with visit.database.reading() as db:
        found = sessions.find_session(db, token, idle_minutes=visit.settings.session_idle_minutes)
    return page(visit, "account/written.html", {"kept": kept, "name": found.name if found else ""})


def _go_on(visit: CurrentVisit, wanted: str) -> Response:
    path = own_path(wanted)
    return RedirectResponse(path, status_code=303) if path else redirect(visit, "home")
