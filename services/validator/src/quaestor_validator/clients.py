"""artifact-store, as validator uses it: users' schemas are kept there, and artifacts."""

import msgspec

from quaestor_shared.client.service_client import ServiceClient, path
from quaestor_shared.client.transport import Transport
from quaestor_shared.contracts.health import HealthEnvelope
from quaestor_shared.contracts.journals import (
    CreateJournal,
    EventInput,
    JournalEnvelope,
)
from quaestor_shared.contracts.versions import (
    Commit,
    CommitEnvelope,
    CreateVersion,
    IfExists,
    JournalAppend,
    VersionEnvelope,
    VersionView,
)
from quaestor_shared.errors import Conflict, Unavailable
from quaestor_shared.telemetry.context import PRINCIPAL_HEADER, principal
from quaestor_validator.domain.schema_index import Registered

__all__ = ["StoreClient"]

FEATURE = "quaestor-schemas"
_KEY = "schemas:registry"
_EVENT = "schema_registered"


class StoreClient:
    """Keeps schemas in artifact-store. Raises what the store answers (QuaestorError).

    A schema's bytes are a version of `schemas/<name>/<version>.json`; what is known of it is an
    event of one journal, written in the same transaction. The journal decides every race.
    """

    def __init__(self, transport: Transport) -> None:
        self._client = ServiceClient(transport, service="artifact-store")
        self._journal: str | None = None

    async def events(self, after: int) -> list[tuple[int, Registered]]:
        """Give what was registered after a position of the journal, with the positions."""
        found: list[tuple[int, Registered]] = []
        journal_id = await self._journal_id()
        while True:
            target = path("/v1/journals/{}", journal_id, after=after + len(found))
            journal = (await self._client.call("GET", target, JournalEnvelope)).data
            found += [
                (event.version, msgspec.convert({**event.data, "at": event.at}, Registered))
                for event in journal.events
            ]
            if not journal.more:
                return found

    async def register(self, schema: Registered, content: bytes, position: int) -> None:
        """Store a schema. Raises VersionMismatch when the journal is not at `position`."""
        event = EventInput(type=_EVENT, data=msgspec.to_builtins(schema))
        version = CreateVersion(
            feature_id=FEATURE,
            path=f"schemas/{schema.name}/{schema.version}.json",
            media_type="application/schema+json",
            base64=content,
            if_exists=IfExists.NEW_VERSION,
        )
        journal = JournalAppend(
            id=await self._journal_id(), expected_version=position, events=(event,)
        )
        commit = Commit(versions=(version,), journal=journal)
        await self._client.call(
            "POST", "/v1/commits", CommitEnvelope, body=commit, headers=_as_service()
        )

    async def content(self, digest: str) -> bytes:
        """Read the bytes that a digest names."""
        return (await self._client.call_raw("GET", path("/v1/blobs/{}", digest))).body

    async def version(self, artifact_id: str, version: int | None) -> VersionView:
        """Give a version of an artifact, or the latest, without its content."""
        target = path("/v1/artifacts/{}/versions/{}", artifact_id, version or "latest")
        return (await self._client.call("GET", target, VersionEnvelope)).data

    async def check(self) -> None:
        """Raise when the store is not ready."""
        await self._client.call("GET", "/health/ready", HealthEnvelope)

    async def close(self) -> None:
        """Close the transport."""
        await self._client.close()

    async def _journal_id(self) -> str:
        """Give the registry's journal; the very first process opens it."""
        if self._journal is None:
            body = CreateJournal(key=_KEY, feature_id=FEATURE)
            try:
                reply = await self._client.call(
                    "POST", "/v1/journals", JournalEnvelope, body=body, headers=_as_service()
                )
                self._journal = reply.data.id
            except Conflict as error:
                if "existing_id" not in error.meta:  # the feature was deleted, or purged
                    raise Unavailable(
                        "The registry of schemas is closed. Whoever runs the store brings it back:"
                        " docs/how-to/schemas.md says how."
                    ) from error
                self._journal = str(error.meta["existing_id"])
        return self._journal


def _as_service() -> dict[str, str]:
    """Write as the validator, which the registry's feature belongs to, for who asked for it."""
    return {PRINCIPAL_HEADER: f"validator:{principal.get()}"}
