"""How many items `contains` asks for, and how many there are."""

from typing import Any

from quaestor_shared.service.schema_tree import SchemaTree
from quaestor_shared.service.shown import counted, outline

__all__ = ["contained"]

_MOST_TRIED = 10_000  # items


def contained(tree: SchemaTree, place: str | None, items: list[Any]) -> tuple[str, str] | None:
    """Give message and expectation; None where the schema at `place` is out of reach."""
    node = None if place is None else tree.node(place)
    if not isinstance(node, dict) or "contains" not in node:
        return None
    least, most = node.get("minContains", 1), node.get("maxContains")
    bounds = [f"at least {least}"] if least else []
    bounds += [] if most is None else [f"at most {most}"]
    last = least if most is None else most
    noun = counted(last, "item").partition(" ")[2]
    expected = f"{' and '.join(bounds)} {noun} of the form `{outline(node['contains'])}`"
    if tree.validator(f"{place}/contains") is None:
        return f"must contain {expected}", expected
    found = sum(tree.fits(f"{place}/contains", item) for item in items[:_MOST_TRIED])
    among = f" among the first {_MOST_TRIED}" if len(items) > _MOST_TRIED else ""
    return f"must contain {expected}, not {found}{among}", expected
