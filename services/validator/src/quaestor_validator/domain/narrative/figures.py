"""Figures that a text has and others have not."""

import re
from collections.abc import Iterable, Iterator

from quaestor_validator.domain.narrative.values import Shown
from quaestor_validator.domain.quantities import ServiceLevel, service_levels_of

__all__ = ["new_figures"]


def new_figures(shown: Shown, known: Iterable[str]) -> Iterator[tuple[Shown, ServiceLevel]]:
    """Give the service levels of a text whose figures none of the known texts has."""
    had = {_figure(level) for text in known for level in service_levels_of(text)}
    for level in service_levels_of(shown.text):
        if _figure(level) not in had:
            yield _written(level, shown.source), level


def _figure(level: ServiceLevel) -> tuple[str, float]:
    """Give what makes two figures the same, whatever is said around them."""
    if level.seconds is not None:
        return "time", level.seconds
    return level.unit[:1], level.per_second or float(level.amount)


def _written(level: ServiceLevel, source: str) -> Shown:
    """Give a figure as it is written."""
    match = re.search(rf"(?<![\d.]){level.amount}[^\S\n]*[^\s.,;)]+", source)
    text = match[0] if match else f"{level.amount}{level.unit}"
    return Shown(text, text)
