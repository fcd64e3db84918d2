"""What happens around every request: correlation id, span, one log line."""

import time
from collections.abc import Iterable
from typing import Any

from quaestor_shared.asgi_types import ASGIApp, Message, Receive, Scope, Send
from quaestor_shared.telemetry import context
from quaestor_shared.telemetry.logging import get_logger
from quaestor_shared.telemetry.tracing import tracing

__all__ = ["Observed"]

_log = get_logger("access")
_CORRELATION = context.CORRELATION_HEADER.encode()
_PRINCIPAL = context.PRINCIPAL_HEADER.encode()
_TRACE = (b"traceparent", b"tracestate")


class Observed:
    """Wraps an ASGI app. Outermost, so that answers made by the router itself are covered too.

    `trust_principal` is for services behind the gateway: the principal comes in a header that
    the gateway alone may set.
    """

    def __init__(self, app: ASGIApp, *, trust_principal: bool = True) -> None:
        self._app = app
        self._trust_principal = trust_principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        tokens = self._enter(headers)
        try:
            if tracing():
                await self._traced(scope, receive, send, headers)
            else:
                await self._logged(scope, receive, send)
        finally:
            for variable, token in tokens:
                variable.reset(token)

    def _enter(self, headers: dict[bytes, bytes]) -> list[tuple[Any, Any]]:
        sent = headers.get(_CORRELATION, b"").decode("latin-1")
        current = sent if context.well_formed(sent) else context.new_correlation_id()
        trace = tuple((n.decode(), headers[n].decode("latin-1")) for n in _TRACE if n in headers)
        entered: list[tuple[Any, Any]] = [
            (context.correlation_id, context.correlation_id.set(current)),
            (context.trace_headers, context.trace_headers.set(trace)),
        ]
        if self._trust_principal and _PRINCIPAL in headers:
            name = headers[_PRINCIPAL].decode("latin-1")
            entered.append((context.principal, context.principal.set(name)))
        return entered

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> int:
        started = time.perf_counter()
        status = 0
        correlation = (_CORRELATION, (context.correlation_id.get() or "").encode())

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with(message.get("headers", ()), correlation)
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            _log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                duration_ms=round((time.perf_counter() - started) * 1000, 3),
                principal=context.principal.get(),
            )
        return status

    async def _traced(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes]
    ) -> None:
        from opentelemetry import propagate, trace

        carrier = {n.decode(): headers[n].decode("latin-1") for n in _TRACE if n in headers}
        tracer = trace.get_tracer("quaestor")
        with tracer.start_as_current_span(
            f"{scope['method']} {scope['path']}",
            context=propagate.extract(carrier),
            kind=trace.SpanKind.SERVER,
            attributes={"http.request.method": scope["method"], "url.path": scope["path"]},
        ) as span:
            status = await self._logged(scope, receive, send)
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(trace.StatusCode.ERROR)


def _with(
    headers: Iterable[tuple[bytes, bytes]], header: tuple[bytes, bytes]
) -> list[tuple[bytes, bytes]]:
    return [*(h for h in headers if h[0] != header[0]), header]
