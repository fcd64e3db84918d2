"""Folded sessions in memory, so that a turn costs one write and no read."""

from collections import OrderedDict

import msgspec

from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.state import State

__all__ = ["Session", "SessionCache"]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session at one version: its id, its pinned script, its state."""

    id: str
    script: Script
    state: State


class SessionCache:
    """Keeps the sessions used last. What it has may be old; the journal decides."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def get(self, session_id: str) -> Session | None:
        """Give a session as it was last seen."""
        session = self._sessions.get(session_id)
        if session is not None:
            self._sessions.move_to_end(session_id)
        return session

    def put(self, session: Session) -> Session:
        """Keep a session, unless a newer version of it is kept already."""
        known = self._sessions.get(session.id)
        if self._size and (known is None or known.state.version <= session.state.version):
            self._sessions[session.id] = session
            self._sessions.move_to_end(session.id)
            if len(self._sessions) > self._size:
                self._sessions.popitem(last=False)
        return session

    def drop(self, session_id: str) -> None:
        """Forget a session."""
        self._sessions.pop(session_id, None)
