"""How entities grow, and whether the design has room for it."""

from collections.abc import Iterator
from operator import attrgetter

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import GrowthKind, growth_of, yearly_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Options, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.technologies import DISTRIBUTED
from quaestor_validator.domain.words import Phrases, folded, is_open

__all__ = ["RULES", "SingleNodeOptions"]

_EXAMPLE = "an amount and a span of time, such as `100k in 12 months`"
_SPREAD = Phrases(
    "partition*, repartition*, shard*, distributed, archiv*, retention*, cold storage, tiered"
)
_MOST_RELATED = 10


class SingleNodeOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`most_rows`, `most_bytes`: what one node takes of an entity in a year."""

    most_rows: float = 1_000_000_000
    most_bytes: float = 10_000_000_000_000


def unreadable(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find expected growth without any figure."""
    for i, entity in enumerate(design.artifact.entities):
        text = entity.expected_growth
        if growth_of(text) is None and not is_open(text):
            yield Issue(
                path=("entities", i, "expected_growth"),
                message=f"how {cut(entity.name)} grows is told without a figure, so nothing can "
                "be planned by it",
                expected=_EXAMPLE,
                actual=cut(text),
                fix="put an amount and a span of time to it; `fixed` where nothing grows",
            )


def without_span(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find expected growth with an amount, and no time in which it comes together."""
    for i, entity in enumerate(design.artifact.entities):
        growth = growth_of(entity.expected_growth)
        if growth is None or growth.span is not None:
            continue
        if growth.kind not in (GrowthKind.FIXED, GrowthKind.RATIO):
            yield Issue(
                path=("entities", i, "expected_growth"),
                message=f"nothing says in which time {cut(entity.name)} grows to that",
                expected=_EXAMPLE,
                actual=cut(entity.expected_growth),
                fix="add the span of time",
            )


def beyond_one_node(design: Design, options: SingleNodeOptions) -> Iterator[Issue]:
    """Find, once in a design, growth that one node does not take, with no word on spreading it."""
    entities = design.artifact.entities
    shares = {text: _share(text, options) for text in design.growths}
    if max(shares.values()) < 1 or design.speaks_of(_SPREAD) or _is_distributed(design):
        return
    large = [i for i, entity in enumerate(entities) if shares[entity.expected_growth] >= 1]
    large.sort(key=lambda i: -shares[entities[i].expected_growth])
    first = large[0]
    places: list[Path] = [("entities", i, "expected_growth") for i in large]
    yield Issue(
        path=places[0],
        message=f"{cut(entities[first].name)} outgrows one node within a year, and nothing says "
        "how it is spread or what is taken out",
        expected="partitioning, sharding or archiving in `scaling.notes`",
        actual=cut(entities[first].expected_growth),
        fix="say by what the data is partitioned, or what is archived after which time",
        related=tuple((place, "this one too") for place in places[1 : _MOST_RELATED + 1]),
    )


def _share(text: str, options: SingleNodeOptions) -> float:
    """Give what comes together in a year, as a share of what one node takes."""
    yearly = yearly_of(text)
    if yearly is None:
        return 0
    kind, amount = yearly
    return amount / (options.most_bytes if kind is GrowthKind.BYTES else options.most_rows)


def _is_distributed(design: Design) -> bool:
    return any(folded(store.technology.strip()) in DISTRIBUTED for store in design.artifact.storage)


RULES = (
    Rule(
        code="growth/unreadable",
        severity=Severity.WARN,
        title="Expected growth has a figure",
        check=unreadable,
        needs=attrgetter("vague_growths"),
    ),
    Rule(
        code="growth/without-span",
        severity=Severity.INFO,
        title="Expected growth has a span of time",
        check=without_span,
        needs=attrgetter("vague_growths"),
    ),
    Rule(
        code="growth/beyond-one-node",
        severity=Severity.WARN,
        title="Growth beyond one node is partitioned",
        check=beyond_one_node,
        options=SingleNodeOptions(),
    ),
)
