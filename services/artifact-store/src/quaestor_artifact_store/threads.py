"""Threads for calls that block."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["Threads"]

T = TypeVar("T")


class Threads:
    """So many threads; a call that finds them all busy waits."""

    def __init__(self, number: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix=name)

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call in a thread, in the context of the caller: what it logs is of this request.

        A caller that is cancelled waits for its call, which cannot be: so what the call works on
        is not taken from under it.
        """
        context = contextvars.copy_context()
        running = asyncio.get_running_loop().run_in_executor(self._pool, context.run, call)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            running.exception()  # nobody else will look at it
            raise

    def close(self) -> None:
        """End the threads, when their calls have ended."""
        self._pool.shutdown()
