"""What happens around every request: correlation id, span, one log line."""

import time
from contextvars import Token
from typing import Any

from quaestor_shared.asgi_types import ASGIApp, Message, Receive, Scope, Send
from quaestor_shared.telemetry import context
from quaestor_shared.telemetry.logging import get_logger
from quaestor_shared.telemetry.tracing import tracing

__all__ = ["Observed", "add_header"]

_log = get_logger("access")
_CORRELATION = context.CORRELATION_HEADER.encode()
_PRINCIPAL = context.PRINCIPAL_HEADER.encode()
_PARENT, _STATE = b"traceparent", b"tracestate"
_TOLD = frozenset((_CORRELATION, _PRINCIPAL, _PARENT, _STATE))
_LONGEST_PATH = 500
_ADDED = "quaestor.headers"  # in a scope: headers that its reply gets
_Headers = list[tuple[bytes, bytes]]


def add_header(scope: Any, name: str, value: str) -> None:  # noqa: ANN401 - Litestar's scopes too
    """Have the reply to a request bear a header, whoever answers it."""
    scope.setdefault(_ADDED, []).append((name.lower().encode(), value.encode()))


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

    def _enter(self, scope: Scope) -> tuple[Token[Any], ...]:
        said = [each for each in scope["headers"] if each[0] in _TOLD]
        correlation = principal = ""
        trace: tuple[tuple[str, str], ...] = ()
        if said:
            correlation = _last(said, _CORRELATION)
            principal = _last(said, _PRINCIPAL) if self._trust_principal else ""
            trace = _trace(said)
        if not context.well_formed(correlation):
            correlation = context.new_correlation_id()
        return (
            context.correlation_id.set(correlation),
            context.trace_headers.set(trace),
            context.service_name.set(self._service),
            context.principal.set(principal or "anonymous"),
        )

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
                if _ADDED in scope:
                    headers += scope[_ADDED]
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


def _last(headers: _Headers, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in reversed(headers) if key == name), "")


def _trace(headers: _Headers) -> tuple[tuple[str, str], ...]:
    parents = [value.decode("latin-1") for name, value in headers if name == _PARENT]
    # Two are as good as none: which one counts would be a guess.
    if len(parents) != 1 or not context.well_formed_trace(parents[0]):
        return ()
    parent = ("traceparent", parents[0])
    states = [value.decode("latin-1") for name, value in headers if name == _STATE]
    return (parent, ("tracestate", ",".join(states))) if states else (parent,)
