"""The stack with nothing in it: `python -m bench.bare_chain <port> [<next url>]`.

A plain ASGI app under the same server and with the same client as ours. With a next URL it reads
the body, posts it on, and gives the answer back; without one it answers at once.
"""

import sys

import aiohttp
import uvicorn

from quaestor_shared.asgi_types import Receive, Scope, Send

REPLY = b'{"success":true,"data":{},"meta":{}}'


class Bare:
    """One hop of the chain."""

    def __init__(self, following: str | None) -> None:
        self._following = following
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body = (await receive()).get("body", b"")
        reply = REPLY
        if self._session is not None and self._following is not None:
            async with self._session.post(self._following, data=body) as answer:
                reply = await answer.read()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(len(reply)).encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": reply})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        if self._following is not None:
            self._session = aiohttp.ClientSession()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._session is not None:
            await self._session.close()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(
        Bare(sys.argv[2] if sys.argv[2:] else None),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=False,
        log_config=None,
    )
