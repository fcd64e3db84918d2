"""JSON Pointers (RFC 6901)."""

import re
from collections.abc import Iterable

__all__ = ["Path", "pointer", "reach", "split_fault", "steps"]

Path = tuple[str | int, ...]
LONGEST_POINTER = 4_096  # characters, before escapes


def pointer(path: Iterable[str | int]) -> str:
    """Write a path as a JSON Pointer; the empty one is the whole document."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def reach(path: Path) -> Path:
    """Give as much of a path as a pointer of 4,096 characters can say.

    A pointer that is cut would lead nowhere; one to the parent leads near.
    """
    size = 0
    for number, step in enumerate(path):
        size += 1 + len(str(step))
        if size > LONGEST_POINTER:
            return path[:number]
    return path


def steps(pointer: str) -> list[str]:
    """Read a JSON Pointer back into its steps; an index is a text as well."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def split_fault(message: str) -> tuple[str, str]:
    """Cut msgspec's "Expected `str` - at `$.items[0].name`" into the fault and a JSON Pointer."""
    fault, _, place = message.partition(" - at `$")
    return fault, re.sub(r"\.|\[", "/", place.rstrip("`")).replace("]", "")
