"""Changes of what is logged, audited and kept where."""

import re
from collections.abc import Iterator

from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.residencies import is_within
from quaestor_validator.domain.diff.texts import respelled, text_changes

__all__ = ["compliance_changes"]

_WORD = re.compile(r"\w+")


def compliance_changes(before: At, after: At) -> Iterator[Change]:
    """Compare what two designs say of compliance."""
    for key in ("logging", "audit"):
        yield from _kept_record(before.part(key), after.part(key), key)
    yield from _residency(before.part("residency"), after.part("residency"))
    yield from text_changes(before.part("notes"), after.part("notes"), "compliance")


def _kept_record(before: At, after: At, key: str) -> Iterator[Change]:
    """Compare two texts on logging or audit: one that says all of the other and more extends it."""
    if before.value == after.value:
        return
    was, now = _words(before.value), _words(after.value)
    told = f"{key} was {cut(before.value)} and is {cut(after.value)}"
    if was == now:
        yield from respelled(before, after, f"`{key}`")
    elif set(was) <= set(now):
        yield change("diff/compliance-extended", told, before, after)
    else:
        shown = _asked(key, before.value, after.value)
        yield change("diff/compliance-changed", told, before, after, witness=shown)


def _residency(before: At, after: At) -> Iterator[Change]:
    if before.value == after.value:
        return
    if _words(before.value) == _words(after.value):
        yield from respelled(before, after, "`residency`")
        return
    told = f"data was kept in {cut(before.value)} and is kept in {cut(after.value)}"
    if before.value.strip() and is_within(after.value, before.value):
        yield change("diff/residency-narrowed", told, before, after)
        return
    if not before.value.strip():
        yield change("diff/compliance-extended", told, before, after)
        return
    shown = _asked("residency", before.value, after.value)
    yield change("diff/residency-changed", told, before, after, witness=shown)


def _asked(key: str, was: str, now: str) -> Witness:
    text = f"somebody who was promised the {key} {cut_key(was)}"
    after = f"the {key} is {cut_key(now)}" if now.strip() else f"no {key} is named"
    return witness(WitnessKind.USE, text, {key: was}, "it is what the design says", after)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
