"""What can be done with events: they are read page by page, or followed."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.events import Wanted, event_of, message
from quaestor_artifact_store.repository import audit, changes
from quaestor_artifact_store.repository.audit import ChangeFilter
from quaestor_artifact_store.service.feed import Feed
from quaestor_shared.contracts.audit import AuditEntry
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.events import CloudEvent
from quaestor_shared.errors import InvalidInput, Unavailable

__all__ = ["EventService", "Subscription"]

_encode = msgspec.json.Encoder().encode
_RETRY = 2_000  # milliseconds after which a client that lost its line may come back
_PAGE = 500
_MOST = 10_000  # changes that are looked at for one page


class EventService:
    """Events, for who asks now and for who stays on the line."""

    def __init__(
        self, database: Database, feed: Feed, *, keep_alive_s: float, most_streams: int
    ) -> None:
        self._database = database
        self._feed = feed
        self._keep_alive = keep_alive_s
        self._most = most_streams
        self._open = 0

    async def page(
        self, wanted: Wanted, start: int, limit: int
    ) -> tuple[list[CloudEvent], int | None]:
        """Give events after a position, and the position after which there may be more."""
        found: list[AuditEntry] = []
        position = start
        while position < start + _MOST:
            page = await self._read(wanted, position)
            found += [change for change in page if change in wanted]
            if len(found) > limit:
                return [event_of(change) for change in found[:limit]], found[limit - 1].position
            if len(page) < _PAGE:
                return [event_of(change) for change in found], None
            position = page[-1].position
        return [event_of(change) for change in found], position

    async def subscribe(self, wanted: Wanted, after: int | None) -> "Subscription":
        """Follow the events after a position, or from now on.

        Raises InvalidInput for a position that is not there yet, Unavailable when there are as
        many streams as may be.
        """
        head = (await self._database.read(changes.head)).position
        if after is not None and after > head:
            raise InvalidInput(
                f"There is no event {after} yet; the newest is {head}.",
                details=[ErrorDetail(field="Last-Event-ID", message="must be that of an event")],
            )
        if self._open >= self._most:
            raise Unavailable("As many as may follow the events do so already.", retry_after=5)
        self._open += 1
        return Subscription(self, wanted, head if after is None else after)

    async def stream(self, wanted: Wanted, after: int) -> AsyncIterator[bytes]:
        """Write events after a position as they come, until the server stops."""
        clock = asyncio.get_running_loop().time
        position, sent = after, clock()
        yield message(position=position, retry=_RETRY)
        with self._feed.followed():
            while not self._feed.ended:
                page = await self._feed.after(position)
                position = page[-1].position if page else position
                told = b"".join(_told(change) for change in page if change in wanted)
                if not told and clock() - sent >= self._keep_alive:
                    told = message(position=position)
                if told:
                    yield told
                    sent = clock()
                if not page:
                    left = max(self._keep_alive - (clock() - sent), 0)
                    await self._feed.wait(position, left)

    def left(self) -> None:
        """Make room for another stream."""
        self._open -= 1

    async def _read(self, wanted: Wanted, position: int) -> list[AuditEntry]:
        filters = ChangeFilter(feature_id=wanted.feature_id, type=wanted.only_type)
        return await self._database.read(
            lambda c: audit.listing(c, filters, _PAGE, newest_first=False, start=position)
        )


class Subscription:
    """A place among the streams, until it is left."""

    def __init__(self, events: EventService, wanted: Wanted, after: int) -> None:
        self._events = events
        self.messages = events.stream(wanted, after)

    def leave(self) -> None:
        """Give the place to another."""
        self._events.left()


def _told(change: AuditEntry) -> bytes:
    return message(position=change.position, data=_encode(event_of(change)))
