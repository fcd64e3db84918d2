"""The one shape of every failure, and the stable codes that it carries."""

from enum import StrEnum
from typing import Any, Literal

from quaestor_shared.contracts.base import Reply

__all__ = ["ErrorBody", "ErrorCode", "ErrorDetail", "ErrorEnvelope"]


class ErrorCode(StrEnum):
    """Stable names of what can go wrong. A program switches on these, never on messages."""

    MALFORMED_BODY = "MALFORMED_BODY"  # 400: not UTF-8, not JSON, duplicate keys, too deep
    VALIDATION_ERROR = "VALIDATION_ERROR"  # 400: readable, but not what the route takes
    DIGEST_MISMATCH = "DIGEST_MISMATCH"  # 400: a content does not have the digest it came under
    UNAUTHENTICATED = "UNAUTHENTICATED"  # 401
    FORBIDDEN = "FORBIDDEN"  # 403
    NOT_FOUND = "NOT_FOUND"  # 404
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"  # 405
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"  # 406
    CONFLICT = "CONFLICT"  # 409: it exists already
    INTERVIEW_INCOMPLETE = "INTERVIEW_INCOMPLETE"  # 409: Finalize came too early
    DESIGN_REJECTED = "DESIGN_REJECTED"  # 409: the audit found errors in the design
    IDEMPOTENCY_KEY_IN_USE = "IDEMPOTENCY_KEY_IN_USE"  # 409: the first request still runs
    GONE = "GONE"  # 410: it was purged, and does not come back
    PRECONDITION_FAILED = "PRECONDITION_FAILED"  # 412: the version moved on
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"  # 413
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"  # 415
    RANGE_NOT_SATISFIABLE = "RANGE_NOT_SATISFIABLE"  # 416: the content ends before the range
    ANSWER_REFUSED = "ANSWER_REFUSED"  # 422: no answer of the turn could be taken
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"  # 422: the key came with another request
    SCHEMA_LIMIT_EXCEEDED = "SCHEMA_LIMIT_EXCEEDED"  # 422: a check took more than it may
    PRECONDITION_REQUIRED = "PRECONDITION_REQUIRED"  # 428
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"  # 429
    INTERNAL_ERROR = "INTERNAL_ERROR"  # 500: ours; the correlation id finds it in the log
    NOT_SUPPORTED = "NOT_SUPPORTED"  # 501: not as this installation is set up
    UPSTREAM_ERROR = "UPSTREAM_ERROR"  # 502: another service answered nonsense
    UNAVAILABLE = "UNAVAILABLE"  # 503: try again after `Retry-After`
    STORAGE_FULL = "STORAGE_FULL"  # 507


class ErrorDetail(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """One fault and its place.

    `field` is a JSON Pointer (RFC 6901) into the body, a parameter's or header's name, or the
    number of a question. `position` counts characters from 0 in a text answer; `pointer` is the
    place in a JSON answer or in the artifact.
    """

    field: str
    message: str
    code: str | None = None
    position: int | None = None
    pointer: str | None = None
    example: str | None = None


class ErrorBody(Reply, frozen=True, kw_only=True):
    """What went wrong, said to a program (`code`), to a person (`message`) and in full."""

    code: str
    message: str
    details: tuple[ErrorDetail, ...] = ()
    correlation_id: str | None = None
    meta: dict[str, Any] = {}


class ErrorEnvelope(Reply, frozen=True, kw_only=True):
    """The body of every answer whose status is 400 or above."""

    success: Literal[False] = False
    error: ErrorBody
