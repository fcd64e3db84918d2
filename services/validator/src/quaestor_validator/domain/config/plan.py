"""What a configuration comes to for one document: a level and options for every rule."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.configuration import (
    Configuration,
    Level,
    Preset,
    RuleSetting,
    Sidecar,
)
from quaestor_shared.contracts.findings import Severity, Source
from quaestor_shared.errors import InvalidInput
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.config.faults import configuration_faults
from quaestor_validator.domain.config.layers import (
    Layer,
    Suppressing,
    configurations,
    layers,
    level_of,
)
from quaestor_validator.domain.config.names import by_weight, codes_of, unknown_rule
from quaestor_validator.domain.config.presets import level_in
from quaestor_validator.domain.found import Found, Path
from quaestor_validator.domain.rules import RULES
from quaestor_validator.domain.rules.base import Options, Rule

__all__ = ["Plan", "plan_of"]


class Plan(NamedTuple):
    """How a document is audited. `overrides` are the layers for some of its places alone.

    `steps` are the rules that can have findings at all, in order, each with its options.
    """

    levels: dict[str, Level]
    steps: tuple[tuple[Rule, Options], ...]
    overrides: list[Layer]
    suppressions: list[Suppressing]
    baseline: dict[str, Source]
    fail_on: Severity
    notices: list[Found]

    @property
    def has_own(self) -> bool:
        """Say whether there may be something to say of the configuration itself."""
        return bool(self.overrides or self.suppressions or self.baseline or self.notices)


def plan_of(config: Configuration | None, sidecar: Sidecar | None, feature: str) -> Plan:
    """Work out how the document of a feature is audited; "" where it does not say which.

    Raises InvalidInput with every fault of the configuration at its place in the body.
    """
    if config is None and sidecar is None:
        return _recommended()
    return _plan(config or Configuration(), sidecar or Sidecar(), feature)


@lru_cache(maxsize=1)
def _recommended() -> Plan:
    return _plan(Configuration(), Sidecar(), "")


def _plan(config: Configuration, sidecar: Sidecar, feature: str) -> Plan:
    everything = list(layers(config))
    whole = list(configurations(config))
    suppressions = [
        *(s for path, each in whole for s in _suppressions(each, Source.CONFIG, path)),
        *_suppressions(sidecar, Source.SIDECAR, ()),
    ]
    if faults := list(configuration_faults(everything, suppressions)):
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise InvalidInput(f"The configuration cannot be used: {count}.", details=faults)
    applied = [each for each in everything if isinstance(each, Preset) or each.holds_for(feature)]
    levels, options = _settings(applied)
    overrides = [each for each in applied if isinstance(each, Layer) and each.pointers]
    return Plan(
        levels=levels,
        steps=tuple(_steps(levels, options, overrides)),
        overrides=overrides,
        suppressions=suppressions,
        baseline={
            **{mark: Source.CONFIG for _, each in whole for mark in each.baseline},
            **dict.fromkeys(sidecar.baseline, Source.SIDECAR),
        },
        fail_on=next((c.fail_on for _, c in reversed(whole) if c.fail_on), Severity.ERROR),
        notices=[*_unknown_in_rules(everything), *_unknown_in_suppressions(suppressions)],
    )


def _steps(
    levels: dict[str, Level], options: dict[str, Options], overrides: list[Layer]
) -> Iterator[tuple[Rule, Options]]:
    somewhere = {code for layer in overrides for name in layer.rules for code in codes_of(name)}
    for rule in RULES:
        if levels[rule.code] is not Level.OFF or rule.code in somewhere:
            yield rule, options.get(rule.code, rule.options)


def _suppressions(sidecar: Sidecar, source: Source, path: Path) -> Iterator[Suppressing]:
    for index, suppression in enumerate(sidecar.suppressions):
        yield Suppressing(suppression, source, (*path, "suppressions", index))


def _settings(applied: Iterable[Preset | Layer]) -> tuple[dict[str, Level], dict[str, Options]]:
    levels = {code: level_in(Preset.RECOMMENDED, code) for code in CATALOGUE}
    options: dict[str, dict[str, Any]] = {}
    for layer in applied:
        if isinstance(layer, Preset):
            levels |= {code: level_in(layer, code) for code in CATALOGUE}
            continue
        if layer.pointers:
            continue
        for name in by_weight(layer.rules):
            setting = layer.rules[name]
            if (level := level_of(setting)) is not None:
                levels |= dict.fromkeys(codes_of(name), level)
            if isinstance(setting, RuleSetting) and name in CATALOGUE:
                options.setdefault(name, {}).update(setting.options)
    return levels, {
        code: msgspec.convert(given, type(CATALOGUE[code].options))
        for code, given in options.items()
    }


def _unknown_in_rules(everything: Iterable[Preset | Layer]) -> Iterator[Found]:
    for layer in everything:
        if isinstance(layer, Layer):
            for name in layer.rules:
                if notice := unknown_rule(name, (*layer.path, name), Source.CONFIG):
                    yield notice


def _unknown_in_suppressions(suppressions: Iterable[Suppressing]) -> Iterator[Found]:
    for suppression, source, path in suppressions:
        if notice := unknown_rule(suppression.rule, (*path, "rule"), source, given=True):
            yield notice
