"""Changes of texts, alone and in lists."""

from collections.abc import Iterator

from msgspec import UNSET

from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.pairing import pair

__all__ = ["held", "list_changes", "respelled", "signal_changes", "text_changes"]


def held(at: At) -> At | None:
    """Give a place back when something stands there."""
    return None if at.value is UNSET else at


def respelled(before: At, after: At, told: str) -> Iterator[Change]:
    """Tell of a text that changed in white space, `_`, `-` or letter case alone."""
    message = f"{told} is written in another way"
    yield change("diff/wording-changed", message, held(before), held(after))


def text_changes(
    before: At, after: At, name: str, code: str = "diff/description-changed"
) -> Iterator[Change]:
    """Compare two texts that people read; `name` is what they describe."""
    if before.value == after.value:
        return
    told = f"`{after.path[-1]}` of {cut(name)}"
    if fold(before.value or "") == fold(after.value or ""):
        yield from respelled(before, after, told)
    else:
        yield change(code, f"{told} says something else", held(before), held(after))


def list_changes(before: At, after: At, *, added: str, removed: str, told: str) -> Iterator[Change]:
    """Compare two lists of texts, whatever their order; `told` is what an item is."""
    olds, news = before.value or (), after.value or ()
    pairs = pair(olds, news, name=str, content=lambda _: None)
    for i in pairs.removed:
        at = before.part(i)
        yield change(removed, f"{told} {cut(at.value)} is gone", at, None)
    for j in pairs.added:
        at = after.part(j)
        yield change(added, f"{told} {cut(at.value)} is new", None, at)
    for i, j in pairs.renamed:
        yield from respelled(before.part(i), after.part(j), f"{told} {cut(news[j])}")
    if (before.value is UNSET) != (after.value is UNSET) and not olds and not news:
        yield from respelled(before, after, f"that there is none of `{after.path[-1]}`")


def signal_changes(before: At, after: At, told: str) -> Iterator[Change]:
    """Compare two lists of metrics, health checks or traces, which others look at by name."""
    codes = {"added": "diff/signal-added", "removed": "diff/signal-removed"}
    for found in list_changes(before, after, **codes, told=told):
        if found.code != codes["removed"] or found.before is None:
            yield found
            continue
        index = int(found.before.pointer.rpartition("/")[2])
        yield change(
            found.code,
            found.message,
            before.part(index),
            None,
            witness=_looked_at(told, str(before.path[-1]), before.value[index]),
        )


def _looked_at(told: str, key: str, name: str) -> Witness:
    text = f"an alert or a probe that looks at {told} {cut_key(name)}"
    return witness(WitnessKind.USE, text, {key: name}, "it is there", "there is none")
