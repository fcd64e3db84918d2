"""Typed calls to another service: Structs in, Structs or a QuaestorError out."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode

import msgspec

from quaestor_shared.client.transport import RawReply, Transport
from quaestor_shared.contracts.errors import ErrorCode, ErrorEnvelope
from quaestor_shared.errors import (
    Conflict,
    Gone,
    NotFound,
    QuaestorError,
    Unavailable,
    VersionMismatch,
)
from quaestor_shared.telemetry import context

__all__ = ["ServiceClient", "path"]

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode
_errors = msgspec.json.Decoder(ErrorEnvelope)
_KINDS = {kind.status: kind for kind in (NotFound, Gone, Conflict, VersionMismatch)}
_FAILED = 400
_OURS = 500


@lru_cache(maxsize=128)
def _decoder(kind: Any) -> "msgspec.json.Decoder[Any]":  # noqa: ANN401 - any type form
    return msgspec.json.Decoder(kind)


def path(template: str, *parts: str | int, **query: str | int | None) -> str:
    """Fill `{}` of a template with percent-encoded parts, and add the query that is not None."""
    target = template.format(*(quote(str(part), safe="") for part in parts))
    given = {name: value for name, value in query.items() if value is not None}
    return f"{target}?{urlencode(given)}" if given else target


class ServiceClient:
    """Calls one service through a Transport, passing correlation id, principal and trace on."""

    def __init__(self, transport: Transport, *, service: str) -> None:
        self._transport = transport
        self._service = service

    async def call(
        self,
        method: str,
        target: str,
        reply: type[T],
        *,
        body: msgspec.Struct | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Send a request and read its reply.

        Raises the QuaestorError that the service answered, or Unavailable when it did not
        answer, or answered what is none of our shapes.
        """
        return self.read(await self.call_raw(method, target, body=body, headers=headers), reply)

    def read(self, raw: RawReply, reply: type[T]) -> T:
        """Read a reply that came. Raises Unavailable for what is none of our shapes."""
        try:
            decoded: T = _decoder(cast("Any", reply)).decode(raw.body)
        except msgspec.DecodeError as error:
            raise self._nonsense() from error
        return decoded

    async def call_raw(
        self,
        method: str,
        target: str,
        *,
        body: msgspec.Struct | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> RawReply:
        """Send a request and give its reply unread; raises as `call` does."""
        sent = [*_hop_headers(), *(headers or {}).items()]
        content = b""
        if body is not None:
            content = _encode(body)
            sent.append(("content-type", "application/json"))
        raw = await self._transport.send(method, target, sent, content)
        if raw.status >= _FAILED:
            raise self._error(raw)
        return raw

    async def close(self) -> None:
        """Close the transport."""
        await self._transport.close()

    def _error(self, raw: RawReply) -> QuaestorError:
        try:
            error = _errors.decode(raw.body).error
        except msgspec.DecodeError:
            return self._nonsense()
        known = error.code in ErrorCode.__members__
        kind = _KINDS.get(raw.status, QuaestorError)
        retry = {"Retry-After": raw.headers["retry-after"]} if "retry-after" in raw.headers else {}
        if raw.status == _OURS or not known:
            return self._nonsense()
        return kind(
            error.message,
            code=ErrorCode(error.code),
            details=error.details,
            meta=error.meta,
            headers=retry,
            status=raw.status,
        )

    def _nonsense(self) -> Unavailable:
        return Unavailable(
            f"The {self._service} service gave an answer that cannot be used.",
            code=ErrorCode.UPSTREAM_ERROR,
            status=502,
        )


def _hop_headers() -> list[tuple[str, str]]:
    from quaestor_shared.telemetry.tracing import outgoing_trace_headers

    headers = [(context.PRINCIPAL_HEADER, context.principal.get()), *outgoing_trace_headers()]
    if (correlation := context.correlation_id.get()) is not None:
        headers.append((context.CORRELATION_HEADER, correlation))
    return headers
