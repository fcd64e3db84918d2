"""Every value of a JSON text is found where it stands."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quaestor_validator.domain.positions import Lines, Path, Range, duplicate_keys, find

_SPACES = st.text(st.sampled_from(" \t\r\n"), max_size=3)
_TEXTS = st.text(max_size=6) | st.sampled_from(
    ['"', "\\", "/", "\u2028", "😀", "é", "a\tb", "{", "]"]
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=15,
)


@st.composite
def written(draw: st.DrawFn) -> tuple[Any, str]:
    """Give a value, and a text of it with space wherever space may stand."""
    value = draw(_VALUES)

    def space() -> str:
        return draw(_SPACES)

    def write(node: Any) -> str:
        if isinstance(node, dict):
            members = [
                f"{space()}{write(k)}{space()}:{space()}{write(v)}{space()}"
                for k, v in node.items()
            ]
            return "{" + (",".join(members) or space()) + "}"
        if isinstance(node, list):
            items = [f"{space()}{write(item)}{space()}" for item in node]
            return "[" + (",".join(items) or space()) + "]"
        return json.dumps(node, ensure_ascii=draw(st.booleans()))

    return value, space() + write(value) + space()


def places(node: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    """Give every value with its path."""
    below: list[tuple[Path, Any]] = []
    if isinstance(node, dict):
        below = [each for k, v in node.items() for each in places(v, (*path, k))]
    elif isinstance(node, list):
        below = [each for i, v in enumerate(node) for each in places(v, (*path, i))]
    return [(path, node), *below]


def cut(text: str, place: Range) -> Any:
    """Read what stands at a range."""
    return json.loads(text[place.start : place.end])


@given(written(), st.data())
def test_what_stands_at_a_place_is_the_value(given_: tuple[Any, str], data: st.DataObject) -> None:
    """The slice of the text reads as the value at the path, and the key's slice as the key."""
    value, text = given_
    wanted = data.draw(
        st.lists(st.sampled_from(places(value)), max_size=5, unique_by=lambda p: p[0])
    )
    found = find(text, [path for path, _ in wanted])
    for path, node in wanted:
        spot = found[path]
        assert cut(text, spot.value) == node
        assert (spot.key is not None) == bool(path and isinstance(path[-1], str))
        if spot.key is not None:
            assert cut(text, spot.key) == path[-1]


@given(st.text(st.sampled_from("a\n\r😀"), max_size=30), st.data())
@example("\r\n\r\r\n", None)
def test_lines_and_columns_lead_back_to_the_offset(text: str, data: st.DataObject | None) -> None:
    """A line is what stands between line ends, and a column counts its characters."""
    lines = Lines(text)
    for offset in range(len(text)) if data is None else [data.draw(st.integers(0, len(text)))]:
        line, column = lines.at(offset)
        starts = [0]
        for index, character in enumerate(text):
            if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
                starts.append(index + 1)
        assert line == sum(start <= offset for start in starts)
        assert starts[line - 1] + column - 1 == offset


def test_a_column_counts_characters_not_bytes_or_units() -> None:
    """An emoji, two units of UTF-16 and four bytes of UTF-8, is one column."""
    text = '{"😀": 1,\r\n "b": [true]}'
    spots, lines = find(text, [("😀",), ("b", 0)]), Lines(text)
    assert lines.at(spots["😀",].value.start) == (1, 7)
    assert lines.at(spots["b", 0].value.start) == (2, 8)


def test_the_last_of_a_name_counts() -> None:
    """As in the value: what the first one had is not found any more."""
    text = '{"a": {"b": 1, "c": 2}, "a": {"c": 3}}'
    spots = find(text, [("a", "b"), ("a", "c")])
    assert ("a", "b") not in spots
    assert cut(text, spots["a", "c"].value) == 3


@pytest.mark.parametrize("path", [("b",), ("a", "x"), (0,), ("a", 5), ("a", 0, 0)])
def test_what_is_not_there_is_left_out(path: Path) -> None:
    """No place is made up."""
    assert path not in find('{"a": [1]}', [path])


def test_names_that_stand_twice_are_found() -> None:
    """At any depth, however the name is escaped, as often as it comes again."""
    text = r'{"a": 1, "b": [{"c": 1, "\u0063": {"d": 1, "d": 1}}], "a": 2, "a": 3}'
    found = list(duplicate_keys(text))
    assert [path for path, _, _ in found] == [("b", 0, "c"), ("b", 0, "c", "d"), ("a",), ("a",)]
    assert [text[first.start : again.start + 1].count('"a"') for _, first, again in found[2:]] == [
        1,
        2,
    ]
    assert all(text[again.start] == '"' for _, _, again in found)


@given(written())
def test_a_text_without_duplicates_has_none(given_: tuple[Any, str]) -> None:
    """Names in different objects are different names."""
    assert list(duplicate_keys(given_[1])) == []
