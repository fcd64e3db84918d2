"""The dependency `attempt`: the key of a request that may have come before."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from quaestor_design_api.attempts import Attempt
from quaestor_shared.service.idempotency import IdempotencyKey, note_replay, read_keyed

__all__ = ["OneAttempt", "provide_attempt", "tell_of_replay"]

OneAttempt = NamedDependency[Attempt]


async def provide_attempt(
    request: Request[Any, Any, Any],
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the headers, documented here
) -> Attempt:
    """Read the key of a request. Raises InvalidInput for one that is none."""
    keyed = await read_keyed(request)
    return Attempt(keyed, method=request.method, route=request.scope["path"])


def tell_of_replay(request: Request[Any, Any, Any], attempt: Attempt) -> None:
    """Note that a reply was given before, if it was."""
    if attempt.replayed:
        note_replay(request)
