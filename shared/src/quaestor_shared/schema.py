"""JSON Schema 2020-12 from the contracts, in the form that other tools read too.

msgspec gives the schema; three things are mended: `\\Z` is Python's alone and becomes `$`,
docstrings lose their indentation and line breaks, and a tagged union says by `if`/`then` which
branch its tag selects, so that a validator reports the faults of the branch that was meant.
"""

import inspect
from typing import Any

import msgspec

__all__ = ["DIALECT", "json_schema", "portable", "unwrap"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(contract: Any, *, schema_id: str | None = None) -> dict[str, Any]:  # noqa: ANN401 - any type form
    """Give the schema of a contract, with `$schema` and, where given, `$id`."""
    head: dict[str, Any] = {"$schema": DIALECT}
    if schema_id:
        head["$id"] = schema_id
    schema: dict[str, Any] = _mend(msgspec.json.schema(contract))
    return head | schema


def portable(pattern: str) -> str:
    """Write a pattern of the contracts, which is Python's, as ECMA-262 and Rust read it too.

    `\\Z` is Python's alone, and `\\w`, which the contracts have inside `[...]` only, means ASCII
    elsewhere.
    """
    return pattern.replace(r"\Z", "$").replace(r"\w", r"\p{L}\p{N}_")


def _mend(node: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(node, list):
        return [_mend(item) for item in node]
    if not isinstance(node, dict):
        return node
    mended = {key: _mend(value) for key, value in node.items()}
    if isinstance(mended.get("pattern"), str):
        mended["pattern"] = portable(mended["pattern"])
    if isinstance(mended.get("description"), str):
        mended["description"] = unwrap(mended["description"])
    if "discriminator" in mended and "anyOf" in mended:
        return _select_by_tag(mended)
    return mended


def unwrap(text: str) -> str:
    """Join the lines of each paragraph; a docstring's width says nothing to a schema's reader."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def _select_by_tag(union: dict[str, Any]) -> dict[str, Any]:
    tag = union["discriminator"]["propertyName"]
    mapping = union["discriminator"]["mapping"]
    others = [branch for branch in union["anyOf"] if branch.get("$ref") not in mapping.values()]
    selected = {
        "type": "object",
        "required": [tag],
        "properties": {tag: {"enum": list(mapping)}},
        "allOf": [
            {"if": {"properties": {tag: {"const": name}}, "required": [tag]}, "then": {"$ref": ref}}
            for name, ref in mapping.items()
        ],
    }
    beside = {key: union[key] for key in union.keys() - {"anyOf", "discriminator"}}
    return beside | ({"anyOf": [*others, selected]} if others else selected)
