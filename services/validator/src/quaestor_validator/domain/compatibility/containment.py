"""Whether a schema takes every instance that another takes, as far as that can be proved.

The schemas are taken apart: one takes all that the other takes when both are built alike and that
holds of each part. A pair of parts that comes back further inside the instance is taken for granted
there: that is induction on the instance's depth. Where this proves nothing, jsonschema-rs reduces
both to a canonical form and compares those; its `yes` is a proof, anything else is none.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from quaestor_shared.json_patch import encoded
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.compatibility.documents import Node, SchemaDocument
from quaestor_validator.domain.compatibility.structure import (
    ANNOTATIONS,
    bare,
    parts_of,
    refers,
    without_annotations,
)

if TYPE_CHECKING:
    from jsonschema_rs import CanonicalSchema

__all__ = ["Place", "unproved_places"]

_MOST_COMPARED = 400
_DEEPEST = 200
_OLD, _NEW = "urn:quaestor:compared:old", "urn:quaestor:compared:new"
# Keywords whose schemas are applied to the same instance; all others step into it.
_SAME_INSTANCE = frozenset(("$ref", "allOf", "anyOf", "then", "else", "dependentSchemas"))

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """The same part of both schemas, by its path in each; None where a schema does not have it."""

    old: Path | None
    new: Path | None


def unproved_places(old: SchemaDocument, new: SchemaDocument) -> list[Place]:
    """Give the innermost places of which it is not proved that `new` takes what `old` takes.

    None means: it is proved for every instance. Ask `has_endless_loop` of both first, and run
    this in a process that may end: the canonical form has ended one before.
    """
    if encoded(without_annotations(old.root)) == encoded(without_annotations(new.root)):
        return []
    if not old.is_plain or not new.is_plain:
        return [Place((), ())]
    return list(dict.fromkeys(_Comparison(old, new).unproved(Place((), ()), 0)))


class _Comparison:
    """One comparison of two schemas, in a bounded number of steps."""

    def __init__(self, old: SchemaDocument, new: SchemaDocument) -> None:
        self._old = old
        self._new = new
        self._registry = _registry(old.root, new.root)
        self._open: dict[Place, int] = {}
        self._proved: set[Place] = set()
        self._steps = _MOST_COMPARED

    def unproved(self, place: Place, depth: int) -> list[Place]:
        """Give what is not proved at a place, `depth` steps inside the instance."""
        place = Place(_target(self._old, place.old), _target(self._new, place.new))
        was, now = _node(self._old, place.old), _node(self._new, place.new)
        if place in self._open:
            return [] if self._open[place] < depth else [place]
        if place in self._proved or _is_same(was, now):
            return []
        places = [place]
        if isinstance(was, dict) and isinstance(now, dict) and len(self._open) < _DEEPEST:
            self._open[place] = depth
            places = list(self._apart(place, was, now, depth))
            del self._open[place]
        if places and self._is_contained(place):
            self._proved.add(place)
            return []
        return places

    def _apart(
        self, place: Place, was: dict[str, Any], now: dict[str, Any], depth: int
    ) -> Iterator[Place]:
        """Compare what two schemas say of the value itself, then part by part."""
        parts = parts_of(was, now)
        if parts is None or not _says_less(bare(now), bare(was)):
            yield place
            return
        for old_step, new_step in parts:
            if new_step is None:
                continue
            if old_step == new_step == ("$ref",) and self._is_alike(was["$ref"], now["$ref"]):
                continue
            inside = Place(
                None if old_step is None else (*(place.old or ()), *old_step),
                (*(place.new or ()), *new_step),
            )
            deeper = new_step[0] not in _SAME_INSTANCE
            yield from self.unproved(inside, depth + deeper)

    def _is_alike(self, was: str, now: str) -> bool:
        """Say whether both refer to one schema outside of both, which never changes."""
        inside = was.startswith("#")
        registered = was in self._old.registered and was in self._new.registered
        return was == now and (registered or not inside)

    def _is_contained(self, place: Place) -> bool:
        """Ask the canonical form, which costs more the larger the schemas are."""
        self._steps -= 1
        if self._steps < 0 or self._registry is None:
            return False
        try:
            return _covers(self._canonical(_NEW, place.new), self._canonical(_OLD, place.old))
        except ValueError:  # what the canonical form does not know: nothing is proved
            return False

    def _canonical(self, document: str, path: Path | None) -> "CanonicalSchema":
        schema = {} if path is None else {"$ref": f"{document}#{quote(pointer(path))}"}
        return _canonical(schema, self._registry)


def _registry(old: Node, new: Node) -> Any:  # noqa: ANN401 - a class that is imported when needed
    """Give both schemas by name; None where one refers to what is in neither of them."""
    from jsonschema_rs import Registry

    try:
        return Registry([(_OLD, old), (_NEW, new)])
    except ValueError:
        return None


def _node(document: SchemaDocument, path: Path | None) -> Node | None:
    return {} if path is None else document.at(pointer(path))


def _is_same(was: Node | None, now: Node | None) -> bool:
    """Say whether two schemas say the same, whatever document they stand in."""
    same = encoded(without_annotations(was)) == encoded(without_annotations(now))
    return same and not refers(now)


def _target(document: SchemaDocument, path: Path | None) -> Path | None:
    """Follow a path that ends in `$ref`, and a schema that is nothing but a reference."""
    for _ in range(_DEEPEST):
        if path is None:
            return None
        followed = path[-1:] == ("$ref",)
        node = _node(document, path[:-1] if followed else path)
        if not isinstance(node, dict) or not (followed or _is_reference(node)):
            return path
        target = document.target(node)
        if target is None:
            return path
        path = target
    return path


def _is_reference(node: dict[str, Any]) -> bool:
    """Say whether a schema is a reference, and says nothing else."""
    return "$ref" in node and not node.keys() - ANNOTATIONS - {"$ref", "$defs", "definitions"}


def _canonical(schema: Any, registry: Any = None) -> "CanonicalSchema":  # noqa: ANN401
    from jsonschema_rs import RegexOptions, canonicalize

    return canonicalize(
        schema,
        registry=registry,
        validate_formats=True,
        offline=True,
        pattern_options=RegexOptions(),
    )


def _says_less(outer: dict[str, Any], inner: dict[str, Any]) -> bool:
    try:
        return _covers(_canonical(outer), _canonical(inner))
    except ValueError:
        return False


def _covers(outer: "CanonicalSchema", inner: "CanonicalSchema") -> bool:
    from jsonschema_rs import canonical

    return outer.covers(inner) == canonical.Containment.YES
