"""A configuration as a list of layers, the later over the earlier."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quaestor_shared.contracts.configuration import (
    Configuration,
    Level,
    Preset,
    RuleSetting,
    Suppression,
)
from quaestor_shared.contracts.findings import Source
from quaestor_validator.domain.config.patterns import fits
from quaestor_validator.domain.found import Path

__all__ = ["Layer", "Suppressing", "configurations", "layers", "level_of"]


class Suppressing(NamedTuple):
    """A suppression, and where it stands."""

    suppression: Suppression
    source: Source
    path: Path


class Layer(NamedTuple):
    """Settings and where they stand; for some features or places where these are given."""

    path: Path
    rules: Mapping[str, Level | RuleSetting]
    features: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()

    def holds_for(self, feature: str) -> bool:
        """Say whether the settings are for this feature too."""
        return not self.features or any(fits(feature, form) for form in self.features)


def configurations(config: Configuration, path: Path = ()) -> Iterator[tuple[Path, Configuration]]:
    """Give a configuration after all that it extends, each with its place."""
    for place, extended in _extends(config, path):
        if isinstance(extended, Configuration):
            yield from configurations(extended, place)
    yield path, config


def layers(config: Configuration, path: Path = ()) -> Iterator[Preset | Layer]:
    """Give the layers of a configuration and of all that it extends."""
    for place, extended in _extends(config, path):
        if isinstance(extended, Configuration):
            yield from layers(extended, place)
        else:
            yield extended
    yield Layer((*path, "rules"), config.rules)
    for index, override in enumerate(config.overrides):
        place = (*path, "overrides", index, "rules")
        yield Layer(place, override.rules, override.features, override.pointers)


def _extends(config: Configuration, path: Path) -> Iterator[tuple[Path, Preset | Configuration]]:
    extends = config.extends
    if extends is None:
        return
    if isinstance(extends, Preset):
        yield (*path, "extends"), extends
    else:
        yield from (((*path, "extends", index), each) for index, each in enumerate(extends))


def level_of(setting: Level | RuleSetting) -> Level | None:
    """Give the level that a setting says, if it says one."""
    return setting if isinstance(setting, Level) else setting.severity
