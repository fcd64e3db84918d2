"""The OpenAPI documents of the services, merged into one."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from quaestor_gateway.domain.merging import merge
from quaestor_shared.asgi_types import ASGIApp
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.contracts.health import HealthEnvelope
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry import context

__all__ = ["Documents", "check_upstream"]

_GOOD = 200


class Documents:
    """Asks each service for its document, once, and merges them."""

    def __init__(self, upstreams: Mapping[str, ASGIApp]) -> None:
        self._upstreams = upstreams
        self._merged: dict[str, Any] | None = None

    async def merged(self) -> dict[str, Any]:
        """Give the merged document. Raises Unavailable while a service is down."""
        if self._merged is None:
            names = sorted(self._upstreams)
            documents = await asyncio.gather(*(_document(self._upstreams[n]) for n in names))
            self._merged = merge(dict(zip(names, documents, strict=True)))
        return self._merged


async def check_upstream(upstream: ASGIApp) -> None:
    """Raise Unavailable when a service says that it is not ready, or says nothing."""
    reply = await AsgiTransport(upstream).send("GET", "/health/ready", _headers(), b"")
    if reply.status != _GOOD:
        raise Unavailable("The service is not ready.")
    msgspec.json.decode(reply.body, type=HealthEnvelope)


async def _document(upstream: ASGIApp) -> dict[str, Any]:
    reply = await AsgiTransport(upstream).send("GET", "/openapi/openapi.json", _headers(), b"")
    if reply.status != _GOOD:
        raise Unavailable("A service does not tell its document; try again in a moment.")
    try:
        return msgspec.json.decode(reply.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Unavailable(
            "A service's document cannot be read.", code=ErrorCode.UPSTREAM_ERROR, status=502
        ) from error


def _headers() -> list[tuple[str, str]]:
    return [(context.CORRELATION_HEADER, context.correlation_id.get() or "")]
