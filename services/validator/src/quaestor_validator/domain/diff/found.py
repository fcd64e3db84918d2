"""Makes changes: a code, what stood where before, what stands where after."""

from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from quaestor_shared.contracts.diffs import Change, Place, Rename, Witness, WitnessKind
from quaestor_shared.json_patch import encoded
from quaestor_shared.pointers import pointer
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.diff.rules import KINDS
from quaestor_validator.domain.pages import page_of

__all__ = ["At", "Path", "change", "witness"]

Path = tuple[str | int, ...]
_LARGEST = 2_000  # bytes of JSON


class At(NamedTuple):
    """A value and where it stands in its artifact."""

    path: Path
    value: Any

    def part(self, *steps: str | int) -> "At":
        """Give what stands at a path inside of it."""
        value = self.value
        for step in steps:
            if isinstance(step, str) and isinstance(value, msgspec.Struct):
                value = getattr(value, step)
            else:
                value = value[step]
        return At((*self.path, *steps), value)


def change(
    code: str,
    message: str,
    before: At | None,
    after: At | None,
    *,
    rename: tuple[str, str] | None = None,
    witness: Witness | None = None,
) -> Change:
    """Give a change; at least one of its two places is there."""
    was, now = _place(before), _place(after)
    at = now or was
    return Change(
        code=code,
        kind=KINDS[code],
        message=message,
        pointer=at.pointer if at is not None else "",
        before=was,
        after=now,
        rename=Rename(from_=rename[0], to=rename[1]) if rename is not None else None,
        witness=witness,
        rule_url=page_of(code),
    )


def witness(kind: WitnessKind, text: str, value: Any, before: str, after: str) -> Witness:  # noqa: ANN401 - a JSON value
    """Give an example of what was fine and is not; one that is large is told of alone."""
    small = len(encoded(value)) <= _LARGEST
    return Witness(
        kind=kind, text=text, value=value if small else UNSET, before=before, after=after
    )


def _place(at: At | None) -> Place | None:
    if at is None:
        return None
    value = list(at.value) if isinstance(at.value, tuple) else at.value
    return Place(pointer=pointer(at.path), value=cut(value))
