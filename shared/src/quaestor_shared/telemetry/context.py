"""What travels with a request through every log line and every hop.

The correlation id is ours. `traceparent` and `tracestate` are W3C Trace Context
(https://www.w3.org/TR/trace-context/): without a tracing SDK they are passed on as they came.
"""

import os
import re
from contextvars import ContextVar

__all__ = [
    "CORRELATION_HEADER",
    "PRINCIPAL_HEADER",
    "correlation_id",
    "new_correlation_id",
    "principal",
    "service_name",
    "trace_headers",
    "well_formed",
    "well_formed_trace",
]

CORRELATION_HEADER = "x-correlation-id"
PRINCIPAL_HEADER = "x-quaestor-principal"

correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)
principal: ContextVar[str] = ContextVar("principal", default="anonymous")
# None outside requests: the process's own name, given to `configure_logging`, counts there.
service_name: ContextVar[str | None] = ContextVar("service_name", default=None)
trace_headers: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("trace_headers", default=())

# Long enough for any id in use, short enough for a log line, and nothing that breaks either.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}")
# Version ff and ids of zeros are invalid; a later version may say more after its flags.
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{0,200})?"
)


def well_formed(candidate: str) -> bool:
    """Say whether a correlation id from outside may be kept: 8 to 128 plain characters."""
    return _WELL_FORMED.fullmatch(candidate) is not None


def well_formed_trace(candidate: str) -> bool:
    """Say whether a `traceparent` is one; with one that is not, its `tracestate` goes too."""
    return _TRACEPARENT.fullmatch(candidate) is not None


def new_correlation_id() -> str:
    """Make a correlation id: 32 hexadecimal digits."""
    return os.urandom(16).hex()
