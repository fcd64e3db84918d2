"""A service to stand behind the gateway in tests: `python tests/gateway/origin.py <port>`.

It tells what it was sent, and misbehaves on request.
"""

import asyncio
import hashlib
import json
import os
import sys
from typing import Any

from quaestor_shared.asgi_types import Receive, Scope, Send

SEEN: dict[str, Any] = {"disconnects": 0, "waiting": 0}


async def origin(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer by the last segment of the path."""
    if scope["type"] != "http":
        return
    what = scope["path"].rpartition("/")[2]
    body = b""
    if what != "early":
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                SEEN["disconnects"] += 1
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
    action = ACTIONS.get(what, _echo)
    await action(scope, body, receive, send)


async def _echo(scope: Scope, body: bytes, _receive: Receive, send: Send) -> None:
    told = {
        "method": scope["method"],
        "raw_path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": [[n.decode(), v.decode("latin-1")] for n, v in scope["headers"]],
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "seen": SEEN,
    }
    await _reply(send, 200, json.dumps(told).encode(), b"application/json")


async def _reply(send: Send, status: int, body: bytes, kind: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _empty(_scope: Scope, _body: bytes, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [(b"etag", b'"1"')]})
    await send({"type": "http.response.body", "body": b""})


async def _not_modified(_scope: Scope, _body: bytes, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", b'"1"')]})
    await send({"type": "http.response.body", "body": b""})


async def _long(_scope: Scope, _body: bytes, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(64):
        await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _endless(_scope: Scope, _body: bytes, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    gone = asyncio.ensure_future(receive())
    while not gone.done():
        await send({"type": "http.response.body", "body": b"tick\n", "more_body": True})
        await asyncio.sleep(0.01)
    SEEN["disconnects"] += 1


async def _dies(_scope: Scope, _body: bytes, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"1000000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * 1_000, "more_body": True})
    await asyncio.sleep(0.2)
    os._exit(1)


async def _slow(_scope: Scope, _body: bytes, _receive: Receive, _send: Send) -> None:
    await asyncio.sleep(30)


async def _waits(_scope: Scope, _body: bytes, receive: Receive, _send: Send) -> None:
    SEEN["waiting"] += 1
    while (await receive())["type"] != "http.disconnect":
        pass
    SEEN["disconnects"] += 1


ACTIONS = {
    "waits": _waits,
    "empty": _empty,
    "not-modified": _not_modified,
    "long": _long,
    "endless": _endless,
    "dies": _dies,
    "slow": _slow,
}

if __name__ == "__main__":
    import uvicorn

    uvicorn.run(origin, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical")
