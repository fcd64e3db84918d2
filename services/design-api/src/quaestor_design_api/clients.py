"""The two services that design-api calls."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

from quaestor_design_api.domain.events import Event, from_data, to_data
from quaestor_shared.client.service_client import ServiceClient, path
from quaestor_shared.client.transport import Transport
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.health import HealthEnvelope
from quaestor_shared.contracts.idempotency import KeptReplyEnvelope
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
from quaestor_shared.errors import NotFound
from quaestor_shared.service.idempotency import (
    FINGERPRINT_HEADER,
    KEY_HEADER,
    REPLAYED_HEADER,
    Keyed,
)

__all__ = ["StoreClient", "Transports", "ValidatorClient", "Written"]

T = TypeVar("T")
E = TypeVar("E", bound=Envelope)


class Transports(msgspec.Struct, frozen=True, kw_only=True):
    """How the two services are reached: over HTTP, or in this process."""

    store: Transport
    validator: Transport


class Written(NamedTuple, Generic[T]):
    """What a write gave, and whether it had been done before under its key."""

    data: T
    replayed: bool


class StoreClient:
    """artifact-store, as the interview uses it. Raises what the store answers (QuaestorError)."""

    def __init__(self, transport: Transport) -> None:
        self._client = ServiceClient(transport, service="artifact-store")

    async def create_journal(
        self, key: str, feature_id: str, events: Sequence[Event], keyed: Keyed | None
    ) -> Written[JournalView]:
        """Open a journal. Raises Conflict when the key is taken."""
        body = CreateJournal(key=key, feature_id=feature_id, events=_inputs(events))
        envelope, replayed = await self._post("/v1/journals", JournalEnvelope, body, keyed)
        return Written(envelope.data, replayed)

    async def read_journal(self, journal_id: str, after: int) -> tuple[JournalView, list[Event]]:
        """Read a journal's events after a position, all of them."""
        events: list[Event] = []
        while True:
            target = path("/v1/journals/{}", journal_id, after=after + len(events))
            journal = (await self._client.call("GET", target, JournalEnvelope)).data
            events += [from_data(event.type, event.data) for event in journal.events]
            if not journal.more:
                return journal, events

    async def append(
        self, journal_id: str, expected: int, events: Sequence[Event], keyed: Keyed | None
    ) -> Written[JournalView]:
        """Append events. Raises VersionMismatch when the journal has moved on."""
        body = AppendEvents(expected_version=expected, events=_inputs(events))
        target = path("/v1/journals/{}/events", journal_id)
        envelope, replayed = await self._post(target, JournalEnvelope, body, keyed)
        return Written(envelope.data, replayed)

    async def appended(self, journal_id: str, keyed: Keyed | None) -> JournalView | None:
        """Give what was appended under a key before, or None."""
        return await self._done(path("/v1/journals/{}/events", journal_id), JournalView, keyed)

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
        return found[0].latest, await self.content(found[0].latest)

    async def content(self, version: VersionView) -> bytes:
        """Give the content of a version."""
        target = path("/v1/artifacts/{}/versions/{}/content", version.artifact_id, version.number)
        return (await self._client.call_raw("GET", target)).body

    async def commit(self, commit: Commit, keyed: Keyed | None) -> Written[CommitResult]:
        """Store versions and append events in one transaction. Raises VersionMismatch."""
        envelope, replayed = await self._post("/v1/commits", CommitEnvelope, commit, keyed)
        return Written(envelope.data, replayed)

    async def committed(self, keyed: Keyed | None) -> CommitResult | None:
        """Give what was committed under a key before, or None."""
        return await self._done("/v1/commits", CommitResult, keyed)

    async def check(self) -> None:
        """Raise when the store is not ready."""
        await self._client.call("GET", "/health/ready", HealthEnvelope)

    async def close(self) -> None:
        """Close the transport."""
        await self._client.close()

    async def _post(
        self, target: str, envelope: type[E], body: msgspec.Struct, keyed: Keyed | None
    ) -> tuple[E, bool]:
        raw = await self._client.call_raw("POST", target, body=body, headers=_key_headers(keyed))
        return self._client.read(raw, envelope), REPLAYED_HEADER.lower() in raw.headers

    async def _done(self, route: str, kind: type[T], keyed: Keyed | None) -> T | None:
        if keyed is None:
            return None
        target = path("/v1/kept-replies", method="POST", route=route)
        try:
            kept = await self._client.call(
                "GET", target, KeptReplyEnvelope, headers=_key_headers(keyed)
            )
        except NotFound:
            return None
        return msgspec.convert(kept.data.reply, kind)


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


def _key_headers(keyed: Keyed | None) -> dict[str, str]:
    return {} if keyed is None else {KEY_HEADER: keyed.key, FINGERPRINT_HEADER: keyed.fingerprint}


def _inputs(events: Sequence[Event]) -> tuple[EventInput, ...]:
    return tuple(EventInput(type=kind, data=data) for kind, data in map(to_data, events))
