"""Outgoing requests: only to the hosts of the provider, never for long, and no more at a time than we can spare."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from app.identity.oidc.problems import ProviderUnreachable

_LONGEST_ANSWER = 1 << 20  # bytes
_SECONDS_IN_ALL = 10.0
_TIMEOUT = httpx2.Timeout(5.0)
_SPARED_AFTER_FAILURE = 15.0  # seconds in which a provider that did not answer is not asked again
_AT_A_TIME = 2  # of the threads that serve pages; the others must not wait for somebody else's server


class Reach:
    """The way to one provider. Shared by the threads of a process."""

    def __init__(self, issuer: str, more_hosts: str) -> None:
        parts = urlsplit(issuer)
        self._scheme = parts.scheme
        self._port = parts.port
        self._hosts = {parts.hostname or "", *more_hosts.casefold().split()}
        self._places = threading.BoundedSemaphore(_AT_A_TIME)
        self._silent_until = 0.0

    def allows(self, address: str) -> bool:
        """Whether an address lies with the provider: its own host, one below it, or one that the operator names."""
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").casefold(), parts.port
        except ValueError:
            return False
        if parts.scheme != self._scheme or parts.username is not None:
            return False
        if self._scheme == "http" and port != self._port:
            return False
        return any(host == own or host.endswith(f".{own}") for own in self._hosts if own)

    @contextmanager
    def transport(self) -> Iterator["Guarded"]:
        """A transport for the requests of one step.

        :raise ProviderUnreachable: at once, when the provider has just been silent or enough others are waiting for it.
        """
        if time.monotonic() < self._silent_until or not self._places.acquire(blocking=False):
            raise ProviderUnreachable
        try:
            transport = Guarded(self.allows)
            try:
                yield transport
            finally:
                transport.close()
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            self._silent_until = time.monotonic() + _SPARED_AFTER_FAILURE
            raise ProviderUnreachable from error
        finally:
            self._places.release()

    def get_json(self, address: str) -> dict[str, Any]:
        """The object at an address.

        :raise ProviderUnreachable: also for an answer that is no object.
        """
        with self.transport() as transport, httpx2.Client(transport=transport, timeout=_TIMEOUT) as client:
            answer = client.get(address, headers={"accept": "application/json"})
            answer.raise_for_status()
            try:
                found = answer.json()
            except ValueError as error:
                raise ProviderUnreachable from error
        if not isinstance(found, dict):
            raise ProviderUnreachable
        return found


class Guarded(httpx2.BaseTransport):
    """Refuses other hosts and long or slow answers. Redirects are not followed by the clients that use it."""

    timeout = _TIMEOUT

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows
        self._until = time.monotonic() + _SECONDS_IN_ALL
        self._inner: httpx2.HTTPTransport | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not self._allows(str(request.url)):
            raise httpx2.UnsupportedProtocol(f"{request.url.host} is no host of the provider")
        if self._inner is None:
            self._inner = httpx2.HTTPTransport(proxy=_proxy_for(request.url))
        request.headers["accept-encoding"] = "identity"
        answer = self._inner.handle_request(request)
        answer.stream = _Bounded(answer.stream, self._until)
        return answer

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: Any, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > _LONGEST_ANSWER or time.monotonic() > self._until:
                raise httpx2.ReadError("the answer is too long, or takes too long")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _proxy_for(url: httpx2.URL) -> str | None:
    # Many offices let servers out through a proxy only. A client with a transport of its own does not look for one.
    return None if proxy_bypass(url.host) else getproxies().get(url.scheme)
