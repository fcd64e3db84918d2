"""Mends what Litestar's OpenAPI document says of errors: ours have one shape."""

from typing import Any

import msgspec

from quaestor_shared.contracts.errors import ErrorEnvelope
from quaestor_shared.schema import portable, unwrap

__all__ = ["with_error_shape"]

_REF = "#/components/schemas/{name}"


def with_error_shape(document: dict[str, Any]) -> dict[str, Any]:
    """Give a copy in which every operation's errors are an ErrorEnvelope, under `default`.

    The copy is plain JSON that other tools read: defaults that Litestar leaves as Structs are
    written out, and patterns end with `$`, because `\\Z` is Python's alone.
    """
    (root,), components = msgspec.json.schema_components([ErrorEnvelope], ref_template=_REF)
    schemas = document.get("components", {}).get("schemas", {})
    mended: dict[str, Any] = {
        **document,
        "paths": {
            path: {method: _mend(operation, root) for method, operation in operations.items()}
            for path, operations in document.get("paths", {}).items()
        },
        "components": {
            **document.get("components", {}),
            "schemas": dict(sorted({**schemas, **components}.items())),
        },
    }
    plain: dict[str, Any] = _portable(msgspec.to_builtins(mended))
    return plain


def _mend(operation: Any, error: dict[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    if not isinstance(operation, dict) or "responses" not in operation:
        return operation
    kept = {status: reply for status, reply in operation["responses"].items() if status < "400"}
    kept["default"] = {
        "description": "What went wrong, in the one error shape",
        "content": {"application/json": {"schema": error}},
    }
    # Litestar makes a summary of the function's name; the operation's id reads better.
    summary = operation.get("operationId", "").replace("-", " ").capitalize()
    return {**operation, "summary": summary, "responses": kept}


def _portable(node: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(node, list):
        return [_portable(item) for item in node]
    if not isinstance(node, dict):
        return node
    mended = {key: _portable(value) for key, value in node.items()}
    if isinstance(mended.get("pattern"), str):
        mended["pattern"] = portable(mended["pattern"])
    if isinstance(mended.get("description"), str):
        mended["description"] = unwrap(mended["description"])
    return mended
