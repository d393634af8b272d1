"""The router of an area: each route states its access, and runs as one unit of work."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from app.web.shared.forms import FormBody
from app.web.shared.once import MalformedKey, malformed_key, once, read_sent
from app.web.shared.route import Route
from app.web.shared.visit import Access, Visit

_FORM = "sent_form"  # the parameter that stands for the form where a handler has none
Handler = TypeVar("Handler", bound=Callable[..., Response])

Preparation = Callable[[Visit, Mapping[str, Any]], None]
"""What a route does between asking who calls and its unit of work; it is given the parameters of the handler."""


class _RolledBack(Exception):
    """Carries the answer of a handler that refused, past the end of a transaction that must not be kept."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Pages:
    """Collects the routes of one area."""

    def __init__(self) -> None:
        self.router = APIRouter(include_in_schema=False)
        self.register: list[Route] = []

    def get(self, path: str, *, name: str, access: Access) -> Callable[[Handler], Handler]:
        """Register a page. Its session only reads; ``Visit.note_reading`` has a reading written down."""
        return self._route("GET", path, name, access, writes=False)

    def post(
        self, path: str, *, name: str, access: Access, prepared: Preparation | None = None
    ) -> Callable[[Handler], Handler]:
        """Register a command. Its transaction is kept only when the answer is not an error, and what is sent twice under
        the same key acts once.

        What is slow, such as looking into a file, belongs into ``prepared``: it is called before the transaction.
        """
        return self._route("POST", path, name, access, writes=True, prepared=prepared)

    def post_reading(
        self, path: str, *, name: str, access: Access, prepared: Preparation | None = None
    ) -> Callable[[Handler], Handler]:
        """Register a form that changes nothing, and so must not wait for those who write, nor make them wait."""
        return self._route("POST", path, name, access, writes=False, prepared=prepared)

    def get_unbound(self, path: str, *, name: str, access: Access) -> Callable[[Handler], Handler]:
        """Register a page that needs no unit of work, such as a health check."""
        return self._route("GET", path, name, access, writes=None)

    def post_unbound(self, path: str, *, name: str, access: Access) -> Callable[[Handler], Handler]:
        """Register a command that opens its own units of work, because it must not hold a lock all the time."""
        return self._route("POST", path, name, access, writes=None)

    def _route(
        self,
        method: str,
        path: str,
        name: str,
        access: Access,
        *,
        writes: bool | None,
        prepared: Preparation | None = None,
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.register.append(Route(method, path, name, access))
            endpoint: Callable[..., Response] = handler
            if writes is not None:
                endpoint = _as_unit_of_work(
                    handler,
                    writes=writes,
                    access=access,
                    is_command=writes and method == "POST",
                    prepared=prepared,
                )
            self.router.add_api_route(
                path,
                endpoint,
                methods=["GET", "HEAD"] if method == "GET" else [method],
                name=name,
                response_model=None,
            )
            return handler

        return add


def _as_unit_of_work(
    handler: Callable[..., Response],
    *,
    writes: bool,
    access: Access,
    is_command: bool,
    prepared: Preparation | None,
) -> Callable[..., Response]:
    @functools.wraps(handler)
    def run(visit: Visit, **values: Any) -> Response:
        form = values.pop(_FORM, None)
        try:
            sent = read_sent(visit, _form_in({_FORM: form, **values})) if is_command else None
        except MalformedKey:
            with visit.unit_of_work(writes=False, access=access):
                return malformed_key(visit)
        if prepared is not None:
            with visit.unit_of_work(writes=False, access=access):
                pass  # nobody's file is looked into before we know who sends it
            prepared(visit, values)
        try:
            with visit.unit_of_work(writes=writes, access=access):
                response = once(visit, sent, lambda: handler(visit=visit, **values))
                if response.status_code >= 400:
                    raise _RolledBack(response)
                return response
        except _RolledBack as refused:
            visit.finish_readings()
            return refused.response

    if is_command:
        _ask_for_form(run, handler)
    return run


def _ask_for_form(run: Callable[..., Response], handler: Callable[..., Response]) -> None:
    """Have the framework read the form for a handler that does not look at it: its key is wanted all the same."""
    signature = inspect.signature(handler, eval_str=True)
    if any(_holds_form(parameter.annotation) for parameter in signature.parameters.values()):
        return
    asked = inspect.Parameter(_FORM, inspect.Parameter.KEYWORD_ONLY, annotation=FormBody)
    run.__signature__ = signature.replace(  # type: ignore[attr-defined]  # what inspect reads before the wrapped one
        parameters=[*signature.parameters.values(), asked]
    )


def _holds_form(annotation: Any) -> bool:
    kind = get_args(annotation)[0] if get_args(annotation) else annotation
    return isinstance(kind, type) and (
        issubclass(kind, FormData) or "form" in getattr(kind, "__annotations__", ())
    )


def _form_in(values: Mapping[str, Any]) -> FormData | None:
    for value in values.values():
        form = getattr(value, "form", value)
        if isinstance(form, FormData):
            return form
    return None
