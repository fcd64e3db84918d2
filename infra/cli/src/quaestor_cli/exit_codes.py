"""What the command's exit status means."""

from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import QuaestorError

__all__ = ["FINDINGS", "GOOD", "UNREACHABLE", "USAGE", "of"]

GOOD = 0
FINDINGS = 1
USAGE = 2
UNREACHABLE = 3

_UNREACHABLE = {ErrorCode.UNAVAILABLE, ErrorCode.UPSTREAM_ERROR, ErrorCode.INTERNAL_ERROR}
_FINDINGS = {
    ErrorCode.ANSWER_REFUSED,
    ErrorCode.INTERVIEW_INCOMPLETE,
    ErrorCode.DESIGN_REJECTED,
}


def of(failure: QuaestorError) -> int:
    """Give the exit status for a failure that the gateway answered."""
    if failure.code in _UNREACHABLE:
        return UNREACHABLE
    return FINDINGS if failure.code in _FINDINGS else USAGE
