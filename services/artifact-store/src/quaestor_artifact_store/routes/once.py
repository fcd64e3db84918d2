"""The dependency `once`: what a route needs so that its write takes an `Idempotency-Key`."""

from collections.abc import Callable
from functools import partial
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency

from quaestor_artifact_store.service.once import Once, StreamedOnce
from quaestor_shared.service.idempotency import (
    IdempotencyKey,
    Keyed,
    note_replay,
    read_keyed,
    read_keyed_stream,
)

__all__ = ["OnceOnly", "StreamedOnceOnly", "provide_once", "provide_streamed_once"]

OnceOnly = NamedDependency[Once]
StreamedOnceOnly = NamedDependency[StreamedOnce]


async def provide_once(
    request: Request[Any, Any, Any],
    state: State,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the headers, documented here
) -> Once:
    """Read the key of a request. Raises InvalidInput for one that is none."""
    return _once(request, state)(await read_keyed(request))


def provide_streamed_once(
    request: Request[Any, Any, Any],
    state: State,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the headers, documented here
) -> StreamedOnce:
    """Read the key of a request with a streamed body. Raises InvalidInput for one that is none."""
    return StreamedOnce(read_keyed_stream(request), _once(request, state))


def _once(request: Request[Any, Any, Any], state: State) -> Callable[[Keyed | None], Once]:
    return lambda keyed: Once(
        state.running,
        method=request.method,
        route=request.scope["path"],
        keyed=keyed,
        clock=state.clock,
        on_replay=partial(note_replay, request),
    )
