"""Structured logs: one line an event, JSON in production, readable on a terminal, always with the request id."""

import logging
import sys

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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Uvicorn's own access log writes raw query text; ours replaces it.
    logging.getLogger("uvicorn.access").disabled = True


log: structlog.typing.FilteringBoundLogger = structlog.get_logger("samstyr")
