"""What is said of things that were deleted or purged, to who reads them and to who writes."""

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import Conflict, Gone, NotFound

__all__ = ["check_writable", "deleted", "not_deleted", "purged"]


def deleted(what: str, at: str, restorations: str) -> NotFound:
    """Give the error for reading what is deleted; `restorations` is where it is brought back."""
    return NotFound(
        f"{what} was deleted at {at}. POST {restorations} brings it back, until it is purged.",
        meta={"deleted_at": at},
    )


def purged(what: str, at: str) -> Gone:
    """Give the error for what is gone for good."""
    return Gone(f"{what} was purged at {at} and does not come back.", meta={"purged_at": at})


def not_deleted(what: str, to_do: str) -> Conflict:
    """Give the error for restoring or purging what is live."""
    return Conflict(f"{what} is not deleted; only what is deleted can be {to_do}.")


def check_writable(
    feature_id: str, deleted_at: str | None, purged_at: str | None, place: str | None = None
) -> None:
    """Raise Conflict for a feature that is deleted, and say what to do about it.

    `place` is what names the feature in the request.
    """
    if purged_at is not None:
        raise _closed(
            f"Feature {feature_id} was purged at {purged_at}, and no id is given twice."
            " Take another feature_id.",
            {"purged_at": purged_at},
            place,
        )
    if deleted_at is not None:
        raise _closed(
            f"Feature {feature_id} was deleted at {deleted_at}; nothing is written to it."
            f" POST /v1/features/{feature_id}/restorations brings it back.",
            {"deleted_at": deleted_at},
            place,
        )


def _closed(message: str, meta: dict[str, str], place: str | None) -> Conflict:
    details = [] if place is None else [ErrorDetail(field=place, message="the feature is closed")]
    return Conflict(message, meta=meta, details=details)
