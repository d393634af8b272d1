"""Who does which kind of job. A module that does one registers its function; ``app.handlers`` imports them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.platform.db import Database
from app.platform.settings import Settings
from app.platform.storage import FileStore

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a handler may need besides the session of its transaction."""

    database: Database
    store: FileStore
    settings: Settings


class TryLater(Exception):
    """What the job needs is away for now, such as a virus scanner. It waits, and the attempt does not count."""

    def __init__(self, why: str, after: timedelta = timedelta(minutes=1)) -> None:
        super().__init__(why)
        self.after = after


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done, and how often it comes by itself."""

    work: Callable[..., None]
    prepare: Callable[[Surroundings, Payload], Any] | None
    every: timedelta | None


_handlers: dict[str, Handler] = {}


def handles(
    kind: str,
    *,
    prepare: Callable[[Surroundings, Payload], Any] | None = None,
    every: timedelta | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the handler of a kind of job.

    It is called as ``work(db, surroundings, payload)`` in one writing transaction, which also marks the job as done: what
    it writes happens once, however often workers die. What is slow or speaks to others belongs into ``prepare``, which is
    called before that without a transaction, perhaps more than once; what it returns is the fourth argument.

    :param every: the job is made by itself, once in this time over all workers, with an empty payload.
    """

    def register(work: Callable[..., None]) -> Callable[..., None]:
        if kind in _handlers:
            raise ValueError(f"two handlers for jobs of the kind {kind}")
        _handlers[kind] = Handler(work, prepare, every)
        return work

    return register


def handler_of(kind: str) -> Handler:
    """The handler of a kind.

    :raise TryLater: when nobody handles it. An older process may still be at work beside the one that made the job.
    """
    try:
        return _handlers[kind]
    except KeyError:
        raise TryLater(f"nobody handles jobs of the kind {kind}") from None


def recurring() -> dict[str, timedelta]:
    """The kinds that come by themselves, and how often."""
    return {kind: handler.every for kind, handler in _handlers.items() if handler.every is not None}
