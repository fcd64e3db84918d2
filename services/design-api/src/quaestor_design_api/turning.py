"""Taking a turn: the answers become events, appended where the session was last seen."""

from collections.abc import Sequence

from quaestor_design_api.attempts import Attempt
from quaestor_design_api.cache import Session
from quaestor_design_api.clients import StoreClient
from quaestor_design_api.domain.events import from_data
from quaestor_design_api.domain.free_text import FreeText
from quaestor_design_api.domain.turns import TurnResult, advance
from quaestor_design_api.sessions import Sessions, check_version
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.journals import JournalView
from quaestor_shared.contracts.sessions import AnswerInput, TurnRequest
from quaestor_shared.errors import NotFound, Unavailable, VersionMismatch
from quaestor_shared.telemetry.context import principal

__all__ = ["TurnTaker"]

_RACES = 20


class TurnTaker:
    """Takes turns. A lost race is read up and tried again."""

    def __init__(self, *, store: StoreClient, sessions: Sessions, clock: Clock) -> None:
        self._store = store
        self._sessions = sessions
        self._clock = clock

    async def take(
        self,
        session_id: str,
        request: TurnRequest,
        typed: FreeText,
        if_match: int | None,
        attempt: Attempt,
    ) -> tuple[Session, TurnResult]:
        """Take the answers of a turn, and give the session after it.

        Raises NotFound, VersionMismatch, Unavailable.
        """
        answers = [*request.answers, *typed.answers]
        done = await self._store.appended(session_id, attempt.keyed)
        if done is not None:
            return await self._again(done, answers, typed, attempt)
        session = await self._sessions.load(session_id, fresh=False)
        for _ in range(_RACES):
            if if_match is not None and session.state.version != if_match:
                session = await self._sessions.load(session_id)
                check_version(session, if_match)
            result = _advance(session, answers, typed, author=principal.get(), at=self._clock())
            if not result.events:
                # Nothing will be written, so the journal cannot object to an old state.
                seen, session = session, await self._sessions.load(session_id)
                if session.state.version != seen.state.version:
                    continue
                # The same request may have changed it since it was looked for.
                done = await self._store.appended(session_id, attempt.keyed)
                if done is not None:
                    return await self._again(done, answers, typed, attempt)
                return session, result
            try:
                written = await self._store.append(
                    session_id, session.state.version, result.events, attempt.keyed
                )
            except VersionMismatch:
                session = await self._sessions.load(session_id)
                continue
            except NotFound as error:
                raise self._sessions.gone(session_id, error) from error
            if written.replayed:
                return await self._again(written.data, answers, typed, attempt)
            after = Session(id=session.id, script=session.script, state=result.state)
            return self._sessions.keep(after), result
        raise Unavailable("Too many others answer this session at once; try again.")

    async def _again(
        self,
        done: JournalView,
        answers: Sequence[AnswerInput],
        typed: FreeText,
        attempt: Attempt,
    ) -> tuple[Session, TurnResult]:
        """Give what a turn came to that was taken before, from the session as it was then."""
        attempt.replayed = True
        first = done.events[0]
        event = from_data(first.type, first.data)
        before = await self._sessions.at(done.id, first.version - 1)
        result = _advance(before, answers, typed, author=event.author, at=event.at)
        return Session(id=before.id, script=before.script, state=result.state), result


def _advance(
    session: Session, answers: Sequence[AnswerInput], typed: FreeText, *, author: str, at: str
) -> TurnResult:
    return advance(
        session.script,
        session.state,
        answers,
        unnumbered=typed.unnumbered,
        author=author,
        at=at,
    )
