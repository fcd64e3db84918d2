"""The tree of errors is the one that its docstring draws."""

import re

import pytest

from quaestor_shared import errors
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import QuaestorError, Unavailable

_LINE = re.compile(r"^( +(?:[│ ]   )*(?:[├└]── )?)(\w+) {2,}(?=\d|what)([\d, ]*)", re.MULTILINE)
_CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, QuaestorError)
}


def _drawn() -> dict[str, tuple[str | None, set[int]]]:
    """Read the drawing: each class with its parent and its statuses."""
    parents: list[str] = []
    tree: dict[str, tuple[str | None, set[int]]] = {}
    for indent, name, statuses in _LINE.findall(errors.__doc__ or ""):
        depth = len(indent) // 4 - 1
        parents[depth:] = [name]
        numbers = {int(number) for number in re.findall(r"\d+", statuses)}
        tree[name] = (parents[depth - 1] if depth else None, numbers)
    return tree


def test_the_drawing_has_every_class_under_its_parent() -> None:
    """A class that is added is drawn; one that moves is redrawn."""
    parents = {name: parent for name, (parent, _) in _drawn().items()}
    bases = {name: kind.__base__ for name, kind in _CLASSES.items()}
    assert parents == {
        name: base.__name__ if base and issubclass(base, QuaestorError) else None
        for name, base in bases.items()
    }


@pytest.mark.parametrize("name", [name for name in _CLASSES if name != "QuaestorError"])
def test_the_drawing_names_the_status_of_every_class(name: str) -> None:
    """The status of a class is among those that are drawn beside it."""
    assert _CLASSES[name].status in _drawn()[name][1]


def test_everything_is_exported() -> None:
    """`__all__` is the tree."""
    assert sorted(_CLASSES) == sorted(errors.__all__)


def test_the_envelope_is_the_one_error_shape() -> None:
    """Code, message, details, correlation id and meta travel together."""
    error = QuaestorError(
        "m", code=ErrorCode.CONFLICT, details=[ErrorDetail(field="f", message="x")], meta={"v": 1}
    )
    body = error.envelope("abc").error
    assert (body.code, body.message, body.correlation_id, body.meta) == (
        "CONFLICT",
        "m",
        "abc",
        {"v": 1},
    )
    assert body.details == (ErrorDetail(field="f", message="x"),)


def test_an_error_of_no_kind_is_ours() -> None:
    """Without a code it is internal, and a 500."""
    error = QuaestorError("m")
    assert (error.code, error.status_code) == (ErrorCode.INTERNAL_ERROR, 500)


def test_what_is_unavailable_says_when_to_come_back() -> None:
    """`Retry-After` is in seconds."""
    error = Unavailable("m", retry_after=7)
    assert (error.status_code, error.headers) == (503, {"Retry-After": "7"})
