"""What a browser carries for us between two steps of logging in. Signed, short-lived, out of reach of scripts.

``next`` and the like are only carried when they fit: browsers drop cookies of more than 4 kB.
"""

from typing import Any

from fastapi import Response

from app.web.shared.visit import Visit

MINUTES = 10
SINGLE_SIGN_ON = "sso"  # a log-in at a provider has begun in this browser
PASSWORD_SHOWN = "half"  # noqa: S105  the password was right, and a code is needed
_LONGEST_NEXT = 1000


def carry(visit: Visit, response: Response, what: str, **values: str) -> None:
    """Let the browser carry it for ten minutes."""
    if len(values.get("next", "").encode("utf-8", "replace")) > _LONGEST_NEXT:
        values["next"] = ""
    response.set_cookie(
        _name(visit, what),
        visit.keys.sign(what, values),
        max_age=MINUTES * 60,
        path="/",
        secure=visit.settings.secure_cookies,
        httponly=True,
        samesite="lax",  # it must come along when a provider sends the browser back
    )


def carried(visit: Visit, what: str) -> dict[str, Any] | None:
    """What the browser carries; None when it is too old or not of our making."""
    text = visit.request.cookies.get(_name(visit, what), "")
    return visit.keys.signed(what, text, seconds=MINUTES * 60) if text else None


def put_down(visit: Visit, response: Response, what: str) -> None:
    """Let the browser forget it."""
    response.delete_cookie(
        _name(visit, what), path="/", secure=visit.settings.secure_cookies, httponly=True, samesite="lax"
    )


def _name(visit: Visit, what: str) -> str:
    return f"{'__Host-' if visit.settings.secure_cookies else ''}samstyr-{what}"
