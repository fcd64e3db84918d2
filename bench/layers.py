"""What a request costs beside its network, layer by layer: `python -m bench.layers [--calls 2000]`.

Everything runs in this process, called as a server would call it; processor time counts, and of
several rounds the quickest. Log lines are written, to nowhere.
"""

import argparse
import asyncio
import os
import tempfile
import time
from contextlib import AsyncExitStack, redirect_stderr
from pathlib import Path
from typing import Any, cast

import uvloop
from litestar import Litestar, Response, get

from bench.designs import encoded
from bench.harness import scratch, table
from quaestor_artifact_store.app import create_app as create_store
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.settings import Settings as StoreSettings
from quaestor_shared.asgi_types import ASGIApp, Message, Receive, Scope, Send
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.service.observed import Observed
from quaestor_shared.telemetry.logging import configure_logging
from quaestor_validator.app import create_app as create_validator
from quaestor_validator.settings import Settings as ValidatorSettings

ROUNDS = 7
DESIGN = encoded(3)
JSON = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(DESIGN))]
Request = tuple[ASGIApp, str, str, list[tuple[bytes, bytes]], bytes]


async def answer(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": DESIGN})


@get("/held")
async def held() -> Response[bytes]:
    """Answer from memory."""
    return Response(DESIGN, media_type="application/json")


async def ask(request: Request) -> Message:
    """Send a request, and give how its reply begins."""
    app, method, target, headers, body = request
    path, _, query = target.partition("?")
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"*/*"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]


async def cost(request: Request, calls: int) -> float:
    """Give the processor time of a request in microseconds."""
    assert (await ask(request))["status"] in (200, 201), request[2]
    found = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(calls):
            await ask(request)
        found.append((time.process_time() - before) / calls * 1e6)
    return min(found)


async def run(calls: int) -> None:
    """Measure every layer, and print it."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        async with AsyncExitStack() as stack:
            validator = create_validator(ValidatorSettings())
            await stack.enter_async_context(validator.lifespan())
            stores = [
                create_store(StoreSettings(data_dir=f"{folder}/{kept}", recent_content_bytes=kept))
                for kept in (1_000_000, 0)
            ]
            blob = f"/v1/blobs/{digest_of(DESIGN)}"
            for store in stores:
                await stack.enter_async_context(store.lifespan())
                assert (await ask((store, "PUT", blob, JSON, DESIGN)))["status"] == 201
            bare = Litestar([held], logging_config=None)
            checking = (validator, "POST", "/v1/validate?schema=backend", JSON, DESIGN)
            requests: dict[str, Request] = {
                "an app that answers": (answer, "GET", "/", [], b""),
                "the same, observed": (Observed(answer), "GET", "/", [], b""),
                "bare Litestar, bytes": (cast("Any", bare), *_get("/held")),
                "health of a service": (validator, *_get("/health/live")),
                "content from memory": (stores[0], *_get(blob)),
                "content from a file": (stores[1], *_get(blob)),
                "check of a design": checking,
            }
            costs = {name: await cost(request, calls) for name, request in requests.items()}
            costs["the same, without HTTP"] = await _check(validator.inner, calls)
    table([["", "µs"], *([name, f"{found:.1f}"] for name, found in costs.items())])


def _get(target: str) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
    return "GET", target, [], b""


async def _check(app: Litestar, calls: int) -> float:
    """Give what a check costs by itself."""
    options = ValidateRequest(instance=None, schema="backend")
    found = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(calls):
            await app.state.services["validation"].validate(DESIGN, options)
        found.append((time.process_time() - before) / calls * 1e6)
    return min(found)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2_000)
    options = parser.parse_args()
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        configure_logging("bench", log_format="json")
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        asyncio.run(run(options.calls))


if __name__ == "__main__":
    main()
