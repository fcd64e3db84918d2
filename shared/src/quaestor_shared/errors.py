"""The exceptions that a request can end with.

    QuaestorError                what every one of them is; carries code, status, details
    ├── BadRequest               400, 404, 405, 410, 413, 415, 422: the sender's to mend
    │   ├── MalformedBody        400: cannot be read at all
    │   ├── InvalidInput         400: read, and not what is taken
    │   ├── NotFound             404
    │   │   └── Gone             410: it was there, and does not come back
    │   ├── PayloadTooLarge      413
    │   └── UnsupportedMedia     415
    ├── Conflict                 409, 412: right in itself, too late or too early
    │   └── VersionMismatch      412: the version moved on
    └── Unavailable              502, 503, 507: ours or a neighbour's; nothing was lost

An exception that is none of these is a defect. It becomes `INTERNAL_ERROR`, and its text stays
in the log.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from quaestor_shared.contracts.errors import ErrorBody, ErrorCode, ErrorDetail, ErrorEnvelope

__all__ = [
    "BadRequest",
    "Conflict",
    "Gone",
    "InvalidInput",
    "MalformedBody",
    "NotFound",
    "PayloadTooLarge",
    "QuaestorError",
    "Unavailable",
    "UnsupportedMedia",
    "VersionMismatch",
]


class QuaestorError(Exception):
    """A failure with a stable code, a message a person can act on, and every fault's place.

    `meta` holds what a program needs to go on, such as the version that is current now.
    """

    status: ClassVar[int] = 500
    default_code: ClassVar[ErrorCode] = ErrorCode.INTERNAL_ERROR

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode | None = None,
        details: Sequence[ErrorDetail] = (),
        meta: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.details = tuple(details)
        self.meta = dict(meta or {})
        self.headers = dict(headers or {})
        self.status_code = status or self.status

    def envelope(self, correlation_id: str | None) -> ErrorEnvelope:
        """Give the body that is sent."""
        return ErrorEnvelope(
            error=ErrorBody(
                code=self.code,
                message=self.message,
                details=self.details,
                correlation_id=correlation_id,
                meta=self.meta,
            )
        )


class BadRequest(QuaestorError):
    """The sender can mend it."""

    status = 400
    default_code = ErrorCode.VALIDATION_ERROR


class MalformedBody(BadRequest):
    """The body cannot be read: not UTF-8, not JSON, duplicate keys, too deep."""

    default_code = ErrorCode.MALFORMED_BODY


class InvalidInput(BadRequest):
    """The body reads well and is not what this route takes; `details` names every fault."""


class NotFound(BadRequest):
    """There is no such thing, or not for this caller."""

    status = 404
    default_code = ErrorCode.NOT_FOUND


class Gone(NotFound):
    """It was purged: it is no longer there, and will not be again (RFC 9110, 15.5.11)."""

    status = 410
    default_code = ErrorCode.GONE


class PayloadTooLarge(BadRequest):
    """The body is larger than the route takes."""

    status = 413
    default_code = ErrorCode.PAYLOAD_TOO_LARGE


class UnsupportedMedia(BadRequest):
    """The content type or the content encoding is none that the route takes."""

    status = 415
    default_code = ErrorCode.UNSUPPORTED_MEDIA_TYPE


class Conflict(QuaestorError):
    """Well-formed, but at odds with what is there."""

    status = 409
    default_code = ErrorCode.CONFLICT


class VersionMismatch(Conflict):
    """The caller saw an older version; `meta["current_version"]` is the one there now."""

    status = 412
    default_code = ErrorCode.PRECONDITION_FAILED


class Unavailable(QuaestorError):
    """A neighbour or the disk does not answer; the same request may work in a moment."""

    status = 503
    default_code = ErrorCode.UNAVAILABLE

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode | None = None,
        retry_after: int = 1,
        status: int | None = None,
    ) -> None:
        super().__init__(
            message, code=code, headers={"Retry-After": str(retry_after)}, status=status
        )
