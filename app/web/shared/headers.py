"""On every answer, errors and 304 included: the security headers, a request id and one line in the log."""

import re
import time
from secrets import token_hex

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.logs import log

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_FIXED = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
# Who reads the log must not be able to use a link, nor to learn what files are called: a name may be exempt.
_SECRET = re.compile(r"(?<=^/invite/).+|(?<=^/attachments/.{36}/).+|(?<=^/redacted/.{36}/).+")


class AnswerHeaders:
    """ASGI middleware, outermost."""

    def __init__(self, app: ASGIApp, *, strict_transport: bool) -> None:
        self._app = app
        self._fixed = dict(_FIXED)
        if strict_transport:
            self._fixed["strict-transport-security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._fixed.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                headers["x-request-id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            if not scope["path"].startswith("/static/"):
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                log.info(
                    "request",
                    method=scope["method"],
                    path=_SECRET.sub("…", scope["path"]),
                    status=status,
                    ms=milliseconds,
                )
