"""The lifespan protocol of ASGI: opens what an application needs, and tells why it cannot."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from quaestor_shared.asgi_types import Receive, Send
from quaestor_shared.errors import QuaestorError
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["serve_lifespan"]

_log = get_logger(__name__)


async def serve_lifespan(
    opening: Callable[[], AbstractAsyncContextManager[None]], receive: Receive, send: Send
) -> None:
    """Open with the host's start-up, close with its shutdown.

    A failure to open is told in a sentence: what is wrapped around it says nothing to a person.
    """
    await receive()
    context = opening()
    try:
        await context.__aenter__()
    except Exception as error:  # noqa: BLE001 - told to the host, which ends
        cause = _cause(error)
        known = isinstance(cause, QuaestorError | OSError | ValueError)
        if not known:
            _log.error("defect", exc_info=cause)
        reason = str(cause) if known else f"{type(cause).__name__}: {cause}"
        await send({"type": "lifespan.startup.failed", "message": f"Cannot start: {reason}"})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await context.__aexit__(None, None, None)
    except Exception as error:  # noqa: BLE001 - told to the host, which ends anyway
        _log.error("defect", exc_info=_cause(error))
        await send({"type": "lifespan.shutdown.failed", "message": "Did not close cleanly."})
        return
    await send({"type": "lifespan.shutdown.complete"})


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
