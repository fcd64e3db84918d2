"""Contents that wait at the same time are kept together, with one sync for all of them."""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from quaestor_artifact_store.awaited import Outcome, hand_back
from quaestor_artifact_store.fs_blobs.files import Files
from quaestor_artifact_store.fs_blobs.journal import Journal
from quaestor_artifact_store.fs_blobs.settling import Settling
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Gathering"]

_log = get_logger(__name__)
_MOST = 256  # contents at once: bounds how long the first one waits
_FULL = 1_000  # contents in a journal: bounds what is done again after a crash
_LARGE = 4_194_304  # bytes of a journal
_OLD = 2.0  # seconds that contents stay in a journal


class _Job(NamedTuple):
    digest: str
    content: bytes
    done: "asyncio.Future[None]"


class Gathering:
    """A thread that keeps contents in groups.

    A content that comes alone is written to its file, synced. Several are written to a journal,
    and so are those that follow soon: that is synced once for a group; then each gets its file,
    without a sync, and is acknowledged. Behind their backs the files are synced, and the journal
    is removed. After a crash what is in a journal is put again.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._settling = Settling(files)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._journal: Journal | None = None
        self._begun = 0.0  # when the journal was
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content. Raises OSError."""
        self._start()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(digest, content, done))
        await done

    def close(self) -> None:
        """Finish what is waiting, and leave no journal."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
        self._settling.close()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gathering", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        ended = False
        while not ended:
            group, ended = self._waiting()
            if group:
                hand_back(self._keep(group))
            if self._journal is not None and (ended or self._is_due(self._journal)):
                self._turn_over()

    def _waiting(self) -> tuple[list[_Job], bool]:
        """Give those who wait, and whether they are the last; none after a while without any."""
        group: list[_Job] = []
        with contextlib.suppress(queue.Empty):
            following = self._jobs.get(timeout=None if self._journal is None else _OLD)
            while following is not None:
                group.append(following)
                if len(group) == _MOST:
                    return group, False
                following = self._jobs.get_nowait()
            return group, True
        return group, False

    def _keep(self, group: list[_Job]) -> list[Outcome]:
        journal = self._journal or (self._begin() if len(group) > 1 else None)
        if journal is None:
            return [
                _attempt(job, partial(self._files.put, job.digest, job.content)) for job in group
            ]
        contents = [self._files.stored(job.digest, job.content) for job in group]
        try:
            journal.write(contents)
        except OSError as error:
            self._turn_over()  # what it has is good, and nothing can be written behind it
            return [Outcome(job.done, error=error) for job in group]
        return [
            _attempt(job, partial(self._files.place, content))
            for job, content in zip(group, contents, strict=True)
        ]

    def _begin(self) -> Journal | None:
        """Begin a journal; give none where that fails, such as on a disk without locks."""
        try:
            self._journal, self._begun = self._files.begin_journal(), time.monotonic()
        except OSError as error:
            _log.warning("no journal of contents", exc_info=error)
        return self._journal

    def _is_due(self, journal: Journal) -> bool:
        full = len(journal.digests) >= _FULL or journal.size >= _LARGE
        return full or time.monotonic() - self._begun >= _OLD

    def _turn_over(self) -> None:
        journal, self._journal = self._journal, None
        if journal is not None:
            self._settling.settle(journal)


def _attempt(job: _Job, keep: Callable[[], None]) -> Outcome:
    try:
        keep()
    except OSError as error:
        return Outcome(job.done, error=error)
    return Outcome(job.done)
