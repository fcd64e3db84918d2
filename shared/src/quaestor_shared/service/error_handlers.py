"""Every exception as the one error shape."""

import re
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response.base import ASGIResponse

from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail, ErrorEnvelope
from quaestor_shared.errors import InvalidInput, MalformedBody, QuaestorError
from quaestor_shared.telemetry.context import correlation_id
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["EXCEPTION_HANDLERS", "error_response", "reply_to"]

_log = get_logger(__name__)
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")  # as Litestar says it
_BY_STATUS = {
    400: (ErrorCode.VALIDATION_ERROR, "The request is not one that is taken here."),
    401: (ErrorCode.UNAUTHENTICATED, "Say who you are: send an API key."),
    403: (ErrorCode.FORBIDDEN, "This is not allowed."),
    404: (ErrorCode.NOT_FOUND, "There is nothing at this address."),
    405: (ErrorCode.METHOD_NOT_ALLOWED, "This address does not take this method; see `Allow`."),
    413: (ErrorCode.PAYLOAD_TOO_LARGE, "The body is larger than what is taken here."),
    415: (ErrorCode.UNSUPPORTED_MEDIA_TYPE, "This content type is not taken here."),
    503: (ErrorCode.UNAVAILABLE, "The service cannot answer right now; try again in a moment."),
}


def error_response(error: QuaestorError) -> Response[ErrorEnvelope]:
    """Give the reply that a QuaestorError becomes."""
    return Response(
        error.envelope(correlation_id.get()),
        status_code=error.status_code,
        media_type="application/json",
        headers=error.headers,
    )


def _on_quaestor_error(
    _request: Request[Any, Any, Any], error: QuaestorError
) -> Response[ErrorEnvelope]:
    return error_response(error)


def _on_http_exception(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[ErrorEnvelope]:
    """Translate what Litestar itself raises: no route, wrong method, bad parameter."""
    status = error.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in _BY_STATUS:
        return _on_defect(request, error)
    faults = _parameter_faults(request, error)
    if any(fault.field == "data" for fault in faults):
        return error_response(MalformedBody("The body is empty; JSON is expected."))
    code, message = _BY_STATUS.get(status, _BY_STATUS[400])
    return error_response(
        QuaestorError(
            message,
            code=code,
            details=faults,
            headers=dict(error.headers or {}),
            status=status,
        )
    )


def _parameter_faults(
    request: Request[Any, Any, Any], error: HTTPException
) -> tuple[ErrorDetail, ...]:
    if not isinstance(error.extra, list):
        missing = _MISSING.match(error.detail)
        return (ErrorDetail(field=missing[1], message="is required"),) if missing else ()
    return tuple(
        ErrorDetail(
            field=_sent_name(request, str(fault.get("key", ""))),
            message=str(fault.get("message", "")),
        )
        for fault in error.extra
        if isinstance(fault, dict)
    )


def _sent_name(request: Request[Any, Any, Any], name: str) -> str:
    """Give the name under which a handler's parameter is sent, where that is another."""
    parameter = request.route_handler.parsed_fn_signature.parameters.get(name)
    sent = getattr(parameter.kwarg_definition, "name", None) if parameter is not None else None
    return sent or name


def _on_recursion(
    _request: Request[Any, Any, Any], _error: RecursionError
) -> Response[ErrorEnvelope]:
    return error_response(InvalidInput("The request is nested too deep."))


def _on_defect(_request: Request[Any, Any, Any], error: Exception) -> Response[ErrorEnvelope]:
    _log.error("defect", exc_info=error)
    return error_response(
        QuaestorError("Something went wrong on our side; the correlation id finds it in our log.")
    )


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    QuaestorError: _on_quaestor_error,
    HTTPException: _on_http_exception,
    RecursionError: _on_recursion,
    Exception: _on_defect,
}


def reply_to(request: Request[Any, Any, Any], error: Exception) -> ASGIResponse:
    """Give the reply to a request that failed, as Litestar finds it by these handlers."""
    handler = next(EXCEPTION_HANDLERS[k] for k in type(error).__mro__ if k in EXCEPTION_HANDLERS)
    response: Response[ErrorEnvelope] = handler(request, error)
    return response.to_asgi_response(app=None, request=request)
