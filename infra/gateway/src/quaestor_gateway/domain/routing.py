"""Which service answers which path, and which paths and headers go no further."""

from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes

__all__ = [
    "PUBLIC",
    "is_upload",
    "quoted_path",
    "request_headers",
    "response_headers",
    "safe_path",
    "upstream_of",
]

PUBLIC = {
    "/v1/sessions": "design-api",
    "/v1/validate": "validator",
    "/v1/schemas": "validator",
    "/v1/rules": "validator",
    "/v1/presets": "validator",
    "/v1/fix": "validator",
    "/v1/diff": "validator",
    "/v1/archives": "artifact-store",
    "/v1/artifacts": "artifact-store",
    "/v1/batches": "artifact-store",
    "/v1/blobs": "artifact-store",
    "/v1/features": "artifact-store",
    "/v1/search": "artifact-store",
    "/v1/audit": "artifact-store",
    "/v1/events": "artifact-store",
    "/v1/webhooks": "artifact-store",
}

Headers = Iterable[tuple[bytes, bytes]]

# RFC 9110, 7.6.1: these speak of one connection alone.
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
# The key stays here; what a service believes of the caller is ours to say.
_OURS = frozenset(
    b"host authorization x-api-key cookie expect x-correlation-id traceparent tracestate".split()
)


def upstream_of(path: str) -> str | None:
    """Give the name of the service that a public path belongs to, or None."""
    prefix = "/".join(path.split("/", 3)[:3])
    return PUBLIC.get(prefix)


def is_upload(method: str, path: str) -> bool:
    """Say whether a request's body is a content, an archive or lines: streamed, maybe large."""
    return (method == "PUT" and path.startswith("/v1/blobs/")) or (
        method == "POST" and path in {"/v1/archives", "/v1/validate/stream"}
    )


def quoted_path(path: str) -> bytes:
    """Give a path as it stands in a request (RFC 3986, 3.3)."""
    return quote(path, safe="/:@!$&'()*+,;=", errors="surrogatepass").encode()


def safe_path(raw_path: bytes) -> bool:
    """Say whether a path means the same to everybody: UTF-8, no `..`, no control character."""
    try:
        path = unquote_to_bytes(raw_path).decode()
    except UnicodeDecodeError:
        return False
    return (
        path.isprintable()
        and "\\" not in path
        and not any(segment in {".", ".."} for segment in path.split("/"))
    )


def request_headers(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Give the headers of a request that may go on to a service."""
    given = list(headers)
    stopped = _HOP_BY_HOP | _OURS | _named_by_connection(given)
    return [
        (name, value)
        for name, value in given
        if name not in stopped and not name.startswith(b"x-quaestor-")
    ]


def response_headers(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Give the headers of a response that may go on to the client."""
    given = [(name.lower(), value) for name, value in headers]
    stopped = _HOP_BY_HOP | {b"server", b"date"} | _named_by_connection(given)
    return [(name, value) for name, value in given if name not in stopped]


def _named_by_connection(headers: list[tuple[bytes, bytes]]) -> set[bytes]:
    return {
        option.strip().lower()
        for name, value in headers
        if name == b"connection"
        for option in value.split(b",")
    }
