"""Figures in prose that sound like promises: "p95 < 50ms", "ends within 30 minutes"."""

import re
from collections.abc import Iterator

import msgspec

from quaestor_shared.markdown import fold
from quaestor_validator.domain.narrative.breach import Path
from quaestor_validator.domain.narrative.figures import figure_of, figures_of, written_as
from quaestor_validator.domain.narrative.known import Known
from quaestor_validator.domain.narrative.values import Shown, value_at
from quaestor_validator.domain.quantities import Measure, ServiceLevel, growth_of, service_levels_of

__all__ = ["new_promises"]

_FIGURE = re.compile(r"[0-9]")
_FROM_FIGURE = re.compile(r"[0-9][^.;,)|]{0,60}")
# "Review every 2 weeks" and "20 % of our users" promise nothing.
_LIMIT = re.compile(
    r"[<\u2264]|\b(?:within|under|below|less than|at most|up to|max)\b", re.IGNORECASE
)
_WORK = re.compile(
    r"\b(?:latency|respon\w+|answer\w*|requests?|calls?|finish\w*|complet\w+|ends?|done|runs?|jobs?"
    r"|batch\w*|flows?|process\w*|apis?|endpoints?|reads?|writes?|quer(?:y|ies)|events?|messages?)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:uptime|availab\w+|error\w*|fail\w*|success\w*)\b", re.IGNORECASE)
_GROWTH = re.compile(r"\b(?:grow\w*|rows?|records?|entit(?:y|ies))\b", re.IGNORECASE)


def new_promises(
    known: Known, text: str, source: str, about: Path | None
) -> Iterator[tuple[Shown, str | None]]:
    """Give the promises of a sentence that the artifact does not make, and the member of each.

    With an item that the sentence is about, those that are not made of that one.
    """
    if not _FIGURE.search(text):
        return
    figures = known.figures if about is None else _figures_at(known, about)
    for level in service_levels_of(text):
        if figure_of(level) not in figures and _is_promise(level, text, about):
            yield written_as(level, source), None
    entity = about if about is not None and about[0] == "entities" else None
    if entity is not None or _GROWTH.search(text):
        yield from _growth(known, text, entity)


def _figures_at(known: Known, path: Path) -> frozenset[tuple[str, float]]:
    item = msgspec.to_builtins(value_at(known.artifact, path))
    texts = (text for text in item.values() if isinstance(text, str))
    return frozenset(figure for text in texts for figure in figures_of(text))


def _is_promise(level: ServiceLevel, text: str, about: Path | None) -> bool:
    """Say whether a figure is one of a service level, by the words around it."""
    if level.quantile is not None:
        return True
    if level.unit == "%":
        return _SHARE.search(text) is not None
    if level.measure is Measure.DEADLINE:
        return False
    works = about is not None or _WORK.search(text) is not None
    if level.measure is Measure.THROUGHPUT:
        return works and level.unit in ("/s", "/min", "/h")
    return works and _LIMIT.search(text) is not None


def _growth(known: Known, text: str, entity: Path | None) -> Iterator[tuple[Shown, str | None]]:
    growth = growth_of(text)
    if growth is None or growth.span is None:
        return
    had = known.growths
    if entity is not None:
        own = growth_of(value_at(known.artifact, (*entity, "expected_growth")))
        had = frozenset([own] if own is not None else [])
    match = _FROM_FIGURE.search(text)
    if growth not in had and match is not None:
        shown = fold(match[0])
        yield Shown(shown, shown), "expected_growth" if entity is not None else None
