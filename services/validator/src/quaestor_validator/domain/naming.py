"""The URIs that a schema is known by: which it gives itself, and which it may not have."""

from typing import Any

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_validator.domain.dialects import id_keyword, is_standard
from quaestor_validator.domain.references import BASE, is_absolute, resolve, without_fragment

__all__ = ["named_by", "naming_faults"]


def named_by(document: Any, base: str) -> str | None:  # noqa: ANN401 - a JSON value
    """Give the absolute URI that a schema calls itself, if it does."""
    text = _own_name(document)
    return without_fragment(resolve(base, text)) if text else None


def naming_faults(document: Any, base: str, uri: str | None) -> list[ErrorDetail]:  # noqa: ANN401
    """Find names that are not a user's to give; `uri` is the one it is registered with."""
    faults = []
    if uri is not None:
        if not is_absolute(uri) or "#" in uri:
            faults.append(ErrorDetail(field="uri", message="must be absolute, without a fragment"))
        elif _is_taken(uri):
            faults.append(ErrorDetail(field="uri", message="names schemas that are not yours"))
    place, own = f"/{id_keyword(document)}", named_by(document, base)
    if own is not None and own != base and _is_taken(own):
        faults.append(ErrorDetail(field=place, message="names schemas that are not yours"))
    return faults


def _own_name(document: Any) -> str | None:  # noqa: ANN401 - a JSON value
    name = document.get(id_keyword(document)) if isinstance(document, dict) else None
    return name if isinstance(name, str) else None


def _is_taken(uri: str) -> bool:
    return is_standard(uri) or uri.startswith((BASE, "urn:quaestor:"))
