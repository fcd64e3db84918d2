"""Work that goes on beside the requests, as long as a service is open."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from quaestor_shared.telemetry.logging import get_logger

__all__ = ["in_background"]

_log = get_logger(__name__)


@asynccontextmanager
async def in_background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run coroutines while the block runs, and cancel them at its end.

    One that fails is a defect of ours: it is logged, and ends alone.
    """
    tasks = [asyncio.create_task(_logged(each)) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - whatever it is, the service goes on without it
        _log.error("background work ended", exc_info=error)
