"""Structured logs: one line an event, JSON in production, readable on a terminal, always with the request id."""

import contextlib
import logging
import sys
from typing import TextIO, cast

import structlog


def configure_logs(*, as_json: bool) -> None:
    """Set up logging for the process. Text from outside is escaped, so one event stays one line."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.processors.LogfmtRenderer(key_order=["event"])
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    # Uvicorn's own access log writes raw query text; ours replaces it.
    logging.getLogger("uvicorn.access").disabled = True


class _Unfailing:
    """A stream whose faults are nobody's. A log on a full disk must not make a request fail that needs no disk."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


log: structlog.typing.FilteringBoundLogger = structlog.get_logger("samstyr")
