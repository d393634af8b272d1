"""The router of an area: each route states its access, and runs as one unit of work."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, Response

from app.web.shared.visit import Access, Visit

Handler = TypeVar("Handler", bound=Callable[..., Response])

Preparation = Callable[[Visit, Mapping[str, Any]], None]
"""What a route does between asking who calls and its unit of work; it is given the parameters of the handler."""


class _RolledBack(Exception):
    """Carries the answer of a handler that refused, past the end of a transaction that must not be kept."""

    def __init__(self, response: Response) -> None:
        self.response = response


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the register of routes."""

    method: str
    path: str
    name: str
    access: Access


class Pages:
    """Collects the routes of one area."""

    def __init__(self) -> None:
        self.router = APIRouter(include_in_schema=False)
        self.register: list[Route] = []

    def get(
        self, path: str, *, name: str, access: Access, audited: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register a page. ``audited`` gives it a session that may write the audit event of a reading."""
        return self._route("GET", path, name, access, writes=audited)

    def post(
        self, path: str, *, name: str, access: Access, prepared: Preparation | None = None
    ) -> Callable[[Handler], Handler]:
        """Register a command. Its transaction is kept only when the answer is not an error.

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
            endpoint = (
                handler
                if writes is None
                else _as_unit_of_work(handler, writes=writes, access=access, prepared=prepared)
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
    handler: Callable[..., Response], *, writes: bool, access: Access, prepared: Preparation | None
) -> Callable[..., Response]:
    @functools.wraps(handler)
    def run(visit: Visit, **values: Any) -> Response:
        if prepared is not None:
            with visit.unit_of_work(writes=False, access=access):
                pass  # nobody's file is looked into before we know who sends it
            prepared(visit, values)
        try:
            with visit.unit_of_work(writes=writes, access=access):
                response = handler(visit=visit, **values)
                if response.status_code >= 400:
                    raise _RolledBack(response)
                return response
        except _RolledBack as refused:
            return refused.response

    return run
