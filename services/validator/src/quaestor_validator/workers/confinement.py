"""What a worker does to itself before it touches anything of a user's.

The parent watches the clock. What is here holds even when the parent is gone.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress

__all__ = ["confine", "deadline"]

_PR_SET_PDEATHSIG = 1  # prctl(2)
_GRACE = 2.0  # seconds after the parent should have acted
_POLITE = 10  # nice(2): the service that answers others goes first


def confine(parent: int, memory_bytes: int) -> None:
    """End with the parent, give way to it, and have no more memory than `memory_bytes`."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before it could be watched
            sys.exit(0)
    if os.name == "posix":
        import resource

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service
        with suppress(OSError):
            os.nice(_POLITE)
        # Not every system knows each of them; RLIMIT_AS is the one that holds on Linux.
        for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (memory_bytes, memory_bytes))
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def deadline(seconds: float) -> None:
    """Let the kernel end this process some time after `seconds`; 0 takes that back.

    The signal keeps its default, so that it ends native code too.
    """
    if os.name == "posix":
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE if seconds else 0)
