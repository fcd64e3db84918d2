"""OpenTelemetry spans through its API alone; near to nothing where no SDK is configured.

`configure_tracing` lets an installed SDK configure itself from the standard variables
(`OTEL_TRACES_EXPORTER`, `OTEL_EXPORTER_OTLP_ENDPOINT`, ...). Where none is, `tracing()` is
false and the middleware passes the caller's `traceparent` on without making spans.
"""

import os
from importlib.metadata import entry_points

from opentelemetry import propagate, trace

from quaestor_shared.telemetry.context import trace_headers

__all__ = ["configure_tracing", "outgoing_trace_headers", "tracing"]


def configure_tracing(service: str) -> None:
    """Start the SDK where one is installed and an `OTEL_TRACES_EXPORTER` is set."""
    if os.environ.get("OTEL_TRACES_EXPORTER", "none") == "none" or tracing():
        return
    os.environ.setdefault("OTEL_SERVICE_NAME", f"quaestor-{service}")
    for entry in entry_points(group="opentelemetry_configurator", name="configurator"):
        entry.load()().configure()


def tracing() -> bool:
    """Say whether a tracing SDK is at work in this process."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def outgoing_trace_headers() -> tuple[tuple[str, str], ...]:
    """Give the headers for the next hop: the current span's, or those that came in."""
    if not tracing():
        return trace_headers.get()
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return tuple(carrier.items())
