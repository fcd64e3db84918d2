"""The faults of an instance, one after the other, in bounded time and memory.

jsonschema-rs collects all errors before it gives the first, each with a copy of the value that it
is about: 200,000 wrong items take seconds and half a gigabyte, a hundred missing members of a
large object a minute. So a large instance is searched from the top, along `properties` and
`items`, where the faults of the whole are those of the parts: what is valid is skipped, and only
small parts are asked for their errors. Whoever has enough stops asking.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.pointers import pointer
from quaestor_shared.schema import json_schema
from quaestor_shared.service.faults import Fault, Scope, meant_faults
from quaestor_shared.service.schema_tree import ANNOTATIONS, SchemaTree, compiled

__all__ = ["faults_in", "faults_of"]

MOST = 100
_EXTRAS = 10_001  # unknown names of one object that are told of
_SMALL = 500  # values in a part that is asked for its errors at once
_OWN = frozenset(
    {
        "type",
        "required",
        "properties",
        "additionalProperties",
        "minItems",
        "maxItems",
    }
)
_PLAIN = _OWN | ANNOTATIONS | {"items"}


def faults_of(value: Any, contract: Any) -> tuple[ErrorDetail, ...]:  # noqa: ANN401 - JSON, a type
    """List what keeps `value` from being a `contract`, by place, at most 100 faults."""
    details = _unlike(_detail(fault) for fault in faults_in(_tree(contract), value))
    return tuple(islice(details, MOST))


@lru_cache(maxsize=64)
def _tree(contract: Any) -> SchemaTree:  # noqa: ANN401 - any type form
    return SchemaTree(json_schema(contract))


def _detail(fault: Fault) -> ErrorDetail:
    extra = fault.keyword == "additionalProperties"
    message = "no such field" if extra else fault.message
    if fault.did_you_mean:
        message += f"; did you mean `{fault.did_you_mean}`?"
    return ErrorDetail(
        field=pointer(fault.path),
        message=message,
        code="unknown_field" if extra else fault.keyword,
    )


def _unlike(details: Iterator[ErrorDetail]) -> Iterator[ErrorDetail]:
    seen: set[ErrorDetail] = set()
    for detail in details:
        if detail not in seen:
            seen.add(detail)
            yield detail


def faults_in(tree: SchemaTree, instance: Any) -> Iterator[Fault]:  # noqa: ANN401 - a JSON value
    """Give the faults of an instance, as they are found; nothing where it is valid."""
    return _search(Scope(tree, instance))


def _search(scope: Scope) -> Iterator[Fault]:
    validator = scope.tree.validator(scope.place)
    if validator is None or validator.is_valid(scope.instance):
        return
    place = scope.tree.settled(scope.place)
    node = scope.tree.node(place)
    if _is_small(scope.instance) or not _is_plain(node):
        yield from meant_faults(validator.iter_errors(scope.instance), scope)
        return
    scope = scope._replace(place=place)
    yield from _own_faults(scope, node)
    for step, at in _parts(scope, node):
        yield from _search(
            scope._replace(instance=scope.instance[step], place=at, path=(*scope.path, step))
        )


def _is_plain(node: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether the faults of the whole are its own and those of its parts, and no more."""
    return (
        isinstance(node, dict)
        and node.keys() <= _PLAIN
        and isinstance(node.get("additionalProperties", True), bool)
    )


def _own_faults(scope: Scope, node: dict[str, Any]) -> Iterator[Fault]:
    """Give the faults of a container itself, whatever stands in it."""
    own = {key: node[key] for key in node.keys() & _OWN}
    own["properties"] = dict.fromkeys(own.get("properties", ()), True)
    yield from meant_faults(compiled(own).iter_errors(_hollow(scope.instance, own)), scope)


def _hollow(instance: Any, own: dict[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    """Give a container without what stands in it, because every error copies it.

    Of names that the schema does not know there are no more than anybody looks at.
    """
    if isinstance(instance, list):
        return [None] * len(instance)
    known = {*own["properties"], *own.get("required", ())}
    extras = islice((name for name in instance if name not in known), _EXTRAS)
    return dict.fromkeys([*(known & instance.keys()), *extras])


def _parts(scope: Scope, node: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Give the step to each part, and the place of its schema."""
    instance = scope.instance
    if isinstance(instance, list) and "items" in node:
        yield from ((index, f"{scope.place}/items") for index in range(len(instance)))
    elif isinstance(instance, dict):
        properties = node.get("properties", {})
        yield from (
            (name, scope.place + pointer(("properties", name)))
            for name in instance
            if name in properties
        )


def _is_small(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Count values and the length of texts, no further than needed; what has no parts is small."""
    if not isinstance(value, dict | list):
        return True
    left = _SMALL
    stack: list[Any] = [value]
    while stack and left >= 0:
        node = stack.pop()
        left -= 1 + len(node) // 64 if isinstance(node, str) else 1
        if isinstance(node, dict | list):
            if len(node) > left:
                return False
            stack.extend(node.values() if isinstance(node, dict) else node)
    return left >= 0
