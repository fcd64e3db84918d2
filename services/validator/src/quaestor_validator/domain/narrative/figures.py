"""Figures that a text has and others have not."""

import re
from collections.abc import Iterable, Iterator

from quaestor_validator.domain.narrative.values import Shown
from quaestor_validator.domain.quantities import ServiceLevel, service_levels_of
from quaestor_validator.domain.quantities.durations import spans_in

__all__ = ["figure_of", "figures_of", "new_figures", "written_as"]

_LONGEST = 2_000  # figures stand in the first part of a text


def new_figures(shown: Shown, known: Iterable[str]) -> Iterator[tuple[Shown, ServiceLevel]]:
    """Give the service levels of a text whose figures none of the known texts has."""
    had = {figure for text in known for figure in figures_of(text)}
    for level in service_levels_of(shown.text):
        if figure_of(level) not in had:
            yield written_as(level, shown.source), level


def figures_of(text: str) -> Iterator[tuple[str, float]]:
    """Give the figures of a text, each as what makes two the same."""
    return map(figure_of, service_levels_of(text))


def figure_of(level: ServiceLevel) -> tuple[str, float]:
    """Give what makes two figures the same, whatever is said around them."""
    if level.seconds is not None:
        return "time", level.seconds
    return level.unit[:1], level.per_second or float(level.amount)


def written_as(level: ServiceLevel, source: str) -> Shown:
    """Give a figure as it is written."""
    source = source[:_LONGEST]
    for start, end, span in spans_in(source):
        if span == f"{level.amount}{level.unit}":
            return Shown(source[start:end], source[start:end])
    match = re.search(rf"(?<![\d.]){level.amount}[^\S\n]*[^\s.,;)]+", source)
    text = match[0] if match else f"{level.amount}{level.unit}"
    return Shown(text, text)
