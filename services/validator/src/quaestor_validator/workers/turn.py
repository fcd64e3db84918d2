"""One turn with one worker: as many jobs as it answers in the time that one of them may take."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import aclosing
from typing import Protocol

import msgspec

from quaestor_validator.workers.process import Limit, WorkerLost, WorkerProcess
from quaestor_validator.workers.protocol import (
    Compared,
    Defect,
    Learn,
    Message,
    Needs,
    Outcome,
    OutOfMemory,
    Task,
    Verdict,
)

__all__ = ["Answer", "Exceeded", "Library", "Turn", "WorkerSpent"]


class Exceeded(msgspec.Struct, frozen=True, kw_only=True):
    """The job went over this limit, and was ended."""

    limit: Limit


Answer = Outcome | Exceeded


class Library(Protocol):
    """Where the schemas are that others refer to."""

    async def lesson(self, uris: Sequence[str]) -> Learn:
        """Give the schemas at these URIs; where there is none, it is absent."""


class WorkerSpent(Exception):
    """The worker is not to be asked again."""


class Turn:
    """Takes the jobs without an answer to a worker, in their order."""

    def __init__(
        self,
        worker: WorkerProcess,
        seconds: float,
        jobs: Sequence[Task],
        answers: dict[int, Answer],
    ) -> None:
        self._worker = worker
        self._seconds = seconds
        self._jobs = jobs
        self._answers = answers
        self._todo = deque(index for index in range(len(jobs)) if index not in answers)
        self._unlearned: deque[int] = deque()
        self._asked: set[str] = set()
        self._taught: frozenset[str] = frozenset()
        self._progress = False

    async def run(self, library: Library) -> None:
        """Answer jobs until the time is over. Raises WorkerSpent when the worker is too.

        The time that `library` takes is nobody's fault and does not count.
        """
        loop = asyncio.get_running_loop()
        left = self._seconds
        messages: list[Message] = []
        while self._todo:
            started = loop.time()
            try:
                async with asyncio.timeout(left):
                    await self._ask(messages)
            except TimeoutError as error:
                # At fault is who had all the time. Who came later gets a turn of its own.
                if not self._progress:
                    self._answers[self._todo[0]] = Exceeded(limit="time")
                raise WorkerSpent from error
            except WorkerLost as error:
                self._blame(error.limit)
                raise WorkerSpent from error
            left -= loop.time() - started
            if self._unlearned:
                self._todo, self._unlearned = self._unlearned, deque()
                self._taught = frozenset(self._asked)
                messages = [await library.lesson(sorted(self._taught))]

    async def _ask(self, messages: Sequence[Message]) -> None:
        sent = [*messages, *(self._jobs[index] for index in self._todo)]
        async with aclosing(self._worker.answer(sent, len(self._todo))) as outcomes:
            async for outcome in outcomes:
                self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        """Note the outcome of the job that comes next. Raises WorkerSpent."""
        if isinstance(outcome, Needs):
            self._note(outcome)
            return
        if isinstance(outcome, OutOfMemory):
            self._blame("memory")
            raise WorkerSpent
        self._progress, self._worker.is_new = True, False
        self._answers[self._todo.popleft()] = outcome
        if isinstance(outcome, Verdict | Compared) and outcome.retire:
            raise WorkerSpent

    def _blame(self, limit: Limit) -> None:
        """Give the next job the blame, unless the worker may have ended for what came before.

        Then the job is for another worker, in the end for a new one.
        """
        if self._worker.is_new:
            self._answers[self._todo[0]] = Exceeded(limit=limit)

    def _note(self, needs: Needs) -> None:
        """Put a job off until the worker knows what its schema refers to."""
        index = self._todo.popleft()
        if self._taught.issuperset(needs.uris):
            self._answers[index] = Defect(trace=f"asks again for {needs.uris}")
            return
        self._unlearned.append(index)
        self._asked.update(needs.uris)
