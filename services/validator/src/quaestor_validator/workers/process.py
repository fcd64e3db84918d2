"""One worker from the outside: started, asked, and killed when its time is over."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from typing import Literal, cast

import msgspec

from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.logging import get_logger
from quaestor_validator.workers.protocol import (
    LONGEST_MESSAGE,
    Message,
    Outcome,
    frame,
    read_outcome,
)

__all__ = ["Limit", "Limits", "WorkerLost", "WorkerProcess"]

Limit = Literal["time", "memory", "stack", "batch"]
# How a process ends by itself: Rust aborts where there is no memory, a full stack is a bad address,
# SIGALRM is the deadline that a worker has set itself, SIGKILL is the system's in need of memory.
_SIGNALS: dict[str, Limit] = {
    "SIGABRT": "memory",
    "SIGKILL": "memory",
    "SIGSEGV": "stack",
    "SIGBUS": "stack",
    "SIGALRM": "time",
}
_KEPT = ("PATH", "LANG", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV")
_START = 30.0  # seconds for a worker to come up
_END = 1.0  # seconds for an idle one to go
_log = get_logger(__name__)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one job may take."""

    seconds: float
    memory_bytes: int


class WorkerLost(Exception):
    """The worker ended over a job, which was over this limit."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


class WorkerProcess:
    """A process that answers jobs one after another."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.is_new = True  # it has not answered a job yet
        self._process = process
        self._input = cast("asyncio.StreamWriter", process.stdin)
        self._output = cast("asyncio.StreamReader", process.stdout)

    @classmethod
    async def start(cls, limits: Limits) -> "WorkerProcess":
        """Start a process, with none of the service's secrets, and wait until it is ready."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "quaestor_validator.workers"),
            *(str(os.getpid()), str(limits.seconds), str(limits.memory_bytes)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={n: v for n, v in os.environ.items() if n in _KEPT or n.startswith("PYTHON")},
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START):
                await worker._read()
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await worker.kill()
            raise Unavailable("No worker could be started; try again in a moment.") from error
        except asyncio.CancelledError:
            await worker.kill()
            raise
        return worker

    async def answer(self, messages: Sequence[Message], jobs: int) -> AsyncGenerator[Outcome]:
        """Send messages, `jobs` of them jobs, and give the outcomes. Raises WorkerLost."""
        # Not drained: while it goes out, what comes back has to be read.
        self._input.write(b"".join(map(frame, messages)))
        try:
            for _ in range(jobs):
                yield await self._read()
        except (asyncio.IncompleteReadError, ConnectionError, msgspec.DecodeError):
            raise WorkerLost(await self._cause()) from None

    async def kill(self) -> None:
        """End the process at once."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def close(self) -> None:
        """Let the process end by itself: its input is over."""
        self._input.close()
        try:
            async with asyncio.timeout(_END):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def _read(self) -> Outcome:
        length = int.from_bytes(await self._output.readexactly(4), "big")
        if length > LONGEST_MESSAGE:
            raise ConnectionError("a worker says too much")
        return read_outcome(await self._output.readexactly(length))

    async def _cause(self) -> Limit:
        """Tell why the process has ended, or is being ended."""
        try:
            async with asyncio.timeout(_END):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
        code = self._process.returncode or 0
        name = signal.Signals(-code).name if code < 0 else ""
        if name not in _SIGNALS:
            _log.error("worker ended", status=code)
        return _SIGNALS.get(name, "memory")
