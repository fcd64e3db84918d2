"""Calls an ASGI app in the same process, as if over HTTP."""

import asyncio
from collections.abc import Iterable
from urllib.parse import unquote

from quaestor_shared.asgi_types import ASGIApp, Message, Scope
from quaestor_shared.client.transport import RawReply

__all__ = ["AsgiTransport"]


class AsgiTransport:
    """A Transport into an app of this process; nothing is copied but the bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def send(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> RawReply:
        """Send a request by a function call."""
        path, _, query = target.partition("?")
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in headers]
            + [(b"content-length", str(len(body)).encode())],
            "client": ("in-process", 0),
            "server": ("in-process", 0),
            "state": {},
            "extensions": {},
        }
        reply = _Reply(body)
        await self._app(scope, reply.receive, reply.send)
        return reply.result()

    async def close(self) -> None:
        """Do nothing: the app's owner closes it."""


class _Reply:
    def __init__(self, body: bytes) -> None:
        self._request: bytes | None = body
        self._answered = asyncio.Event()
        self._status = 500
        self._headers: dict[str, str] = {}
        self._chunks: list[bytes] = []

    async def receive(self) -> Message:
        if self._request is None:
            # The caller stays on the line until it has the whole answer.
            await self._answered.wait()
            return {"type": "http.disconnect"}
        body, self._request = self._request, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {n.decode().lower(): v.decode("latin-1") for n, v in message["headers"]}
        elif message["type"] == "http.response.body":
            self._chunks.append(message.get("body", b""))
            if not message.get("more_body"):
                self._answered.set()

    def result(self) -> RawReply:
        return RawReply(status=self._status, headers=self._headers, body=b"".join(self._chunks))
