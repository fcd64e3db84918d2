"""JSON Pointers (RFC 6901)."""

from collections.abc import Iterable

__all__ = ["pointer"]


def pointer(path: Iterable[str | int]) -> str:
    """Write a path as a JSON Pointer; the empty one is the whole document."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
