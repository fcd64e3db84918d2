"""Writes that are done once, however often they are sent, where they come with a key."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.repository import idempotency
from quaestor_artifact_store.repository.idempotency import KeptReply, KeyScope
from quaestor_shared.clock import Clock, utc_now
from quaestor_shared.service.idempotency import Keyed, KeyedStream, in_use, reused
from quaestor_shared.telemetry.context import principal

__all__ = ["Once", "Running", "StreamedOnce"]

T = TypeVar("T")
HOURS = 24
_encode = msgspec.json.Encoder().encode
# The keys that this process is at work for, each with its request's fingerprint.
Running = dict[KeyScope, str]


class Once:
    """One request of a client. With a key, its write is done once and its reply is kept.

    The effect and the reply are one transaction: there is no moment in which a dead process could
    leave one without the other, or a key that nobody frees. A request that is refused changed
    nothing, keeps nothing, and is looked at anew when it comes again.
    """

    def __init__(
        self,
        running: Running | None = None,
        *,
        method: str = "",
        route: str = "",
        keyed: Keyed | None = None,
        clock: Clock = utc_now,
        on_replay: Callable[[], None] = lambda: None,
    ) -> None:
        self._running = {} if running is None else running
        self._method = method
        self._route = route
        self._keyed = keyed
        self._clock = clock
        self._on_replay = on_replay

    async def write(
        self, database: Database, operation: Callable[[Transaction], T], kind: type[T]
    ) -> T:
        """Run an operation whose result is a `kind`, or give the result that it had.

        Raises what the operation raises, and, with code IDEMPOTENCY_KEY_REUSED or
        IDEMPOTENCY_KEY_IN_USE, that the key came with another request or that the first is still
        at it.
        """
        if self._keyed is None:
            return await database.write(operation)
        keyed, scope = self._keyed, self._scope(self._keyed)
        at_work = self._running.get(scope)
        if at_work is not None:
            raise reused() if at_work != keyed.fingerprint else in_use()
        self._running[scope] = keyed.fingerprint
        try:
            result, replayed = await database.write(
                lambda tx: _once(tx, scope, keyed.fingerprint, operation, kind)
            )
        finally:
            del self._running[scope]
        if replayed:
            self._on_replay()
        return result

    async def kept(self, database: Database, kind: type[T]) -> T | None:
        """Give the result that the request had before, or None.

        For use cases that look at what may have changed since, before they come to write. Raises
        that the key came with another request.
        """
        if self._keyed is None:
            return None
        scope, fingerprint = self._scope(self._keyed), self._keyed.fingerprint
        found = await database.read(lambda c: idempotency.find(c, scope, self._clock()))
        if found is None:
            return None
        self._on_replay()
        return _read(found, fingerprint, kind)

    def _scope(self, keyed: Keyed) -> KeyScope:
        return KeyScope(principal.get(), self._method, self._route, keyed.key)


class StreamedOnce:
    """A request of a client whose body is a stream: what it asks for is known at its end."""

    def __init__(
        self, stream: KeyedStream | None = None, make: Callable[[Keyed | None], Once] | None = None
    ) -> None:
        self._stream = stream
        self._make = make

    def feed(self, chunk: bytes) -> None:
        """Take in the next part of the body."""
        if self._stream is not None:
            self._stream.feed(chunk)

    def whole(self) -> Once:
        """Give the request, now that all of it is there."""
        if self._make is None:
            return Once()
        return self._make(None if self._stream is None else self._stream.keyed())


def _once(
    tx: Transaction,
    scope: KeyScope,
    fingerprint: str,
    operation: Callable[[Transaction], T],
    kind: type[T],
) -> tuple[T, bool]:
    """Run an operation, or give what is kept of it; and say which it was."""
    kept = idempotency.find(tx, scope, tx.now)
    if kept is None:
        result = operation(tx)
        reply = KeptReply(fingerprint, _encode(result).decode())
        idempotency.keep(tx, scope, reply, HOURS)
        return result, False
    return _read(kept, fingerprint, kind), True


def _read(kept: KeptReply, fingerprint: str, kind: type[T]) -> T:
    if kept.fingerprint != fingerprint:
        raise reused()
    result: T = msgspec.json.decode(kept.reply, type=cast("Any", kind))
    return result
