"""Three-way merges: what two writers made of one base, joined where that leaves no doubt."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from quaestor_artifact_store.domain.compare.chunks import chunks
from quaestor_artifact_store.domain.compare.kinds import kind_of, read_json, read_text
from quaestor_shared.contracts.comparisons import Conflict, ContentKind, Merge
from quaestor_shared.json_patch import encoded, name_of
from quaestor_shared.pointers import pointer

__all__ = ["Three", "merge"]

_MOST_CONFLICTS = 50
_MOST_LINES = 5_000
_ABSENT = msgspec.UNSET
Path = tuple[str | int, ...]


class Three(NamedTuple):
    """A base, what is stored by now (theirs), and what was sent (yours)."""

    base: Any
    theirs: Any
    yours: Any


def merge(contents: Three, media_type: str, base_version: int) -> Merge | None:
    """Join two changes of a base; None for contents that cannot be merged (binary, too long).

    JSON is merged value by value and written anew; other texts line by line.
    """
    kind = kind_of(media_type)
    try:
        if kind is ContentKind.JSON:
            return _of_json(Three(*map(read_json, contents)), base_version)
        if kind is not ContentKind.BINARY:
            texts = map(read_text, contents)
            return _of_lines(
                Three(*(text.splitlines(keepends=True) for text in texts)), base_version
            )
    except (ValueError, RecursionError):
        return None
    return None


def _of_json(three: Three, base_version: int) -> Merge:
    conflicts: list[Conflict] = []
    merged = _value((), three, conflicts)
    if conflicts:
        return _refused(conflicts, base_version)
    text = msgspec.json.format(msgspec.json.encode(merged), indent=2).decode()
    return Merge(clean=True, base_version=base_version, text=f"{text}\n")


def _value(path: Path, three: Three, conflicts: list[Conflict]) -> Any:  # noqa: ANN401 - a JSON value
    base, theirs, yours = three
    if _same(theirs, yours) or _same(base, yours):
        return theirs
    if _same(base, theirs):
        return yours
    if all(isinstance(side, dict) for side in three):
        return dict(_members(path, three, conflicts))
    if all(isinstance(side, list) for side in three):
        named = [_by_name(side) for side in three]
        if None not in named:
            # A conflict is told where the item stands in the base, or after all that stand there.
            places = {name: index for index, name in enumerate(named[0] or ())}
            items = _members(path, Three(*named), conflicts, places)
            return [item for _, item in items]
    conflicts.append(Conflict(pointer=pointer(path), base=base, theirs=theirs, yours=yours))
    return base


def _members(
    path: Path, three: Three, conflicts: list[Conflict], places: Mapping[bytes, int] | None = None
) -> list[tuple[Any, Any]]:
    """Merge objects, or lists by the names of their items; new ones of yours come after theirs."""
    merged = []
    for key in dict.fromkeys([*three.theirs, *three.yours, *three.base]):
        step = key if places is None else places.get(key, len(places))
        sides = Three(*(side.get(key, _ABSENT) for side in three))
        value = _value((*path, step), sides, conflicts)
        if value is not _ABSENT:
            merged.append((key, value))
    return merged


def _by_name(items: list[Any]) -> dict[bytes, Any] | None:
    """Give the items by their names, or None where not all have one of their own."""
    named: dict[bytes, Any] = {}
    for item in items:
        name = name_of(item)
        if name is None or name in named:
            return None
        named[name] = item
    return named


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - JSON values
    if one is _ABSENT or other is _ABSENT:
        return one is other
    return encoded(one) == encoded(other)


def _of_lines(three: Three, base_version: int) -> Merge | None:
    if max(map(len, three)) > _MOST_LINES:
        return None
    lines: list[str] = []
    conflicts: list[Conflict] = []
    for chunk in chunks(*three):
        if chunk.joined is not None:
            lines += chunk.joined
            continue
        sides = {"base": chunk.base, "theirs": chunk.theirs, "yours": chunk.yours}
        texts: dict[str, Any] = {side: "".join(changed) for side, changed in sides.items()}
        conflicts.append(Conflict(line=chunk.begin + 1, **texts))
    if conflicts:
        return _refused(conflicts, base_version)
    return Merge(clean=True, base_version=base_version, text="".join(lines))


def _refused(conflicts: list[Conflict], base_version: int) -> Merge:
    return Merge(
        clean=False, base_version=base_version, conflicts=tuple(conflicts[:_MOST_CONFLICTS])
    )
