"""A few workers, kept warm: jobs get one in turn, and what a job breaks is replaced."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from quaestor_shared.telemetry.context import principal
from quaestor_validator.workers.line import Line
from quaestor_validator.workers.process import Limits, WorkerProcess
from quaestor_validator.workers.protocol import Task
from quaestor_validator.workers.turn import Answer, Exceeded, Library, Turn, WorkerSpent

__all__ = ["WorkerPool"]


class WorkerPool:
    """Runs jobs on at most `size` workers; `waiting` more callers may stand in line."""

    def __init__(self, limits: Limits, *, size: int, waiting: int) -> None:
        self._limits = limits
        self._idle: list[WorkerProcess] = []
        self._line = Line(size, waiting)

    async def run(
        self, jobs: Sequence[Task], library: Library, *, seconds: float | None = None
    ) -> list[Answer]:
        """Answer the jobs in their order. Raises Unavailable when too many stand in line.

        A turn with a worker is as long as one job may be, and the rest has to stand in line
        again: a caller with many jobs does not keep others from theirs, nor does one with many
        requests. After so many `seconds` no new turn begins.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (math.inf if seconds is None else seconds)
        answers: dict[int, Answer] = {}
        caller = principal.get()
        async with self._line.place(caller):
            while len(answers) < len(jobs) and loop.time() < until:
                async with self._line.turn(caller), self._worker() as worker:
                    await Turn(worker, self._limits.seconds, jobs, answers).run(library)
        return [answers.get(index, Exceeded(limit="batch")) for index in range(len(jobs))]

    async def close(self) -> None:
        """End the workers. Nothing may be running."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.close() for worker in idle))

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[WorkerProcess]:
        """Give a worker, and keep it only if nothing went wrong with it."""
        worker = self._idle.pop() if self._idle else await WorkerProcess.start(self._limits)
        try:
            yield worker
        except WorkerSpent:
            await worker.kill()
        except BaseException:
            await worker.kill()
            raise
        else:
            self._idle.append(worker)
