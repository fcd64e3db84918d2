"""A small ASGI app that tells what it saw, and a server for it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import uvicorn

from quaestor_shared.asgi_types import Receive, Scope, Send

__all__ = ["Seen", "app", "served"]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side saw of a request."""

    method: str
    raw_path: str
    query: str
    headers: dict[str, str]
    body: str


def _error(code: str, **more: Any) -> bytes:
    error = {"code": code, "message": "told", "details": [], "meta": {}, **more}
    return json.dumps({"success": False, "error": error}).encode()


_DETAILS = [{"field": "/a", "message": "wrong"}]
_REPLIES: dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]] = {
    "/conflict": (409, [], _error("CONFLICT", details=_DETAILS, meta={"k": 1})),
    "/mismatch": (412, [], _error("PRECONDITION_FAILED", meta={"current_version": 7})),
    "/busy": (503, [(b"Retry-After", b"9")], _error("UNAVAILABLE")),
    "/defect": (500, [], _error("INTERNAL_ERROR")),
    "/new-code": (418, [], _error("TEAPOT")),
    "/html": (404, [(b"content-type", b"text/html")], b"<html>"),
    "/wrong-shape": (200, [], b'{"other": true}'),
    "/no-json": (200, [], b"\xff"),
    "/redirect": (302, [(b"Location", b"/elsewhere")], b'{"moved": true}'),
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what is asked for, or tell what was seen."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    fixed = _REPLIES.get(scope["path"])
    status, headers, content = fixed or (200, [(b"X-Mixed-Case", b"1")], _seen(scope, body))
    headers = [*headers, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _seen(scope: Scope, body: bytes) -> bytes:
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    seen = Seen(
        method=scope["method"],
        raw_path=scope["raw_path"].decode(),
        query=scope["query_string"].decode(),
        headers=headers,
        body=body.decode("latin-1"),
    )
    return msgspec.json.encode(seen)


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def served() -> Iterator[str]:
    """Serve the app on a free port, in a thread, and give its URL."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none"
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listening.wait(30)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
