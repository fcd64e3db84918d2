"""Structured logs: JSON lines for machines, colours for a terminal; never bodies or secrets."""

import logging
import sys
from typing import Any, Literal

import msgspec
import structlog

from quaestor_shared.telemetry.context import correlation_id

__all__ = ["LogFormat", "configure_logging", "get_logger"]

LogFormat = Literal["auto", "json", "console"]
_encode = msgspec.json.Encoder(enc_hook=repr).encode


def _add_correlation_id(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    if (current := correlation_id.get()) is not None:
        event.setdefault("correlation_id", current)
    return event


def _render_json(_logger: object, _method: str, event: structlog.typing.EventDict) -> bytes:
    return _encode(event)


def configure_logging(service: str, *, level: str = "info", log_format: LogFormat = "auto") -> None:
    """Send every log line of this process to standard error.

    `auto` writes JSON unless standard error is a terminal. The libraries' own loggers join in
    from warnings on.
    """
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_correlation_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, _render_json]
        if as_json
        else [structlog.dev.ConsoleRenderer()]
    )
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if as_json
        else structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)


class _Bridge(logging.Handler):
    """Hands the standard library's log records to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        get_logger(record.name).log(
            record.levelno, record.getMessage(), exc_info=record.exc_info or None
        )


def get_logger(name: str) -> Any:  # noqa: ANN401 - structlog's own type
    """Give a logger that names its module."""
    return structlog.get_logger(module=name)
