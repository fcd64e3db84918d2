"""Faults in a running process's system calls, by strace (https://strace.io)."""

import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

__all__ = ["WRITES", "can_trace", "counted", "injected"]

# What a create changes the disk with: the content's file, then the database's log.
WRITES = ("write", "pwrite64", "fsync", "fdatasync", "rename", "mkdir", "unlink", "ftruncate")


@cache
def can_trace() -> bool:
    """Say whether there is a strace that may attach to a process of ours."""
    if shutil.which("strace") is None:
        return False
    with subprocess.Popen(["sleep", "30"]) as sleeper:
        try:
            with _attached(sleeper.pid, "-e", "trace=none"):
                return True
        except AssertionError:
            return False
        finally:
            sleeper.kill()


@contextmanager
def injected(pid: int, fault: str) -> Iterator[None]:
    """Inject a fault in a process's system calls, such as `fsync:error=EIO`, for a while."""
    with _attached(pid, "-e", f"trace={fault.partition(':')[0]}", "-e", f"inject={fault}"):
        yield


@contextmanager
def counted(pid: int, log: Path) -> Iterator[Counter[str]]:
    """Count a process's writes to files: how many of each call the busiest thread makes.

    The counts are there when the block has ended.
    """
    counts: Counter[str] = Counter()
    with _attached(pid, "-e", f"trace={','.join(WRITES)}", "-o", str(log)):
        yield counts
    calls = re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.MULTILINE)
    for (_thread, call), number in Counter(calls).items():
        counts[call] = max(counts[call], number)


@contextmanager
def _attached(pid: int, *options: str) -> Iterator[None]:
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), *options], stderr=subprocess.PIPE, bufsize=0
    )
    try:
        _wait(tracer)
        yield
    finally:
        tracer.send_signal(signal.SIGINT)  # lets go of the process, which goes on
        try:
            tracer.wait(2)
        except subprocess.TimeoutExpired:  # it waits for threads that a kill has just ended
            tracer.kill()
            tracer.wait(10)
        if tracer.stderr is not None:
            tracer.stderr.close()


def _wait(tracer: "subprocess.Popen[bytes]") -> None:
    """Wait until strace says that it is there."""
    assert tracer.stderr is not None
    said, deadline = b"", time.monotonic() + 10
    while b"attached" not in said:
        ready, _, _ = select.select([tracer.stderr], [], [], max(0, deadline - time.monotonic()))
        chunk = os.read(tracer.stderr.fileno(), 4096) if ready else b""
        assert chunk, f"strace cannot attach: {said.decode(errors='replace')}"
        said += chunk
