"""Tells those who answer without end that the server is about to stop.

A server lets requests finish before it closes what they stand on; a stream of events has no end to
wait for. The lifespan is told too late, when all answers are out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["closing", "on_closing"]

_told: set[Callable[[], None]] = set()


@contextmanager
def on_closing(callback: Callable[[], None]) -> Iterator[None]:
    """Have a callback called, in the event loop, should the server stop during the block."""
    _told.add(callback)
    try:
        yield
    finally:
        _told.discard(callback)


def closing() -> None:
    """Tell everyone that the server stops."""
    for callback in tuple(_told):
        callback()
