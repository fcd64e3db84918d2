"""`python -m quaestor_validator.workers <parent> <seconds> <bytes>`: one worker.

Reads messages from standard input, answers each job on standard output, and ends with its input.
"""

import os
import sys
import traceback
from typing import BinaryIO

from quaestor_validator.workers.checker import Checker
from quaestor_validator.workers.confinement import confine, deadline
from quaestor_validator.workers.memory import most_memory
from quaestor_validator.workers.protocol import (
    Defect,
    Learn,
    Message,
    Outcome,
    OutOfMemory,
    Task,
    Verdict,
    frame,
    read_message,
)

__all__ = ["main"]

_NEARLY = 0.8  # of the limit: the allocation that failed is not counted


def main() -> None:
    """Work until the input ends."""
    parent, seconds, memory_bytes = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    confine(parent, memory_bytes)
    inward, outward = os.fdopen(0, "rb", buffering=1 << 16), os.fdopen(1, "wb", buffering=0)
    checker = Checker(memory_bytes)
    _write(outward, frame(Verdict()))  # ready
    try:
        while (message := _next(inward)) is not None:
            if isinstance(message, Learn):
                checker.learn(message)
                continue
            deadline(seconds)
            outcome = _outcome(checker, message, memory_bytes)
            deadline(0)
            _write(outward, frame(outcome))
    except MemoryError:
        _write(outward, frame(OutOfMemory()))


def _outcome(checker: Checker, job: Task, memory_bytes: int) -> Outcome:
    try:
        return checker.run(job)
    except MemoryError:
        return OutOfMemory()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent logs it and goes on
        # jsonschema-rs panics where Python has no memory for the errors that it copies.
        if isinstance(error, RuntimeError) and most_memory() > _NEARLY * memory_bytes:
            return OutOfMemory()
        return Defect(trace=traceback.format_exc(limit=-20))


def _next(inward: BinaryIO) -> Message | None:
    length = inward.read(4)
    if len(length) < 4:
        return None
    return read_message(inward.read(int.from_bytes(length, "big")))


def _write(outward: BinaryIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[outward.write(rest) :]


if __name__ == "__main__":
    main()
