"""Loading a session: what the cache has, brought up to date from its journal."""

from collections.abc import Sequence

from quaestor_design_api.cache import Session, SessionCache
from quaestor_design_api.clients import StoreClient
from quaestor_design_api.domain.events import Event, Started
from quaestor_design_api.domain.state import State, fold
from quaestor_design_api.scripts import Scripts
from quaestor_shared.errors import NotFound, Unavailable, VersionMismatch
from quaestor_shared.ids import is_uuid

__all__ = ["KIND", "Sessions", "check_version"]

KIND = "session"


class Sessions:
    """Finds sessions. A session is a journal in artifact-store, folded with its pinned script."""

    def __init__(self, store: StoreClient, scripts: Scripts, cache: SessionCache) -> None:
        self._store = store
        self._scripts = scripts
        self._cache = cache

    async def load(self, session_id: str, *, fresh: bool = True) -> Session:
        """Give a session; `fresh` asks the journal, else the cache may answer.

        Raises NotFound.
        """
        known = self._cache.get(session_id)
        if known is not None and not fresh:
            return known
        if not is_uuid(session_id):
            raise self.gone(session_id)
        try:
            return await self._read(session_id, known)
        except NotFound as error:
            raise self.gone(session_id, error) from error

    async def at(self, session_id: str, version: int) -> Session:
        """Give a session as it stood at a version. Raises NotFound."""
        try:
            _, events = await self._store.read_journal(session_id, 0)
        except NotFound as error:
            raise self.gone(session_id, error) from error
        return self.folded(session_id, events[:version])

    def folded(self, session_id: str, events: Sequence[Event]) -> Session:
        """Make a session of its events. Raises NotFound where they are not those of one."""
        started = events[0] if events else None
        if not isinstance(started, Started):
            raise self.gone(session_id)
        script = self._scripts.pinned(started.profile, started.script_version)
        if script is None:
            raise Unavailable("This session's script is newer than this service.")
        return Session(id=session_id, script=script, state=fold(script, State(), events))

    def keep(self, session: Session) -> Session:
        """Remember a session as it stands after a write."""
        return self._cache.put(session)

    def gone(self, session_id: str, error: NotFound | None = None) -> NotFound:
        """Forget a session that was deleted, and give the error that says so.

        The store's own error is given where it says more: that the feature is deleted, and how it
        is brought back.
        """
        self._cache.drop(session_id)
        if error is not None and "deleted_at" in error.meta:
            return error
        return NotFound("There is no session with this id.")

    async def _read(self, session_id: str, known: Session | None) -> Session:
        after = known.state.version if known is not None else 0
        journal, events = await self._store.read_journal(session_id, after)
        if not journal.key.startswith(f"{KIND}:"):
            raise self.gone(session_id)
        if known is not None:
            return self._cache.put(
                Session(
                    id=session_id,
                    script=known.script,
                    state=fold(known.script, known.state, events),
                )
            )
        return self._cache.put(self.folded(session_id, events))


def check_version(session: Session, expected: int | None) -> None:
    """Raise VersionMismatch when the client saw another version than there is."""
    current = session.state.version
    if expected is not None and expected != current:
        raise VersionMismatch(
            f"The session is at version {current} by now; read it and try again.",
            meta={"current_version": current},
            headers={"ETag": f'"{current}"'},
        )
