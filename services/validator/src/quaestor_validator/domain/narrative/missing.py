"""What the artifact decides and the document does not tell."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import Path
from quaestor_validator.domain.narrative.decisions import Decision, Form, item_path
from quaestor_validator.domain.narrative.items import passage_of, passages
from quaestor_validator.domain.narrative.passage import Passage

__all__ = ["Missing", "missing_from"]


class Missing(NamedTuple):
    """A decision, or a whole item, that is not told; `expected` is None where it is not shown."""

    path: Path
    message: str
    expected: str | None


def missing_from(
    asked: Sequence[Decision], part: Sequence[Block], contradicted: Collection[Path]
) -> Iterator[Missing]:
    """Find the decisions of one subsection that its blocks do not tell.

    An item whose name is not told either is one finding: it was dropped. One whose name is told
    wrongly, at a path of `contradicted`, was not.
    """
    whole = passage_of(part)
    items = passages(part, {fold(decision.item) for decision in asked if decision.item})
    by_item: dict[Path, list[Decision]] = {}
    for decision in asked:
        key = item_path(decision.path) if decision.item else decision.path
        by_item.setdefault(key, []).append(decision)
    for path, own in by_item.items():
        item = fold(own[0].item) if own[0].item else ""
        lost = [decision for decision in own if not items.get(item, whole).tells(decision)]
        if item and lost and item not in items and _is_dropped(own, lost, items, contradicted):
            message = f"“{own[0].subsection}” does not tell of {cut(own[0].item)}"
            yield Missing(path, message, cut(own[0].item))
        else:
            yield from map(_lost, lost)


def _is_dropped(
    own: Sequence[Decision],
    lost: Sequence[Decision],
    items: Mapping[str | None, Passage],
    contradicted: Collection[Path],
) -> bool:
    """Say whether nothing outside of other items names an item, and more of it is lost."""
    name = next((decision for decision in own if decision.text == decision.item), None)
    if name is None or name.path in contradicted or all(each is name for each in lost):
        return False
    rest = items.get(None)
    return rest is None or not rest.tells(name)


def _lost(decision: Decision) -> Missing:
    # An example may hold what should not be shown again.
    what = "this example" if decision.form is Form.JSON else cut(decision.text)
    of = f" of {cut(decision.item)}" if decision.item and decision.text != decision.item else ""
    return Missing(
        decision.path,
        f"“{decision.subsection}” does not tell of {what}{of}",
        None if decision.form is Form.JSON else cut(decision.text),
    )
