"""The two services that design-api calls."""

from collections.abc import Sequence

import msgspec

from quaestor_design_api.domain.events import Event, from_data, to_data
from quaestor_shared.client.service_client import ServiceClient, path
from quaestor_shared.client.transport import Transport
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.health import HealthEnvelope
from quaestor_shared.contracts.journals import (
    AppendEvents,
    CreateJournal,
    EventInput,
    JournalEnvelope,
    JournalListEnvelope,
    JournalSummary,
    JournalSummaryEnvelope,
    JournalView,
)
from quaestor_shared.contracts.validation import (
    ValidateRequest,
    ValidationEnvelope,
    ValidationReport,
)
from quaestor_shared.contracts.versions import (
    ArtifactListEnvelope,
    Commit,
    CommitEnvelope,
    CommitResult,
    VersionView,
)

__all__ = ["StoreClient", "Transports", "ValidatorClient"]


class Transports(msgspec.Struct, frozen=True, kw_only=True):
    """How the two services are reached: over HTTP, or in this process."""

    store: Transport
    validator: Transport


class StoreClient:
    """artifact-store, as the interview uses it. Raises what the store answers (QuaestorError)."""

    def __init__(self, transport: Transport) -> None:
        self._client = ServiceClient(transport, service="artifact-store")

    async def create_journal(self, key: str, feature_id: str, events: Sequence[Event]) -> str:
        """Open a journal and give its id. Raises Conflict when the key is taken."""
        body = CreateJournal(key=key, feature_id=feature_id, events=_inputs(events))
        reply = await self._client.call("POST", "/v1/journals", JournalEnvelope, body=body)
        return reply.data.id

    async def read_journal(self, journal_id: str, after: int) -> tuple[JournalView, list[Event]]:
        """Read a journal's events after a position, all of them."""
        events: list[Event] = []
        while True:
            target = path("/v1/journals/{}", journal_id, after=after + len(events))
            journal = (await self._client.call("GET", target, JournalEnvelope)).data
            events += [from_data(event.type, event.data) for event in journal.events]
            if not journal.more:
                return journal, events

    async def append(self, journal_id: str, expected: int, events: Sequence[Event]) -> None:
        """Append events. Raises VersionMismatch when the journal has moved on."""
        await self._client.call(
            "POST",
            path("/v1/journals/{}/events", journal_id),
            JournalEnvelope,
            body=AppendEvents(expected_version=expected, events=_inputs(events)),
        )

    async def list_journals(
        self, kind: str, feature_id: str | None, cursor: str | None, limit: int
    ) -> JournalListEnvelope:
        """Give a page of journals, newest first."""
        target = path("/v1/journals", kind=kind, feature_id=feature_id, cursor=cursor, limit=limit)
        return await self._client.call("GET", target, JournalListEnvelope)

    async def delete_journal(self, journal_id: str, if_match: str | None) -> JournalSummary:
        """Delete a journal softly, which frees its key."""
        headers = {} if if_match is None else {"If-Match": if_match}
        target = path("/v1/journals/{}", journal_id)
        return (
            await self._client.call("DELETE", target, JournalSummaryEnvelope, headers=headers)
        ).data

    async def latest(self, feature_id: str, artifact_path: str) -> tuple[VersionView, bytes] | None:
        """Give the latest version at a path with its content, or None where there is none."""
        target = path("/v1/artifacts", feature_id=feature_id, path=artifact_path, limit=1)
        found = (await self._client.call("GET", target, ArtifactListEnvelope)).data
        if not found:
            return None
        version = found[0].latest
        content = path("/v1/artifacts/{}/versions/{}/content", version.artifact_id, version.number)
        return version, (await self._client.call_raw("GET", content)).body

    async def commit(self, commit: Commit) -> CommitResult:
        """Store versions and append events in one transaction. Raises VersionMismatch."""
        return (await self._client.call("POST", "/v1/commits", CommitEnvelope, body=commit)).data

    async def check(self) -> None:
        """Raise when the store is not ready."""
        await self._client.call("GET", "/health/ready", HealthEnvelope)

    async def close(self) -> None:
        """Close the transport."""
        await self._client.close()


class ValidatorClient:
    """validator, as Finalize uses it."""

    def __init__(self, transport: Transport) -> None:
        self._client = ServiceClient(transport, service="validator")

    async def validate(self, artifact: Artifact, narrative: str) -> ValidationReport:
        """Audit an artifact and its narrative."""
        body = ValidateRequest(
            schema="backend", instance=msgspec.to_builtins(artifact), narrative=narrative
        )
        reply = await self._client.call("POST", "/v1/validate", ValidationEnvelope, body=body)
        return reply.data

    async def check(self) -> None:
        """Raise when validator is not ready."""
        await self._client.call("GET", "/health/ready", HealthEnvelope)

    async def close(self) -> None:
        """Close the transport."""
        await self._client.close()


def _inputs(events: Sequence[Event]) -> tuple[EventInput, ...]:
    return tuple(EventInput(type=kind, data=data) for kind, data in map(to_data, events))
