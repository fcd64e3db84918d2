"""The line for workers: everybody's turn comes."""

import asyncio
from contextlib import suppress

import pytest

from quaestor_shared.errors import Unavailable
from quaestor_validator.workers.line import Line

pytestmark = pytest.mark.anyio


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_callers_take_turns() -> None:
    """However many requests one caller has in the line, another waits for one of them at most."""
    line, order, all_there = Line(size=1, waiting=50), list[str](), asyncio.Event()

    async def work(caller: str) -> None:
        async with line.place(caller), line.turn(caller):
            await all_there.wait()
            order.append(caller)

    tasks = [asyncio.create_task(work(caller)) for caller in ("ada", "ada", "ada", "ada")]
    await settle()
    tasks += [asyncio.create_task(work(caller)) for caller in ("bob", "bob", "eve")]
    await settle()
    all_there.set()
    await asyncio.gather(*tasks)
    assert order == ["ada", "ada", "bob", "eve", "ada", "bob", "ada"]


async def test_who_fills_the_line_keeps_nobody_else_out() -> None:
    """A caller who has a place in a full line gets no other; who has none gets one."""
    line, end = Line(size=1, waiting=1), asyncio.Event()

    async def work(caller: str) -> None:
        async with line.place(caller), line.turn(caller):
            await end.wait()

    tasks = [asyncio.create_task(work("ada")) for _ in range(2)]
    await settle()
    with pytest.raises(Unavailable):
        await work("ada")
    tasks.append(asyncio.create_task(work("bob")))
    await settle()
    assert not tasks[-1].done()
    end.set()
    await asyncio.gather(*tasks)
    await work("ada")


async def test_who_leaves_the_line_takes_no_worker_along() -> None:
    """A caller that leaves while it waits, or just as it is given a worker, gives its turn up."""
    line, end, done = Line(size=1, waiting=9), asyncio.Event(), list[str]()

    async def work(caller: str) -> None:
        async with line.place(caller), line.turn(caller):
            await end.wait()
            done.append(caller)

    tasks = {caller: asyncio.create_task(work(caller)) for caller in ("ada", "bob", "eve", "joe")}
    await settle()
    tasks["bob"].cancel()
    await settle()
    end.set()
    await asyncio.sleep(0)
    tasks["eve"].cancel()
    for task in tasks.values():
        with suppress(asyncio.CancelledError):
            await task
    assert done[0] == "ada"
    assert done[-1] == "joe"
    await work("zoe")
