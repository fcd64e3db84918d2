"""What can be done with the audit: it is read, and its chain is checked."""

import time
from collections.abc import Callable

from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.chain import START, Fault, Link
from quaestor_artifact_store.repository import audit, changes
from quaestor_artifact_store.repository.audit import ChangeFilter
from quaestor_shared.contracts.audit import AuditEntry, AuditFault, AuditHead, AuditReport
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["AuditService"]

_PAGE = 500  # entries that a thread checks at a time; others read in between
_PATIENCE = 2.0  # seconds: then the answer says how far it came


class AuditService:
    """The changes, as those who look after the store see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listing(
        self, wanted: ChangeFilter, limit: int, *, newest_first: bool, start: int | None
    ) -> list[AuditEntry]:
        """List changes by filter, beyond a position."""
        return await self._database.read(
            lambda c: audit.listing(c, wanted, limit, newest_first=newest_first, start=start)
        )

    async def link_at(self, position: int) -> Link:
        """Give the place in the chain from which a check may start. Raises InvalidInput."""
        found = await self._database.read(lambda c: audit.hash_at(c, position))
        if position == 0:
            return START
        if found is None:
            raise InvalidInput(
                f"There is no change {position}.",
                details=[ErrorDetail(field="after", message="must be the position of a change")],
            )
        return Link(position, found)

    async def verify(
        self, start: Link, limit: int, expected: Link | None
    ) -> tuple[AuditReport, Link | None]:
        """Check the chain after a place, for a bounded time, and say where to go on.

        `expected` is a head as it was told before: with it, an alteration shows after which all
        later hashes were made anew, too.
        """
        last, fault, whole = await self._follow(start, limit)
        head = await self._database.read(changes.head)
        if fault is None and expected is not None:
            fault = await self._database.read(lambda c: audit.other_head(c, expected))
        report = AuditReport(
            intact=fault is None,
            complete=whole and fault is None,
            after=start.position,
            to=last.position,
            head=AuditHead(position=head.position, hash=head.hash),
            fault=None if fault is None else AuditFault(**fault._asdict()),
        )
        return report, last if fault is None and not whole else None

    async def _follow(self, start: Link, limit: int) -> tuple[Link, Fault | None, bool]:
        """Follow the chain, and say whether its end was reached."""
        last, left, deadline = start, limit, time.monotonic() + _PATIENCE
        while left > 0 and time.monotonic() < deadline:
            last, fault, read = await self._database.read(_following(last, min(left, _PAGE)))
            if fault is not None or read < min(left, _PAGE):
                return last, fault, True
            left -= read
        return last, None, False


def _following(last: Link, limit: int) -> Callable[[Connection], tuple[Link, Fault | None, int]]:
    return lambda connection: audit.follow_on(connection, last, limit)
