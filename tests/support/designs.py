"""Designs to check: the example of the source document, and any design at all."""

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import UNSET

from quaestor_shared.contracts import artifact as a

__all__ = ["ROOT", "artifacts", "at", "edited", "example", "example_artifact", "leaves"]

ROOT = Path(__file__).parents[2]
_EXAMPLE = (ROOT / "examples/meal-planner/source-example.json").read_text("utf-8")

Path_ = Sequence[str | int]


def example() -> Any:
    """Give a fresh copy of the example artifact."""
    return json.loads(_EXAMPLE)


def example_artifact(**changes: Any) -> a.Artifact:
    """Give the example with some of its members replaced."""
    return msgspec.convert({**example(), **changes}, a.Artifact)


def at(document: Any, path: Path_) -> Any:
    """Give what stands at a path."""
    for step in path:
        document = document[step]
    return document


def edited(document: Any, path: Path_, value: Any = UNSET) -> Any:
    """Give a copy with a value at a path replaced, or, without a value, dropped."""
    document = copy.deepcopy(document)
    parent = at(document, path[:-1])
    if value is UNSET:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return document


def leaves(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give the path of every value that is no container."""
    if isinstance(node, dict):
        return [leaf for key, item in node.items() for leaf in leaves(item, (*path, key))]
    if isinstance(node, list):
        return [leaf for i, item in enumerate(node) for leaf in leaves(item, (*path, i))]
    return [path]


_texts = st.one_of(
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30),
    st.text(st.sampled_from("`*_#<>&[]()!~|-+=.:/ \\ab1\n"), max_size=12),
    st.sampled_from(
        ["", "p95 < 200ms", "## Backend Design", "### Open Questions", "- a", "unknown"]
    ),
)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_optional = st.one_of(st.just(UNSET), _texts)


def _list(item: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(item, min_size=least, max_size=3).map(tuple)


def artifacts() -> st.SearchStrategy[a.Artifact]:
    """Give any artifact that the schema takes, with texts that are hard on Markdown."""
    entity = st.builds(
        a.Entity,
        name=_texts,
        fields=_list(_texts),
        relationships=_list(_texts),
        expected_growth=_texts,
    )
    internal = st.builds(
        a.InternalApi,
        name=_texts,
        methods=_list(st.sampled_from(a.Method)),
        payload_examples=st.dictionaries(st.sampled_from(["GET", "POST"]), _json, max_size=2),
        sla=_texts,
    )
    external = st.builds(
        a.ExternalApi,
        provider=_texts,
        endpoint=_texts,
        auth_method=st.sampled_from(a.AuthMethod),
        rate_limits=_optional,
        sla=_optional,
    )
    process = st.builds(
        a.Process, name=_texts, type=st.sampled_from(a.ProcessType), description=_texts, sla=_texts
    )
    store = st.builds(
        a.Store, kind=st.sampled_from(a.StorageKind), technology=_texts, notes=_optional
    )
    return st.builds(
        a.Artifact,
        feature_id=st.from_regex(r"[a-z0-9][a-z0-9-]{1,63}", fullmatch=True),
        version=st.just("1.0.0"),
        created_at=st.just("2025-08-31T16:00:00Z"),
        entities=_list(entity, 1),
        apis=st.builds(a.Apis, internal=_list(internal), external=_list(external)),
        processes=_list(process),
        storage=_list(store, 1),
        scaling=st.builds(a.Scaling, strategy=_texts, notes=_optional),
        compliance=st.builds(
            a.Compliance, logging=_texts, audit=_texts, residency=_texts, notes=_optional
        ),
        observability=st.builds(
            a.Observability,
            metrics=_list(_texts),
            health_checks=_list(_texts),
            traces=st.one_of(st.just(UNSET), _list(_texts)),
        ),
        dependencies=_list(_texts),
        assumptions=_list(_texts),
        open_questions=_list(_texts),
    )
