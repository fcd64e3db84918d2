"""Comparisons say what changed and nothing else; merges join what does not contradict itself."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_artifact_store.domain.compare.chunks import chunks
from quaestor_artifact_store.domain.compare.json_changes import json_changes
from quaestor_artifact_store.domain.compare.merging import Three, merge
from quaestor_artifact_store.domain.compare.texts import section_changes, split_sections
from quaestor_shared.contracts.comparisons import Merge
from quaestor_shared.pointers import steps

JSON = "application/json"
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "a", "a/b", "~"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "a", "b/c", "~1"]), inner, max_size=3)
    ),
    max_leaves=12,
)
LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n"]), max_size=8)


def value_at(document: Any, pointer: str) -> Any:
    """Give what stands at a pointer."""
    for step in steps(pointer):
        document = document[int(step) if isinstance(document, list) else step]
    return document


@given(VALUES)
def test_no_change(value: Any) -> None:
    """A document is not different from itself."""
    assert list(json_changes(value, json.loads(json.dumps(value)))) == []


@given(VALUES, VALUES)
def test_changes_lead_from_one_to_the_other(before: Any, after: Any) -> None:
    """Done one after the other, the changes turn the one into the other, and each told its past."""
    there: list[Any] = [json.loads(json.dumps(before))]
    for change in json_changes(before, after):
        *above, last = ["0", *steps(change.path)]
        parent: Any = there
        for step in above:
            parent = parent[int(step) if isinstance(parent, list) else step]
        key: Any = int(last) if isinstance(parent, list) else last
        if change.op != "add":
            assert parent[key] == change.before
        else:
            assert change.before is msgspec.UNSET
        if change.op == "remove":
            del parent[key]
        elif change.op == "add" and isinstance(parent, list):
            parent.insert(key, change.value)
        else:
            parent[key] = change.value
    assert json.dumps(there[0], sort_keys=True) == json.dumps(after, sort_keys=True)


def test_a_change_inside_a_named_item() -> None:
    """An item that kept its name is changed inside, wherever it moved."""
    before = {"entities": [{"name": "A", "x": 1}, {"name": "B", "x": 1}]}
    after = {"entities": [{"name": "B", "x": 2}]}
    assert [(c.op, c.path) for c in json_changes(before, after)] == [
        ("remove", "/entities/0"),
        ("replace", "/entities/0/x"),
    ]


DOCUMENT = "intro\n\n# One\n\ntext\n\n## Two\n\n```md\n# no heading\n```\n\n# Three\n"


def test_sections_of_a_document() -> None:
    """A document is cut at its headings, and a fenced block has none."""
    found = [section.path for section in split_sections(DOCUMENT)]
    assert found == [(), ("One",), ("One", "Two"), ("Three",)]
    assert "".join(line for s in split_sections(DOCUMENT) for line in s.lines) == DOCUMENT


OWNED = """# Both

<!-- HUMAN_DOC_START -->
## Frontend

Pages.
<!-- HUMAN_DOC_END -->
"""


def test_sections_end_at_their_markers() -> None:
    """What is appended behind an owned section changes no other; what stands between is told."""
    backend = "<!-- HUMAN_DOC_START -->\n## Backend Design\n\nRows.\n<!-- HUMAN_DOC_END -->\n"
    appended = f"{OWNED}\n{backend}"
    between = appended.replace("END -->\n\n<!--", "END -->\n\nSeen by Ada.\n\n<!--")
    told = [(c.section, c.change) for c in section_changes(OWNED, appended, "d@1", "d@2")]
    assert told == [(("Both", "Backend Design"), "added")]
    told = [(c.section, c.change) for c in section_changes(appended, between, "d@2", "d@3")]
    assert told == [(("Both",), "added"), (("Both", "Backend Design"), "changed")]
    for text in (OWNED, appended, between):
        assert "".join(line for s in split_sections(text) for line in s.lines) == text


def test_changed_sections() -> None:
    """Each section that was changed, added or removed is told, with its lines, and no other."""
    after = DOCUMENT.replace("text", "other").replace("# Three\n", "# Four\n")
    found = {c.section: c for c in section_changes(DOCUMENT, after, "d@1", "d@2")}
    assert {section: c.change for section, c in found.items()} == {
        ("One",): "changed",
        ("Four",): "added",
        ("Three",): "removed",
    }
    assert found[("One",)].diff.splitlines() == [
        *("--- d@1", "+++ d@2", "@@ -1,4 +1,4 @@", " # One", " "),
        *("-text", "+other", " "),
    ]


def merged(base: str, theirs: str, yours: str, media_type: str) -> Merge:
    """Merge three texts."""
    found = merge(Three(base.encode(), theirs.encode(), yours.encode()), media_type, 3)
    assert found is not None
    assert found.base_version == 3
    return found


@given(LINES, LINES, LINES)
def test_a_cut_loses_nothing(base: list[str], theirs: list[str], yours: list[str]) -> None:
    """The runs of a three-way cut, joined, are the three texts."""
    cut = list(chunks(base, theirs, yours))
    assert [line for chunk in cut for line in chunk.base] == base
    assert [line for chunk in cut for line in chunk.theirs] == theirs
    assert [line for chunk in cut for line in chunk.yours] == yours


@given(LINES, LINES)
def test_a_merge_with_one_change(base: list[str], changed: list[str]) -> None:
    """Where one side changed nothing, the other's text is the merge, as lines and as JSON."""
    one, other = "".join(base), "".join(changed)
    assert merged(one, one, other, "text/plain").text == other
    assert merged(one, other, one, "text/plain").text == other
    assert merged(one, other, other, "text/plain").text == other
    first, second = json.dumps(base), json.dumps({"x": changed})
    text = merged(first, first, second, JSON).text
    assert text is not None
    assert json.loads(text) == {"x": changed}


def test_a_merge_of_lines() -> None:
    """Changes at different places are joined; at one place they are a conflict with its sides."""
    base = "a\nb\nc\nd\n"
    assert merged(base, "A\nb\nc\nd\n", "a\nb\nc\nD\n", "text/markdown").text == "A\nb\nc\nD\n"
    refused = merged(base, "a\nX\nc\nd\n", "a\nY\nc\nd\n", "text/markdown")
    assert (refused.clean, refused.text) == (False, None)
    (conflict,) = refused.conflicts
    assert (conflict.line, conflict.base, conflict.theirs, conflict.yours) == (
        *(2, "b\n", "X\n"),
        "Y\n",
    )


def test_a_merge_of_json() -> None:
    """Members and named items are joined one by one; both sides' new ones are kept."""
    base = {"v": 1, "entities": [{"name": "A", "x": 1, "y": 1}, {"name": "B"}]}
    theirs = {"v": 1, "entities": [{"name": "A", "x": 2, "y": 1}, {"name": "B"}, {"name": "C"}]}
    yours = {"v": 2, "entities": [{"name": "A", "x": 1, "y": 2}, {"name": "D"}]}
    text = merged(json.dumps(base), json.dumps(theirs), json.dumps(yours), JSON).text
    assert text is not None
    assert json.loads(text) == {
        "v": 2,
        "entities": [{"name": "A", "x": 2, "y": 2}, {"name": "C"}, {"name": "D"}],
    }


@pytest.mark.parametrize(
    ("base", "theirs", "yours", "pointer"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, "/a"),
        ({"a": 1}, {}, {"a": 3}, "/a"),
        ({}, {"a": 1}, {"a": 2}, "/a"),
        ([1, 2], [1], [2], ""),
        ({"e": [{"name": "B"}, {"name": "A", "x": 1}]}, {"e": [{"name": "A", "x": 2}]},
         {"e": [{"name": "A", "x": 3}]}, "/e/1/x"),
    ],
)  # fmt: skip
def test_conflicts_in_json(base: Any, theirs: Any, yours: Any, pointer: str) -> None:
    """What both sides changed, each in its own way, is a conflict at its pointer in the base."""
    refused = merged(json.dumps(base), json.dumps(theirs), json.dumps(yours), JSON)
    assert [conflict.pointer for conflict in refused.conflicts] == [pointer]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"\xff", "image/png"), (b"\xff", "text/plain"), (b"{", JSON), (b"[" * 9000, JSON)],
)  # fmt: skip
def test_what_cannot_be_merged(content: bytes, media_type: str) -> None:
    """Bytes, and what has not the form that its type says, are not merged."""
    assert merge(Three(content, content + b"1", content + b"2"), media_type, 1) is None
