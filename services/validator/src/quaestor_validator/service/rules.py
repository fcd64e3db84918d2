"""The rules and the presets, as clients see them."""

from typing import Any

from quaestor_shared.contracts.configuration import PresetView
from quaestor_shared.contracts.validation import RuleView
from quaestor_shared.schema import json_schema
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.config.presets import PRESETS
from quaestor_validator.domain.pages import page_of
from quaestor_validator.domain.rules.base import Options

__all__ = ["preset_views", "rule_views"]


def rule_views() -> tuple[RuleView, ...]:
    """List the rules, by code."""
    return tuple(
        RuleView(
            code=code,
            severity=entry.severity,
            title=entry.title,
            url=page_of(code),
            options=_schemas_of(entry.options),
            presets={preset.name: preset.rules[code] for preset in PRESETS},
        )
        for code, entry in CATALOGUE.items()
    )


def preset_views() -> tuple[PresetView, ...]:
    """List the presets, from the least to the most."""
    return PRESETS


def _schemas_of(options: Options) -> dict[str, Any]:
    """Give a JSON Schema for each option, with its default."""
    contract = type(options)
    schema = json_schema(contract)
    properties: dict[str, Any] = schema["$defs"][contract.__name__]["properties"]
    return properties
