"""Journals are settled: their contents' files are synced, and then the journals can go."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from quaestor_artifact_store.fs_blobs.files import Files
from quaestor_artifact_store.fs_blobs.journal import Journal, left_behind, read
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Settling", "replay"]

_log = get_logger(__name__)
_WAITING = 4  # journals: more would mean that the disk takes contents faster than it syncs them
_THREADS = 16


class Settling:
    """A thread that settles one journal after the other."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="settling")
        self._waiting: deque[Future[None]] = deque()

    def settle(self, journal: Journal) -> None:
        """Settle a journal, soon; waits where too many are waiting already."""
        self._waiting.append(self._thread.submit(self._settle, journal))
        if len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def close(self) -> None:
        """Settle those that wait."""
        self._thread.shutdown()

    def _settle(self, journal: Journal) -> None:
        """Sync, or where that fails put every content again: what was not synced may be lost.

        A journal that cannot be settled stays, locked, and is put again at the next start.
        """
        try:
            try:
                self._files.sync(journal.digests)
            except OSError as error:
                _log.error("contents not synced", exc_info=error)
                _put_again(self._files, journal.place)
            journal.remove()
        except OSError as error:
            _log.error("journal not settled", journal=journal.place.name, exc_info=error)


def replay(files: Files) -> None:
    """Put again what is in the journals that a crash has left. Raises nothing."""
    try:
        for place in left_behind(files.folders):
            count = _put_again(files, place)
            place.unlink(missing_ok=True)
            _log.info("journal replayed", contents=count)
    except OSError as error:
        _log.error("journals not replayed", exc_info=error)


def _put_again(files: Files, place: Path) -> int:
    """Put each content of a journal, synced, and count them."""
    contents = list(read(place))
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(files.put_stored, contents))
    return len(contents)
