"""YAML as version 1.2 has it (https://yaml.org/spec/1.2.2/#103-core-schema).

PyYAML reads by version 1.1, in which `off`, `on`, `yes` and `no` are booleans, `1:30` is a number
and a day is a date. Here they stay texts, so that `off` is the level that it says. A name that
stands twice in one mapping is refused.
"""

import re
from typing import Any

import yaml

from quaestor_shared.pointers import Path

__all__ = ["Mark", "find", "load"]

Mark = tuple[int, int, int, int]  # line and column of the first character, and behind the last
_TAG = "tag:yaml.org,2002:"
_CORE = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
    ("merge", r"<<", ["<"]),
)


class _Loader(yaml.SafeLoader):
    """Makes plain data of a text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # PyYAML's, filled below

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Make a mapping. Raises ConstructorError for a name that stands twice."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen and isinstance(key, yaml.ScalarNode):
                problem = f"the name `{key.value}` stands twice in one mapping"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def _whole(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text, base)


for _name, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _first)
_Loader.add_constructor(_TAG + "int", _whole)


def load(text: str) -> Any:  # noqa: ANN401 - plain data
    """Read a text. Raises YAMLError; None stands for an empty one."""
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader


def find(text: str, path: Path, *, key: bool = False) -> Mark:
    """Give the place of a value, or of its `key`, in a text that can be read.

    Of what is not there, it is the place of what it would be in.
    """
    node = yaml.compose(text, _Loader)
    if node is None:
        return 1, 1, 1, 1
    found = node
    for step in path:
        child = _child(node, step)
        if child is None:
            break
        name, node = child
        found = name if key and name is not None else node
    last = _last(found)
    start, end = found.start_mark, last.end_mark
    return start.line + 1, start.column + 1, end.line + 1, end.column + 1


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and str(step).isdecimal():
        return next(((None, item) for item in node.value[int(step) :]), None)
    return None


def _last(node: yaml.Node) -> yaml.Node:
    """Give the last node in a block: a block itself ends only where the next thing begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    return node
