"""Load on a server: so many clients, each sending its next request when the last was answered."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import aiohttp

__all__ = ["Send", "load"]

# Sends one request: of which client, and its how-manieth; 0 is sent before the clock runs.
Send = Callable[[aiohttp.ClientSession, int, int], Awaitable[None]]


async def load(clients: int, seconds: float, send: Send) -> tuple[float, list[float]]:
    """Send for a while from so many clients; give requests per second and latencies in ms."""
    latencies: list[float] = []
    async with aiohttp.ClientSession() as session:
        for client in range(clients):  # connections and sessions are warm before the clock runs
            await send(session, client, 0)
        ends = time.perf_counter() + seconds

        async def work(client: int) -> None:
            for turn in itertools.count(1):
                before = time.perf_counter()
                if before >= ends:
                    return
                await send(session, client, turn)
                latencies.append((time.perf_counter() - before) * 1000)

        started = time.perf_counter()
        await asyncio.gather(*map(work, range(clients)))
        return len(latencies) / (time.perf_counter() - started), latencies
