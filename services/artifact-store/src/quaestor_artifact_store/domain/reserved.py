"""Features that belong to services of this system: who may write to them.

What a service keeps in the store for itself, such as the registry of schemas, is in a feature whose
id starts with `quaestor-`. Any key may read it. Only the service writes to it, as an actor
`<service>:<who asked for it>`, which no name of an API key can be.
"""

from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import QuaestorError

__all__ = ["PREFIX", "check_open"]

PREFIX = "quaestor-"


def check_open(slug: str, actor: str, place: str | None = None) -> None:
    """Raise an error of status 403 for a write to a reserved feature by who is no service.

    `place` is what names the feature in the request.
    """
    if slug.startswith(PREFIX) and ":" not in actor:
        details = [ErrorDetail(field=place, message="it is reserved")] if place is not None else []
        raise QuaestorError(
            f"Feature {slug} belongs to a service of this system and is written to by that alone."
            " Take another feature_id.",
            code=ErrorCode.FORBIDDEN,
            details=details,
            status=403,
        )
