"""Structured logs: JSON lines for machines, colours for a terminal; never bodies or secrets."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from quaestor_shared.telemetry.context import correlation_id, service_name
from quaestor_shared.telemetry.redaction import redact

__all__ = ["LogFormat", "Logger", "configure_logging", "get_logger"]

LogFormat = Literal["auto", "json", "console"]
_encode = msgspec.json.Encoder(enc_hook=repr).encode


class _Process:
    """The name of this process, and how often logging was configured in it."""

    service = "quaestor"
    configured = 0


class Logger:
    """A structlog logger that names its module.

    Made at import time, before logging is configured, it binds itself at its first line and
    again after each `configure_logging`; binding at every line would cost as much as the line.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._configured = -1
        self._bound: Any = None

    def debug(self, event: str, **fields: Any) -> None:  # noqa: ANN401 - any value of a log field
        """Log what only a developer wants."""
        self._logger().debug(event, **fields)

    def info(self, event: str, **fields: Any) -> None:  # noqa: ANN401
        """Log what happened."""
        self._logger().info(event, **fields)

    def warning(self, event: str, **fields: Any) -> None:  # noqa: ANN401
        """Log what may want attention."""
        self._logger().warning(event, **fields)

    def error(self, event: str, **fields: Any) -> None:  # noqa: ANN401
        """Log what needs attention."""
        self._logger().error(event, **fields)

    def log(self, level: int, event: str, **fields: Any) -> None:  # noqa: ANN401
        """Log at a level of the standard library."""
        self._logger().log(level, event, **fields)

    def _logger(self) -> Any:  # noqa: ANN401 - structlog's own type
        if self._configured != _Process.configured:
            self._bound = structlog.get_logger(module=self._module).bind()
            self._configured = _Process.configured
        return self._bound


def get_logger(name: str) -> Logger:
    """Give a logger that names its module."""
    return Logger(name)


def configure_logging(service: str, *, level: str = "info", log_format: LogFormat = "auto") -> None:
    """Send every log line of this process to standard error.

    `auto` writes JSON unless standard error is a terminal. `service` names the lines of no
    request; those of a request bear the name of the service that answers it. The libraries' own
    loggers join in from warnings on. Can be called again.
    """
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    rendering: list[Processor] = (
        [_stamp, structlog.processors.format_exc_info, redact, _render_json]
        if as_json
        else [
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            redact,
            # Its default shows the locals of every frame: bodies and keys among them.
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )
    structlog.configure(
        processors=[_add_context, structlog.processors.add_log_level, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )
    _Process.service = service
    _Process.configured += 1
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)


def _add_context(_logger: object, _method: str, event: EventDict) -> EventDict:
    event["service"] = service_name.get() or _Process.service
    if (current := correlation_id.get()) is not None:
        event.setdefault("correlation_id", current)
    return event


def _stamp(_logger: object, _method: str, event: EventDict) -> EventDict:
    event["timestamp"] = datetime.now(UTC)
    return event


def _render_json(_logger: object, _method: str, event: EventDict) -> bytes:
    return _encode(event) + b"\n"


class _Stderr:
    """Writes a line at once to what is standard error now: tests and supervisors replace it."""

    def msg(self, line: bytes | str) -> None:
        stream = sys.stderr
        if isinstance(line, str):
            stream.write(line + "\n")
            stream.flush()
        else:
            stream.buffer.write(line)
            stream.buffer.flush()

    debug = info = warning = error = critical = log = msg


def _to_stderr(*_names: str) -> _Stderr:
    return _Stderr()


class _Bridge(logging.Handler):
    """Hands the standard library's log records to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        get_logger(record.name).log(
            record.levelno, record.getMessage(), exc_info=record.exc_info or None
        )
