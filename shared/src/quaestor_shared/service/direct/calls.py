"""Calls handlers directly, where Litestar's router leads to one that has a plan."""

from collections.abc import Iterable
from functools import lru_cache
from re import compile as pattern
from typing import Any, NamedTuple

from litestar import Litestar, Request
from litestar.exceptions import HTTPException, InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import HTTPRouteHandler

from quaestor_shared.asgi_types import Message, Receive, Scope, Send
from quaestor_shared.service.addresses import refuse_address
from quaestor_shared.service.direct.plans import Plan, plan_of
from quaestor_shared.service.direct.remembered import Arguments
from quaestor_shared.service.direct.replies import Replies
from quaestor_shared.service.error_handlers import reply_to

__all__ = ["DirectCalls"]

_HOST = pattern(rb"[0-9A-Za-z!$&'()*+,;=\-._~:\[\]@%]*")  # as Litestar has it
_DIGITS = 15


class DirectCalls:
    """An ASGI app around Litestar, which gets whatever is not plain.

    That is a request whose address is none of ours or is not in its usual form, whose handler has
    no plan, which lacks a parameter or has a wrong one, or does not say how long its body is.
    """

    def __init__(self, litestar: Litestar) -> None:
        self._litestar: Any = litestar
        self._known: dict[Any, _Direct] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._litestar(scope, receive, send)
            return
        plan, replies, arguments = found
        reply: Any
        try:
            refuse_address(scope)
            given = await _call(plan, arguments, scope, receive, send)
            reply = await replies.of(given, scope, receive, send)
        except Exception as error:  # noqa: BLE001 - nothing was sent yet
            reply = reply_to(Request(scope, receive, send), error)  # type: ignore[arg-type]  # a scope is a mapping
        await reply(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Plan, Replies, Arguments] | None:
        """Find the plan of a request, and note in its scope what Litestar notes there."""
        path = scope["path"]
        if path[:1] != "/" or path[-1] == "/" or "//" in path or scope.get("root_path"):
            return None
        try:
            routed = self._litestar.asgi_router.handle_routing(path=path, method=scope["method"])
        except HTTPException:  # no such address, or not this method
            return None
        _, handler, _, params, template = routed
        direct = self._known.get(handler) or self._make(handler)
        plan = direct.plan
        if plan is None or not _is_plain(scope["headers"], plan):
            return None
        arguments = plan.parameters.of(scope)
        if arguments is None:
            return None
        scope["app"] = scope["litestar_app"] = self._litestar
        scope["route_handler"], scope["path_template"] = handler, template
        scope["path_params"] = params
        scope.setdefault("state", {})
        return plan, direct.replies, arguments

    def _make(self, handler: Any) -> "_Direct":  # noqa: ANN401 - handlers of other protocols too
        of_http = isinstance(handler, HTTPRouteHandler)
        direct = _Direct(plan_of(handler) if of_http else None, Replies(handler))
        self._known[handler] = direct
        return direct


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
        values["request"] = Request(scope, receive, send)  # type: ignore[arg-type]  # a scope is a mapping
    given: Any = None
    for function, found in zip(plan.functions, remembered, strict=True):
        arguments = {**found, **{name: values[name] for name in function.given}}
        given = function.call(**arguments)
        if function.waits:
            given = await given
        values[function.gives] = given
    return given


def _is_plain(headers: Iterable[tuple[bytes, bytes]], plan: Plan) -> bool:
    """Say whether a host can be one, and a body, where one is taken, is neither empty nor large."""
    length = b""
    for name, value in headers:
        if name == b"host" and not _is_host(value):
            return False
        if name == b"content-length":
            length = value
    if plan.body is None:
        return True
    return len(length) <= _DIGITS and length.isdigit() and 0 < int(length) <= plan.most


@lru_cache(maxsize=64)
def _is_host(host: bytes) -> bool:
    return _HOST.fullmatch(host) is not None


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
