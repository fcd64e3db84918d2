"""What can be done with kept replies: a service asks whether what it is about to write is done."""

import msgspec

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.repository import idempotency
from quaestor_artifact_store.repository.idempotency import KeyScope
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.idempotency import KeptReply
from quaestor_shared.errors import InvalidInput, NotFound
from quaestor_shared.service.idempotency import KEY_HEADER, Keyed, reused
from quaestor_shared.telemetry.context import principal

__all__ = ["KeptReplyService"]


class KeptReplyService:
    """The replies that are kept under the keys of writes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, method: str, route: str, keyed: Keyed | None) -> KeptReply:
        """Give the reply to a write of the caller. Raises NotFound, and that the key was reused."""
        if keyed is None:
            raise InvalidInput(
                "Say which key.", details=[ErrorDetail(field=KEY_HEADER, message="is missing")]
            )
        scope, now = KeyScope(principal.get(), method, route, keyed.key), self._clock()
        kept = await self._database.read(lambda c: idempotency.find(c, scope, now))
        if kept is None:
            raise NotFound("No reply is kept under this key.")
        if kept.fingerprint != keyed.fingerprint:
            raise reused()
        return KeptReply(reply=msgspec.json.decode(kept.reply))
