"""The gateway, as the command uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quaestor_shared.client.http import HttpTransport
from quaestor_shared.client.service_client import ServiceClient, path
from quaestor_shared.contracts.diffs import DiffEnvelope, DiffReport, DiffRequest
from quaestor_shared.contracts.fixes import FixEnvelope, FixReport
from quaestor_shared.contracts.sessions import (
    CreateSession,
    Finalization,
    FinalizationEnvelope,
    SessionEnvelope,
    SessionView,
    TurnEnvelope,
    TurnReply,
    TurnRequest,
)
from quaestor_shared.contracts.validation import (
    RuleListEnvelope,
    RuleView,
    ValidateRequest,
    ValidationEnvelope,
    ValidationReport,
)

__all__ = ["Api", "connect"]


class Api:
    """Calls the public routes. Raises QuaestorError as the gateway answers it."""

    def __init__(self, client: ServiceClient, api_key: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {api_key}"}

    async def create(self, feature_id: str, profile: str) -> SessionView:
        """Start a session. Raises Conflict with `existing_id` when the feature has one."""
        body = CreateSession(feature_id=feature_id, profile=profile)
        reply = await self._client.call(
            "POST", "/v1/sessions", SessionEnvelope, body=body, headers=self._headers
        )
        return reply.data

    async def session(self, session_id: str) -> SessionView:
        """Read a session."""
        target = path("/v1/sessions/{}", session_id)
        reply = await self._client.call("GET", target, SessionEnvelope, headers=self._headers)
        return reply.data

    async def turn(self, session_id: str, text: str) -> TurnReply:
        """Take a turn as a person types it."""
        target = path("/v1/sessions/{}/turns", session_id)
        reply = await self._client.call(
            "POST", target, TurnEnvelope, body=TurnRequest(text=text), headers=self._headers
        )
        return reply.data

    async def finalize(self, session_id: str) -> Finalization:
        """Finalize a session."""
        target = path("/v1/sessions/{}/finalizations", session_id)
        reply = await self._client.call("POST", target, FinalizationEnvelope, headers=self._headers)
        return reply.data

    async def validate(self, request: ValidateRequest) -> ValidationReport:
        """Audit a document."""
        reply = await self._client.call(
            "POST", "/v1/validate", ValidationEnvelope, body=request, headers=self._headers
        )
        return reply.data

    async def diff(self, request: DiffRequest) -> DiffReport:
        """Compare two artifacts."""
        reply = await self._client.call(
            "POST", "/v1/diff", DiffEnvelope, body=request, headers=self._headers
        )
        return reply.data

    async def fix(self, request: ValidateRequest) -> FixReport:
        """Apply the safe fixes of a document."""
        reply = await self._client.call(
            "POST", "/v1/fix", FixEnvelope, body=request, headers=self._headers
        )
        return reply.data

    async def rules(self) -> tuple[RuleView, ...]:
        """List the rules."""
        reply = await self._client.call("GET", "/v1/rules", RuleListEnvelope, headers=self._headers)
        return reply.data


@asynccontextmanager
async def connect(url: str, api_key: str) -> AsyncIterator[Api]:
    """Open a connection to a gateway, and close it after use."""
    client = ServiceClient(HttpTransport(url), service="gateway")
    try:
        yield Api(client, api_key)
    finally:
        await client.close()
