"""A text written again after fixes, with no more changed than was fixed.

Most fixes give a place another value, or a member another name: those are made in the text, and
everything else stays as it was written. After any other the text is made anew, with the members
in their order and the indentation of the old one.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_validator.domain.found import steps_of
from quaestor_validator.domain.positions import Path, Range, Spot, find

__all__ = ["rewritten"]

_INDENT = re.compile(r"[\[{]\r?\n([ \t]*)")


class _Edit(NamedTuple):
    """What is to stand at a place instead: a value, or a key where `key` says so."""

    path: Path
    value: Any
    key: bool = False


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
        elif operation.op != "test":
            return None
    return edits


def _spliced(text: str, edits: Sequence[_Edit]) -> str:
    spots = find(text, [edit.path for edit in edits])
    places = sorted((_place(spots[edit.path], edit), edit) for edit in edits)
    parts, at = [], 0
    for place, edit in places:
        parts += [text[at : place.start], json.dumps(edit.value, ensure_ascii=False)]
        at = place.end
    return "".join([*parts, text[at:]])


def _place(spot: Spot, edit: _Edit) -> Range:
    return spot.key if edit.key and spot.key is not None else spot.value


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
