"""What can be done with sessions, one use case a method. `finalizing` has the last one."""

import msgspec

from quaestor_design_api.attempts import Attempt
from quaestor_design_api.cache import Session
from quaestor_design_api.clients import StoreClient
from quaestor_design_api.domain.events import Started, from_data
from quaestor_design_api.domain.free_text import read_free_text
from quaestor_design_api.finalizing import Finalizer
from quaestor_design_api.scripts import Scripts
from quaestor_design_api.sessions import KIND, Sessions, check_version
from quaestor_design_api.turning import TurnTaker
from quaestor_design_api.views import has_session, refusal, session_view, turn_reply
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.envelopes import Pagination
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.sessions import (
    CreateSession,
    Finalization,
    SessionSummary,
    SessionView,
    TurnReply,
    TurnRequest,
)
from quaestor_shared.errors import Conflict, InvalidInput
from quaestor_shared.telemetry.context import principal

__all__ = ["InterviewService"]


class InterviewService:
    """Runs interviews. Keeps nothing but a cache: the journals in artifact-store are the truth."""

    def __init__(
        self,
        *,
        store: StoreClient,
        sessions: Sessions,
        scripts: Scripts,
        finalizer: Finalizer,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._scripts = scripts
        self._finalizer = finalizer
        self._clock = clock
        self._turns = TurnTaker(store=store, sessions=sessions, clock=clock)

    async def create(self, request: CreateSession, attempt: Attempt) -> SessionView:
        """Start a session with the newest script of its profile.

        Raises InvalidInput for an unknown profile, Conflict when the feature has a session.
        """
        script = self._scripts.newest(request.profile)
        if script is None:
            known = ", ".join(self._scripts.profiles)
            raise InvalidInput(
                "There is no such profile.",
                details=[ErrorDetail(field="/profile", message=f"must be one of: {known}")],
            )
        started = Started(
            at=self._clock(),
            author=principal.get(),
            feature_id=request.feature_id,
            profile=script.profile,
            script_version=script.version,
        )
        try:
            journal, attempt.replayed = await self._store.create_journal(
                f"{KIND}:{request.feature_id}", request.feature_id, [started], attempt.keyed
            )
        except Conflict as error:
            if "existing_id" not in error.meta:
                raise  # the feature is deleted, and the store says what to do about it
            raise has_session(request.feature_id, error) from error
        events = [from_data(event.type, event.data) for event in journal.events]
        session = self._sessions.folded(journal.id, events)
        return session_view(session if attempt.replayed else self._sessions.keep(session))

    async def read(self, session_id: str) -> Session:
        """Give a session as it is now. Raises NotFound."""
        return await self._sessions.load(session_id)

    async def list(
        self, feature_id: str | None, cursor: str | None, limit: int
    ) -> tuple[tuple[SessionSummary, ...], Pagination]:
        """Give a page of sessions, newest first, and where it goes on."""
        page = await self._store.list_journals(KIND, feature_id, cursor, limit)
        sessions = msgspec.convert(page.data, tuple[SessionSummary, ...], from_attributes=True)
        return sessions, page.meta.pagination or Pagination(limit=limit)

    async def delete(self, session_id: str, if_match: int | None) -> SessionView:
        """End a session softly; the feature may then be interviewed anew."""
        session = await self._sessions.load(session_id)
        check_version(session, if_match)
        await self._store.delete_journal(session_id, f'"{session.state.version}"')
        self._sessions.gone(session_id)
        return session_view(session)

    async def turn(
        self, session_id: str, request: TurnRequest, if_match: int | None, attempt: Attempt
    ) -> TurnReply:
        """Take the answers of a turn; what is acknowledged is on disk.

        Raises NotFound, VersionMismatch, and a 422 when no answer could be taken.
        """
        typed = read_free_text(request.text or "")
        session, result = await self._turns.take(session_id, request, typed, if_match, attempt)
        if result.refused and not result.accepted:
            raise refusal(result, session)
        finalization: Finalization | None = None
        if typed.finalize and not result.refused:
            attempt.replayed = False  # what is done last decides
            unchanged = None if result.events else if_match
            finalization, session = await self._finalizer.finalize(session_id, unchanged, attempt)
        return turn_reply(session, result, finalization)

    async def finalize(
        self, session_id: str, if_match: int | None, attempt: Attempt
    ) -> Finalization:
        """Finalize a session: both files stored, or an error that says what is missing."""
        finalization, _ = await self._finalizer.finalize(session_id, if_match, attempt)
        return finalization
