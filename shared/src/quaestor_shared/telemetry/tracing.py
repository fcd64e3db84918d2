"""OpenTelemetry spans through its API alone; near to nothing where no SDK is configured.

`configure_tracing` starts an installed SDK from the standard variables
(`OTEL_TRACES_EXPORTER`, `OTEL_EXPORTER_OTLP_ENDPOINT`, ...). Where none is, `tracing()` is
false, the API is not even imported, and the middleware passes the caller's `traceparent` on
without making spans.
"""

import os
import sys
from importlib.metadata import entry_points
from typing import Any

from quaestor_shared.telemetry.context import trace_headers

__all__ = ["configure_tracing", "outgoing_trace_headers", "tracing"]


def configure_tracing(service: str) -> None:
    """Start the SDK where `OTEL_TRACES_EXPORTER` names one exporter or more.

    The first service of a process names its spans, unless `OTEL_SERVICE_NAME` does. Sampler,
    limits and the exporters' own settings come from the standard variables. Raises SystemExit
    where SDK or exporter is not installed: a service does not start on a guess.
    """
    names = [each.strip() for each in os.environ.get("OTEL_TRACES_EXPORTER", "none").split(",")]
    names = [each for each in names if each not in ("", "none")]
    if not names or tracing():
        return
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SystemExit(
            "OTEL_TRACES_EXPORTER is set and no SDK is installed: install opentelemetry-sdk, "
            "or unset it."
        ) from error
    from opentelemetry import trace

    service_name = os.environ.get("OTEL_SERVICE_NAME", f"quaestor-{service}")
    provider = TracerProvider(resource=Resource.create({"service.name": service_name}))
    for name in names:
        provider.add_span_processor(BatchSpanProcessor(_exporter(name)))
    trace.set_tracer_provider(provider)


def _exporter(name: str) -> Any:  # noqa: ANN401 - a SpanExporter of an optional package
    for entry in entry_points(group="opentelemetry_traces_exporter", name=name):
        return entry.load()()
    raise SystemExit(
        f"OTEL_TRACES_EXPORTER is {name!r}, and no such exporter is installed; "
        "for `otlp` install opentelemetry-exporter-otlp."
    )


def tracing() -> bool:
    """Say whether a tracing SDK is at work in this process."""
    api = sys.modules.get("opentelemetry.trace")
    # Who set a provider has imported the API; where nobody has, there is nothing to ask.
    return api is not None and not isinstance(api.get_tracer_provider(), api.ProxyTracerProvider)


def outgoing_trace_headers() -> tuple[tuple[str, str], ...]:
    """Give the headers for the next hop: the current span's, or those that came in."""
    if not tracing():
        return trace_headers.get()
    from opentelemetry import propagate

    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return tuple(carrier.items())
