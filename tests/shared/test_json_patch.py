"""A patch turns one document into the other, as another implementation reads it."""

import json
from typing import Any

import jsonpatch
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.designs import artifacts, example

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.json_patch import encoded, json_patch

_KEYS = st.sampled_from(["name", "a", "/", "~", "~1", ""])
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2)
    | st.sampled_from([1.0, 0.5, 10**30, "", "a", "b", "name"])
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=25,
)


def applied(before: Any, after: Any) -> Any:
    """Apply the patch of two documents to the first, operation by operation."""
    operations = json.loads(msgspec.json.encode(json_patch(before, after)))
    return jsonpatch.apply_patch(before, operations)


@settings(deadline=None, max_examples=500)
@given(_JSON, _JSON)
def test_a_patch_turns_one_value_into_the_other(before: Any, after: Any) -> None:
    """Applied to the first of two JSON values it gives the second, member for member."""
    assert encoded(applied(before, after)) == encoded(after)


@given(_JSON)
def test_the_same_needs_no_patch(value: Any) -> None:
    """Between a value and itself there is nothing to do."""
    assert json_patch(value, value) == ()


@settings(deadline=None)
@given(artifacts(), artifacts())
def test_a_patch_turns_one_artifact_into_another(before: Artifact, after: Artifact) -> None:
    """Whatever two designs say, the patch leads from one to the other."""
    old, new = (json.loads(msgspec.json.encode(artifact)) for artifact in (before, after))
    assert encoded(applied(old, new)) == encoded(new)


def test_an_item_is_changed_where_it_stands() -> None:
    """A change inside a named item touches nothing else, wherever the list grew."""
    before, after = example(), example()
    after["storage"].insert(0, {"kind": "queue", "technology": "RabbitMQ"})
    after["storage"][2]["notes"] = "slow lookup"
    assert [(p.op, p.path) for p in json_patch(before, after)] == [
        ("add", "/storage/0"),
        ("replace", "/storage/2/notes"),
    ]


@pytest.mark.parametrize(
    ("before", "after"), [(1, True), (0, False), (1, 1.0), ("1", 1), ([], {}), (None, False)]
)
def test_values_of_two_types_are_two_values(before: Any, after: Any) -> None:
    """What Python calls equal and JSON does not is replaced."""
    assert [p.op for p in json_patch({"a": before}, {"a": after})] == ["replace"]


def test_a_long_list_in_another_order_is_patched_in_time() -> None:
    """Twenty thousand items in reverse do not take a quadratic number of steps."""
    items = [str(number) for number in range(20_000)]
    assert len(json_patch(items, items[::-1])) == 2 * (len(items) - 1)
