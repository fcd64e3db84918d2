"""What happens around every request: correlation id, span, one log line."""

import time
from contextvars import Token
from typing import Any

from quaestor_shared.asgi_types import ASGIApp, Message, Receive, Scope, Send
from quaestor_shared.telemetry import context
from quaestor_shared.telemetry.logging import get_logger
from quaestor_shared.telemetry.tracing import tracing

__all__ = ["Observed"]

_log = get_logger("access")
_CORRELATION = context.CORRELATION_HEADER.encode()
_PRINCIPAL = context.PRINCIPAL_HEADER.encode()
_LONGEST_PATH = 500


class Observed:
    """Wraps an ASGI app. Outermost, so that answers made by the router itself are covered too.

    `trust_principal` is for services behind the gateway: the principal comes in a header that
    the gateway alone may set. `service` is the name in log lines; services that share a process
    keep theirs.
    """

    def __init__(
        self, app: ASGIApp, *, service: str | None = None, trust_principal: bool = True
    ) -> None:
        self._app = app
        self._service = service
        self._trust_principal = trust_principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tokens = self._enter(scope)
        try:
            if tracing():
                await self._traced(scope, receive, send)
            else:
                await self._logged(scope, receive, send)
        finally:
            for token in tokens:
                token.var.reset(token)

    def _enter(self, scope: Scope) -> list[Token[Any]]:
        correlation = principal = parent = ""
        states = []
        for name, value in scope["headers"]:
            if name == _CORRELATION:
                correlation = value.decode("latin-1")
            elif name == _PRINCIPAL:
                principal = value.decode("latin-1")
            elif name == b"traceparent":
                # Twice is as good as none: which one counts would be a guess.
                parent = "twice" if parent else value.decode("latin-1")
            elif name == b"tracestate":
                states.append(value.decode("latin-1"))
        trace: tuple[tuple[str, str], ...] = ()
        if parent and context.well_formed_trace(parent):
            trace = (("traceparent", parent),)
            if states:
                trace = (*trace, ("tracestate", ",".join(states)))
        if not context.well_formed(correlation):
            correlation = context.new_correlation_id()
        tokens: list[Token[Any]] = [
            context.correlation_id.set(correlation),
            context.trace_headers.set(trace),
            context.service_name.set(self._service),
        ]
        trusted = principal if principal and self._trust_principal else "anonymous"
        tokens.append(context.principal.set(trusted))
        return tokens

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> int:
        started = time.perf_counter()
        status = 0
        correlation = (_CORRELATION, (context.correlation_id.get() or "").encode())

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [h for h in message.get("headers", ()) if h[0] != _CORRELATION]
                headers.append(correlation)
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            _log.info(
                "request",
                method=scope["method"],
                path=scope["path"][:_LONGEST_PATH],
                status=status,
                duration_ms=round((time.perf_counter() - started) * 1000, 3),
                principal=context.principal.get(),
            )
        return status

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        from opentelemetry import propagate, trace

        method = scope["method"]
        tracer = trace.get_tracer(f"quaestor.{self._service or 'service'}")
        with tracer.start_as_current_span(
            method,
            context=propagate.extract(dict(context.trace_headers.get())),
            kind=trace.SpanKind.SERVER,
            attributes={
                "http.request.method": method,
                "url.path": scope["path"][:_LONGEST_PATH],
                "quaestor.correlation_id": context.correlation_id.get() or "",
            },
        ) as span:
            status = await self._logged(scope, receive, send)
            # The route, unlike the path, has few values: a backend groups spans by it.
            if route := scope.get("path_template"):
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(trace.StatusCode.ERROR)
