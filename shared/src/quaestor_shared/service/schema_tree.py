"""A schema's parts by place: what stands there, and whether a value fits there."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from quaestor_shared.pointers import pointer

if TYPE_CHECKING:
    from jsonschema_rs import Validator, ValidatorMap

__all__ = ["ANNOTATIONS", "SchemaTree", "compiled"]

ANNOTATIONS = frozenset(
    {"title", "description", "default", "examples", "$comment", "$schema", "$id", "$defs"}
)
_MOST_COMPILED = 200  # parts of one schema


def compiled(schema: Any) -> "Validator":  # noqa: ANN401 - a JSON Schema
    """Compile a schema with formats asserted, linear-time patterns, and no way to the network."""
    from jsonschema_rs import RegexOptions, validator_for

    return validator_for(
        schema, validate_formats=True, offline=True, pattern_options=RegexOptions()
    )


class SchemaTree:
    """A schema document. Places in it are JSON Pointers; the root is the empty one.

    References are followed inside the document. What lies in another one has no place here, and
    what is asked about it is answered with None or with no. `compile_at` compiles the part at a
    place, where the document cannot be compiled by itself.
    """

    def __init__(
        self,
        document: Any,  # noqa: ANN401 - a JSON Schema
        compile_at: "Callable[[str], Validator | None] | None" = None,
    ) -> None:
        self.document = document
        self._compile_at = compile_at or self._compiled_at
        self._validators: dict[str, Validator | None] = {}

    def node(self, place: str) -> Any:  # noqa: ANN401 - a JSON value
        """Give what stands at a place, or None."""
        node = self.document
        for part in place.split("/")[1:]:
            node = _child(node, part.replace("~1", "/").replace("~0", "~"))
        return node

    def follow(self, place: str, path: Sequence[str | int]) -> str | None:
        """Go on from a place by an evaluation path, through references; None where it leaves."""
        for step in path:
            node = self.node(place)
            if step == "$ref" and isinstance(node, dict):
                target = _local(node.get("$ref"))
                if target is None:
                    return None
                place = target
            else:
                place += pointer((step,))
        return place

    def settled(self, place: str) -> str:
        """Go from a place that does no more than refer to another, to that one."""
        seen = {place}
        while isinstance(node := self.node(place), dict) and "$ref" in node:
            target = _local(node["$ref"])
            if target is None or target in seen or node.keys() - ANNOTATIONS != {"$ref"}:
                break
            seen.add(target)
            place = target
        return place

    def validator(self, place: str) -> "Validator | None":
        """Give what checks values against the schema at a place; None where there is none."""
        if place not in self._validators and len(self._validators) < _MOST_COMPILED:
            self._validators[place] = self._compile_at(place)
        return self._validators.get(place)

    def fits(self, place: str, value: Any) -> bool:  # noqa: ANN401 - a JSON value
        """Say whether a value is certainly valid at a place."""
        validator = self.validator(place)
        return validator is not None and validator.is_valid(value)

    def properties(self, place: str) -> dict[str, Any]:
        """Give the properties that the schema at a place names."""
        node = self.node(self.settled(place))
        properties = node.get("properties") if isinstance(node, dict) else None
        return properties if isinstance(properties, dict) else {}

    def title(self, place: str) -> str | None:
        """Give the title of the schema at a place, or of that which it refers to."""
        for at in (place, self.settled(place)):
            node = self.node(at)
            title = node.get("title") if isinstance(node, dict) else None
            if isinstance(title, str):
                return title
        return None

    def _compiled_at(self, place: str) -> "Validator | None":
        return self._parts.get(f"#{place}")

    @cached_property
    def _parts(self) -> "ValidatorMap":
        from jsonschema_rs import RegexOptions, validator_map_for

        return validator_map_for(
            self.document, validate_formats=True, offline=True, pattern_options=RegexOptions()
        )


def _local(reference: Any) -> str | None:  # noqa: ANN401 - a JSON value
    """Give the place that a reference inside the document means."""
    if reference == "#":
        return ""
    if isinstance(reference, str) and reference.startswith("#/"):
        return unquote(reference[1:])
    return None


def _child(node: Any, step: str) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
        return node[int(step)]
    return None
