"""Refusals become pages here, and only here: what happened, what was kept, what to do."""

from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from app.platform.db import cannot_store
from app.platform.logs import log
from app.web.shared.forms import Bound
from app.web.shared.kept import is_fragment, kept_form
from app.web.shared.reasons import reason_messages
from app.web.shared.templating import page
from app.web.shared.visit import SetUpNeeded, SignInNeeded, Visit, sign_in_address

_OPEN_PREFIXES = ("/static/", "/healthz", "/readyz")


def _answer(request: Request, status: int, problem: str, messages: list[str] | None = None) -> Response:
    visit = Visit(request)
    try:
        visit.identify()
    except DBAPIError:
        log.warning("identify_failed", exc_info=True)
    if (
        visit.actor_if_any is None
        and status in {404, 405}
        and not request.url.path.startswith(_OPEN_PREFIXES)
    ):
        return RedirectResponse(sign_in_address(request), status_code=303)
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    context: dict[str, Any] = {"problem": problem, "messages": messages or [], "request_id": request_id}
    return page(visit, "layout/problem.html", context, status=status)


def _ask_to_sign_in(request: Request) -> Response:
    """Lead a stranger to the log-in. What was typed in a form goes along in the page."""
    kept = kept_form(request, request.app.state.register)
    if kept is None:
        return RedirectResponse(sign_in_address(request), status_code=303)
    visit = Visit(request)
    context = {"bound": Bound({}), "kept": kept, "providers": visit.providers.offered, "left": ""}
    return page(visit, "account/login.html", context, status=401)


async def answer(request: Request, status: int, problem: str, messages: list[str] | None = None) -> Response:
    """The page of a problem. A stranger who asks for what is not there is sent to sign in, as for what is."""
    return await run_in_threadpool(_answer, request, status, problem, messages)


async def cross_site(request: Request) -> Response:
    """The page for a command that did not come from our own pages."""
    return await answer(request, 403, "cross_site")


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(SignInNeeded)
    async def _sign_in(request: Request, _error: Exception) -> Response:
        if is_fragment(request):
            # A script must not put the log-in page where a part of the page was; js/failure.js and js/drafts.js say it.
            return PlainTextResponse("signed out", status_code=401)
        return await run_in_threadpool(_ask_to_sign_in, request)

    @app.exception_handler(SetUpNeeded)
    async def _set_up(_request: Request, _error: Exception) -> Response:
        return RedirectResponse("/account/second-factor", status_code=303)

    @app.exception_handler(NotFound)
    async def _not_found(request: Request, _error: Exception) -> Response:
        return await answer(request, 404, "not_found")

    @app.exception_handler(NotAllowed)
    async def _not_allowed(request: Request, _error: Exception) -> Response:
        return await answer(request, 403, "not_allowed")

    @app.exception_handler(RuleBroken)
    async def _rule_broken(request: Request, error: RuleBroken) -> Response:
        visit = Visit(request)
        await run_in_threadpool(visit.identify)
        return await answer(request, 422, "rule_broken", reason_messages(visit.language, error.reasons))

    @app.exception_handler(Conflict)
    async def _conflict(request: Request, _error: Exception) -> Response:
        return await answer(request, 409, "conflict")

    @app.exception_handler(StaleDataError)
    async def _gone(request: Request, _error: Exception) -> Response:
        # Somebody changed or took away a row that the command had not locked: for the person it is the same as a conflict.
        log.error("changed_without_lock", exc_info=True)
        return await answer(request, 409, "conflict")

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> Response:
        in_path = any(problem["loc"][:1] == ("path",) for problem in error.errors())
        return await answer(request, 404 if in_path else 422, "not_found" if in_path else "malformed")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith(_OPEN_PREFIXES):
            return PlainTextResponse(str(error.detail), status_code=error.status_code)
        problem = {404: "not_found", 405: "not_found", 413: "too_large"}.get(error.status_code, "malformed")
        return await answer(request, error.status_code, problem)

    @app.exception_handler(OperationalError)
    async def _database(request: Request, error: OperationalError) -> Response:
        log.error("database_unavailable", exc_info=True)
        return await answer(request, 503, "no_storing" if cannot_store(error) else "unavailable")

    @app.exception_handler(OSError)
    async def _disk(request: Request, _error: Exception) -> Response:
        # Full, read-only or gone: the transaction is rolled back, and reading goes on meanwhile.
        log.error("data_folder_unavailable", exc_info=True)
        return await answer(request, 503, "no_storing")


class FaultsAsPages:
    """ASGI middleware, innermost: a fault of ours becomes a page too.

    Starlette's own handler of last resort stands outside all middleware, where its answer would lack the security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            log.error("unexpected", exc_info=True)
            if started:
                raise
            response = await answer(Request(scope, receive), 500, "unexpected")
            await response(scope, receive, send)
