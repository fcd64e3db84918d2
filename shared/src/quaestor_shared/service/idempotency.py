"""`Idempotency-Key`: a write that is sent again has its effect once, and the same reply again.

The header is that of draft-ietf-httpapi-idempotency-key-header, where a key is a string in quotes
(RFC 9651, 3.3.3). Most clients send it bare, as they do to Stripe, so both forms are read, and
mean the same key.
"""

import hashlib
import re
from typing import Annotated, Any, NamedTuple

from litestar import Request
from litestar.params import HeaderParameter

from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import BadRequest, Conflict, InvalidInput
from quaestor_shared.service.observed import add_header

__all__ = [
    "FINGERPRINT_HEADER",
    "KEY_HEADER",
    "REPLAYED_HEADER",
    "IdempotencyKey",
    "Keyed",
    "KeyedStream",
    "in_use",
    "note_replay",
    "read_keyed",
    "read_keyed_stream",
    "reused",
]

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
# A service that writes to another on a client's behalf says with this which request of the client
# it is for: its own body has times in it, and differs at each try. The gateway lets no client
# send it.
FINGERPRINT_HEADER = "X-Quaestor-Fingerprint"

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name=KEY_HEADER,
        description="1 to 255 printable ASCII characters, new for each write. Sent again within "
        "24 hours, the write is not done again and its reply comes once more.",
    ),
]
_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_MEANT = ("content-type", "if-match", "if-none-match")


class Keyed(NamedTuple):
    """A request's key, and the SHA-256 of what the request asks for."""

    key: str
    fingerprint: str


class KeyedStream:
    """A request's key, while its body comes in."""

    def __init__(self, key: str, said: bytes) -> None:
        self.key = key
        self._hash = hashlib.sha256(said)

    def feed(self, chunk: bytes) -> None:
        """Take in the next part of the body."""
        self._hash.update(chunk)

    def keyed(self) -> Keyed:
        """Give the key with the fingerprint of what came in."""
        return Keyed(self.key, self._hash.hexdigest())


async def read_keyed(request: Request[Any, Any, Any]) -> Keyed | None:
    """Read the key and the fingerprint of a request, or None where it has no key.

    The fingerprint covers the query, the content type, the conditions and the body. Raises
    InvalidInput for a key that is none.
    """
    stream = read_keyed_stream(request)
    if stream is None:
        return None
    announced = request.headers.get(FINGERPRINT_HEADER, "")
    if _FINGERPRINT.fullmatch(announced):
        return Keyed(stream.key, announced)
    stream.feed(await request.body())
    return stream.keyed()


def read_keyed_stream(request: Request[Any, Any, Any]) -> KeyedStream | None:
    """Read the key of a request whose body is still to come, or None where it has no key.

    Raises InvalidInput for a key that is none.
    """
    given = request.headers.getall(KEY_HEADER, [])
    if not given:
        return None
    said = [request.scope["query_string"]]
    said += [request.headers.get(name, "").strip().encode() for name in _MEANT]
    return KeyedStream(_read_key(given), b"\n".join([*said, b""]))


def _read_key(given: list[str]) -> str:
    text = given[0].strip()
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if len(given) > 1 or _KEY.fullmatch(key) is None:
        raise InvalidInput(
            f"{KEY_HEADER} must be one key of 1 to 255 printable ASCII characters.",
            details=[ErrorDetail(field=KEY_HEADER, message="send for instance a UUID")],
        )
    return key


def reused() -> BadRequest:
    """Give the error for a key that came with another request before."""
    return BadRequest(
        f"This {KEY_HEADER} came with another request before; each request needs its own.",
        code=ErrorCode.IDEMPOTENCY_KEY_REUSED,
        details=[ErrorDetail(field=KEY_HEADER, message="send a new key with a new request")],
        status=422,
    )


def in_use() -> Conflict:
    """Give the error for a request that is sent again while the first is being answered."""
    return Conflict(
        f"The first request with this {KEY_HEADER} is still being answered.",
        code=ErrorCode.IDEMPOTENCY_KEY_IN_USE,
        headers={"Retry-After": "1"},
    )


def note_replay(request: Request[Any, Any, Any]) -> None:
    """Have the reply to a request say, in a header, that it was given before."""
    add_header(request.scope, REPLAYED_HEADER, "true")
