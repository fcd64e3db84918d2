"""The middleware that calls a handler directly, inside of Litestar's routing and error handling."""

from typing import Any, NamedTuple

from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import HTTPRouteHandler

from quaestor_shared.asgi_types import ASGIApp, Message, Receive, Scope, Send
from quaestor_shared.service.addresses import refuse_nul
from quaestor_shared.service.direct.plans import Plan, plan_of
from quaestor_shared.service.direct.remembered import Arguments
from quaestor_shared.service.direct.replies import Replies

__all__ = ["DirectCalls"]


class DirectCalls:
    """Calls one handler; Litestar makes one of these for each.

    `app` is Litestar's own way to call it, which is taken for a request that is not plain: where
    the handler has no plan, a parameter is missing or wrong, or the body does not say its size.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._direct: _Direct | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # Made here, because a handler is complete only when all of the application is.
        direct = self._direct or self._make(scope["route_handler"])
        plan, arguments = direct.plan, None
        if plan is not None and (plan.body is None or _is_bounded(scope, plan.most)):
            arguments = plan.parameters.of(scope)
        if plan is None or arguments is None:
            await self._app(scope, receive, send)
            return
        refuse_nul(scope["path"], scope["query_string"])
        given = await _call(plan, arguments, scope, receive, send)
        await direct.replies.send(given, scope, receive, send)

    def _make(self, handler: HTTPRouteHandler) -> "_Direct":
        self._direct = _Direct(plan_of(handler), Replies(handler))
        return self._direct


class _Direct(NamedTuple):
    plan: Plan | None
    replies: Replies


async def _call(
    plan: Plan, remembered: Arguments, scope: Scope, receive: Receive, send: Send
) -> Any:  # noqa: ANN401 - whatever handlers give
    """Read the body, call what the handler depends on and then itself, and give what it gives."""
    values: dict[str, Any] = {**scope["path_params"], "state": scope["litestar_app"].state}
    if plan.body is not None:
        content = await _read(receive, plan.most)
        values["data"] = plan.body.read(scope["headers"], content)
        if plan.takes_request:
            receive = _again(content, receive)
    if plan.takes_request:
        values["request"] = Request(scope, receive, send)  # type: ignore[arg-type]  # a scope of ours
    given: Any = None
    for function, found in zip(plan.functions, remembered, strict=True):
        arguments = {**found, **{name: values[name] for name in function.given}}
        given = function.call(**arguments)
        if function.waits:
            given = await given
        values[function.gives] = given
    return given


def _is_bounded(scope: Scope, most: int) -> bool:
    """Say whether a request announces a body that is not empty and not too large."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return len(value) < 16 and value.isdigit() and 0 < int(value) <= most
    return False


async def _read(receive: Receive, most: int) -> bytes:
    """Read a body; raises as Litestar does where the client goes, or sends more than it said."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            raise RequestEntityTooLarge
    if message["type"] == "http.disconnect":
        raise InternalServerException("client disconnected prematurely")
    if len(body) > most:
        raise RequestEntityTooLarge
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body once more to who reads the request itself, and then what comes behind it."""
    left = [body]

    async def again() -> Message:
        if not left:
            return await receive()
        return {"type": "http.request", "body": left.pop(), "more_body": False}

    return again
