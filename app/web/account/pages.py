"""What the pages of an account are given, and the answer that logs somebody in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from app.identity.queries import (
    SessionLine,
    get_user,
    list_sessions,
    own_identities,
    recovery_codes_left,
)
from app.identity.rules import SHORTEST_PASSWORD
from app.identity.service import sessions
from app.web.account.forms import ChangePasswordForm, GiveCodeForm, PreferencesForm, SignInForm
from app.web.shared.addresses import own_path
from app.web.shared.forms import Bound, filled
from app.web.shared.kept import KeptForm, unpacked
from app.web.shared.templating import page, redirect
from app.web.shared.visit import SignInNeeded, Visit, cookie_name
from app.web.shared.words import LANGUAGES, SIGN_IN_METHODS, choices, word

# The first that matches: Edge says that it is Chrome, Chrome says that it is Safari, Android says that it is Linux.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser. ``name`` is empty when the browser says nothing that we know."""

    id: UUID
    name: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool
    method: str


def device_name(user_agent: str) -> str:
    """What a browser says of itself, in two words."""
    known = (_BROWSERS, _SYSTEMS)
    found = [next((word for mark, word in words.items() if mark in user_agent), "") for words in known]
    return ", ".join(word for word in found if word)


def login_page(visit: Visit, bound: Bound[SignInForm], *, status: int = 200) -> Response:
    """The page to log in on. Who has just left a session that a provider opened may leave the provider as well."""
    left = visit.request.query_params.get("left", "")
    offered = dict(visit.providers.offered)
    context = {
        "bound": bound,
        "kept": kept_of(visit, bound),
        "providers": visit.providers.offered,
        "left": left if left in offered and visit.providers.get(left).may_end else "",
        "left_name": offered.get(left, ""),
    }
    return page(visit, "account/login.html", context, status=status)


def kept_of(visit: Visit, bound: Bound[Any]) -> KeptForm | None:
    """The form that was sent after a session was over, and that the log-in page carries."""
    register = visit.request.app.state.register
    return unpacked(bound.raw("kept_action"), bound.raw("kept_fields"), register)


def code_page(
    visit: Visit, bound: Bound[GiveCodeForm], kept: KeptForm | None, *, status: int = 200
) -> Response:
    """The page that asks for a code after the password."""
    return page(visit, "account/code.html", {"bound": bound, "kept": kept}, status=status)


def logged_in(visit: Visit, token: str, wanted: str, kept: KeptForm | None = None) -> Response:
    """Go on with a new session. The one that the browser had before ends.

    What the person wrote before they had to log in is shown first; it is sent on only when they say so.
    """
    if visit.session_token:
        with visit.database.writing() as db:
            sessions.end_session(db, visit.session_token)
    response = _written(visit, token, kept) if kept else go_on(visit, wanted)
    hand_over(visit, response, token)
    return response


def hand_over(visit: Visit, response: Response, token: str) -> None:
    """Let the browser hold the secret of its session."""
    response.set_cookie(
        cookie_name(visit.settings),
        token,
        max_age=visit.settings.session_hours * 3600,
        path="/",
        secure=visit.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def go_on(visit: Visit, wanted: str) -> Response:
    """To the page that was wanted, when it is one of ours."""
    path = own_path(wanted)
    return RedirectResponse(path, status_code=303) if path else redirect(visit, "home")


def _written(visit: Visit, token: str, kept: KeptForm) -> Response:
    with visit.database.reading() as db:
        found = sessions.find_session(db, token, idle_minutes=visit.settings.session_idle_minutes)
    return page(visit, "account/written.html", {"kept": kept, "name": found.name if found else ""})


def account_page(
    visit: Visit,
    *,
    settings: Bound[PreferencesForm] | None = None,
    password: Bound[ChangePasswordForm] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    """The account page, with a refused form in its place, or with what went wrong with an identity (in words).

    :raise SignInNeeded: when nobody is signed in.
    """
    signed_in = visit.signed_in
    if signed_in is None:
        raise SignInNeeded
    lines = list_sessions(visit.db, signed_in.user_id)
    stored = filled(PreferencesForm, language=signed_in.language, color_scheme=signed_in.color_scheme)
    context = {
        "user": get_user(visit.db, visit.actor, signed_in.user_id),
        "devices": [_device(visit, each, this=signed_in.session_id) for each in lines],
        "identities": own_identities(visit.db, signed_in.user_id),
        "codes_left": recovery_codes_left(visit.db, signed_in.user_id),
        "providers": visit.providers.offered,
        "provider_name": visit.providers.name,
        "problem": problem,
        "settings": settings or stored,
        "password": password or filled(ChangePasswordForm),
        "languages": choices(LANGUAGES, visit.language),
        "shortest": SHORTEST_PASSWORD,
    }
    return page(visit, "account/show.html", context, status=status)


def _device(visit: Visit, session: SessionLine, *, this: UUID) -> Device:
    return Device(
        session.id,
        device_name(session.user_agent),
        session.address,
        session.created_at,
        session.last_seen_at,
        is_this=session.id == this,
        method=word(SIGN_IN_METHODS, session.method, visit.language)
        if not session.provider
        else visit.providers.name(session.provider),
    )
