"""Many things at once, but not all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

__all__ = ["for_each"]

T = TypeVar("T")


async def for_each(
    items: Iterable[T], act: Callable[[T], Awaitable[None]], *, at_once: int = 8
) -> None:
    """Act on each item, so many at once. The first failure ends the others, and is raised."""
    free = asyncio.Semaphore(at_once)

    async def one(item: T) -> None:
        async with free:
            await act(item)

    try:
        async with asyncio.TaskGroup() as tasks:
            for item in items:
                tasks.create_task(one(item))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
