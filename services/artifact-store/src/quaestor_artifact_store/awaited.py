"""Results that a thread hands back to those who wait for them in an event loop."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

__all__ = ["Outcome", "hand_back"]


class Outcome(NamedTuple):
    """What came of something that is waited for: a value, or an error."""

    waiting: "asyncio.Future[Any]"
    value: Any = None
    error: BaseException | None = None


def hand_back(outcomes: Iterable[Outcome]) -> None:
    """Let all go on who wait, from another thread; each loop is woken once, not once for each."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_loop[outcome.waiting.get_loop()].append(outcome)
    for loop, its in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, its)


def _settle(outcomes: Sequence[Outcome]) -> None:
    for waiting, value, error in outcomes:
        if waiting.done():  # who waited has given up
            continue
        if error is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(value)
