"""The dependency `once`: what a route needs so that its write takes an `Idempotency-Key`."""

from functools import partial
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency

from quaestor_artifact_store.service.once import Once
from quaestor_shared.service.idempotency import IdempotencyKey, note_replay, read_keyed

__all__ = ["OnceOnly", "provide_once"]

OnceOnly = NamedDependency[Once]


async def provide_once(
    request: Request[Any, Any, Any],
    state: State,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the headers, documented here
) -> Once:
    """Read the key of a request. Raises InvalidInput for one that is none."""
    return Once(
        state.running,
        method=request.method,
        route=request.scope["path"],
        keyed=await read_keyed(request),
        clock=state.clock,
        on_replay=partial(note_replay, request),
    )
