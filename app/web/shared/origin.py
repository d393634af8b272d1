"""Refuses commands sent from other sites, by what browsers say of themselves (Fetch Metadata, Origin).

The order of questions is that of Go 1.25's CrossOriginProtection, also allowed by OWASP's cheat sheet. No token stands in
any form, so none can be left out.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_SAFE = {"GET", "HEAD", "OPTIONS"}


class SameOriginCommands:
    """ASGI middleware. Other methods than GET, HEAD and OPTIONS must come from our own pages."""

    def __init__(
        self, app: ASGIApp, *, public_origin: str, refuse: Callable[[Request], Awaitable[Response]]
    ) -> None:
        self._app = app
        self._public_origin = public_origin
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        response = await self._refuse(Request(scope, receive))
        await response(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin", "")
        if self._public_origin and origin == self._public_origin:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        if origin:
            # An old browser, or plain http on an intranet name, sends Origin alone.
            return _host(origin) == headers.get("host", "")
        # Neither: not a browser. Without a cookie it cannot borrow anybody's rights.
        return "cookie" not in headers


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as half of an IPv6 address
        return None
