"""What the pages of an account are given."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Response

from app.identity.queries import SessionLine, get_user, list_sessions
from app.identity.rules import SHORTEST_PASSWORD
from app.web.account.forms import ChangePasswordForm, PreferencesForm
from app.web.shared.forms import Bound, filled
from app.web.shared.templating import page
from app.web.shared.visit import SignInNeeded, Visit
from app.web.shared.words import LANGUAGES, choices

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
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser. ``name`` is empty when the browser says nothing that we know."""

    id: UUID
    name: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def own_path(wanted: str) -> str | None:
    """The path to go on to after logging in, or None when it is not one of ours.

    ``//host``, ``/\\host`` and paths with tabs or line breaks in them lead browsers to other sites.
    """
    return wanted if _OWN_PATH.fullmatch(wanted) else None


def device_name(user_agent: str) -> str:
    """What a browser says of itself, in two words."""
    known = (_BROWSERS, _SYSTEMS)
    found = [next((word for mark, word in words.items() if mark in user_agent), "") for words in known]
    return ", ".join(word for word in found if word)


def account_page(
    visit: Visit,
    *,
    settings: Bound[PreferencesForm] | None = None,
    password: Bound[ChangePasswordForm] | None = None,
    status: int = 200,
) -> Response:
    """The account page, with a refused form in its place.

    :raise SignInNeeded: when nobody is signed in.
    """
    signed_in = visit.signed_in
    if signed_in is None:
        raise SignInNeeded
    sessions = list_sessions(visit.db, signed_in.user_id)
    stored = filled(PreferencesForm, language=signed_in.language, color_scheme=signed_in.color_scheme)
    context = {
        "user": get_user(visit.db, visit.actor, signed_in.user_id),
        "devices": [_device(each, this=signed_in.session_id) for each in sessions],
        "settings": settings or stored,
        "password": password or filled(ChangePasswordForm),
        "languages": choices(LANGUAGES, visit.language),
        "shortest": SHORTEST_PASSWORD,
    }
    return page(visit, "account/show.html", context, status=status)


def _device(session: SessionLine, *, this: UUID) -> Device:
    return Device(
        session.id,
        device_name(session.user_agent),
        session.address,
        session.created_at,
        session.last_seen_at,
        is_this=session.id == this,
    )
