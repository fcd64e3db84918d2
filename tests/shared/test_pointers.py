"""JSON Pointers lead back to where they were made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_shared.pointers import pointer


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ((), ""),
        (("a", 0, "b"), "/a/0/b"),
        (("",), "/"),
        (("a/b", "m~n", "~1"), "/a~1b/m~0n/~01"),
    ],
)
def test_a_path_is_written_by_rfc_6901(path: tuple[str | int, ...], written: str) -> None:
    """`~` and `/` are escaped, the empty path is the whole document."""
    assert pointer(path) == written


@given(st.lists(st.text()))
def test_a_pointer_tells_its_path(path: list[str]) -> None:
    """No two paths of names have the same pointer."""
    steps = pointer(path).split("/")[1:]
    assert [step.replace("~1", "/").replace("~0", "~") for step in steps] == path
