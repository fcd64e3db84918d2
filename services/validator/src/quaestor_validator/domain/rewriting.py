"""A text written again after fixes, with no more changed than was fixed.

Most fixes give a place another value, or a member another name, or take something out: those are
made in the text, and everything else stays as it was written. After any other the text is made
anew, with the members in their order and the indentation of the old one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_validator.domain.found import steps_of, value_at
from quaestor_validator.domain.positions import Path, Range, Spot, find

__all__ = ["rewritten"]

_INDENT = re.compile(r"[\[{]\r?\n([ \t]*)")


class _Edit(NamedTuple):
    """What is to stand at a place instead: a value, or a key where `key` says so, or nothing.

    `before` and `after` are the neighbours of what is taken `out`: one comma goes with it.
    """

    path: Path
    value: Any = None
    key: bool = False
    out: bool = False
    before: Path | None = None
    after: Path | None = None


def rewritten(text: str, operations: Sequence[PatchOperation]) -> str:
    """Give the text of a document to which a patch (RFC 6902) has been applied."""
    from jsonpatch import apply_patch

    document = msgspec.json.decode(text)
    edits = _edits(document, operations)
    if edits is not None:
        return _spliced(text, edits)
    return _written_like(text, apply_patch(document, msgspec.to_builtins(operations)))


def _edits(document: Any, operations: Iterable[PatchOperation]) -> list[_Edit] | None:  # noqa: ANN401 - a JSON value
    """Give a patch as edits of the text; None where there is more to do than that."""
    edits = []
    for operation in operations:
        path = steps_of(operation.path, document)
        if operation.op == "replace":
            edits.append(_Edit(path, operation.value))
        elif operation.op == "move" and operation.from_ is not None:
            old = steps_of(operation.from_, document)
            names = isinstance(old[-1], str) and isinstance(path[-1], str)
            if old[:-1] != path[:-1] or not names:
                return None
            edits.append(_Edit(old, path[-1], key=True))
        elif operation.op == "remove" and path:
            edits.append(_removal(document, path))
        elif operation.op != "test":
            return None
    emptied = [edit.path[:-1] for edit in edits if edit.out]
    return edits if len(set(emptied)) == len(emptied) else None


def _removal(document: Any, path: Path) -> _Edit:  # noqa: ANN401 - a JSON value
    parent = value_at(document, path[:-1])
    steps: list[str | int] = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
    at = steps.index(path[-1])
    beside = [(*path[:-1], step) for step in steps[max(0, at - 1) : at + 2]]
    before = beside[0] if at else None
    after = beside[-1] if beside[-1] != path else None
    return _Edit(path, out=True, before=before, after=after)


def _spliced(text: str, edits: Sequence[_Edit]) -> str:
    wanted = [path for edit in edits for path in (edit.path, edit.before, edit.after)]
    spots = find(text, [path for path in wanted if path is not None])
    places = sorted((_place(spots, edit), _written(edit)) for edit in edits)
    parts, at = [], 0
    for place, written in places:
        parts += [text[at : place.start], written]
        at = place.end
    return "".join([*parts, text[at:]])


def _written(edit: _Edit) -> str:
    return "" if edit.out else json.dumps(edit.value, ensure_ascii=False)


def _place(spots: Mapping[Path, Spot], edit: _Edit) -> Range:
    """Give what an edit replaces; what is taken out goes with the space up to a neighbour."""
    spot = spots[edit.path]
    if not edit.out:
        return spot.key if edit.key and spot.key is not None else spot.value
    if edit.before is not None:
        return Range(spots[edit.before].value.end, spot.value.end)
    end = spot.value.end if edit.after is None else _start(spots[edit.after])
    return Range(_start(spot), end)


def _start(spot: Spot) -> int:
    return spot.value.start if spot.key is None else spot.key.start


def _written_like(text: str, document: Any) -> str:  # noqa: ANN401 - a JSON value
    """Write a document with the indentation, and the last line end, that a text has."""
    indented = _INDENT.search(text)
    loose = '": ' in text
    written = json.dumps(
        document,
        ensure_ascii=False,
        indent=indented[1] if indented else None,
        separators=None if indented or loose else (",", ":"),
    )
    return written + ("\n" if text.endswith("\n") else "")
