"""The presets: a level for every rule, derived from the rule's own severity."""

from quaestor_shared.contracts.configuration import Level, Preset, PresetView
from quaestor_shared.contracts.findings import Severity
from quaestor_validator.domain.catalogue import CATALOGUE

__all__ = ["PRESETS", "level_in"]

_TITLES = {
    Preset.MINIMAL: "Only what is certainly wrong: the rules whose findings are errors",
    Preset.RECOMMENDED: "Every rule, with its own severity; what Finalize goes by",
    Preset.STRICT: "Every rule, and a severity more: warnings stop, remarks warn",
}
_LEVELS = {
    Preset.MINIMAL: {
        Severity.ERROR: Level.ERROR,
        Severity.WARN: Level.OFF,
        Severity.INFO: Level.OFF,
    },
    Preset.RECOMMENDED: {severity: Level(severity) for severity in Severity},
    Preset.STRICT: {
        Severity.ERROR: Level.ERROR,
        Severity.WARN: Level.ERROR,
        Severity.INFO: Level.WARN,
    },
}


def level_in(preset: Preset, code: str) -> Level:
    """Give a rule's level in a preset. What audits the configuration itself is always on."""
    severity = CATALOGUE[code].severity
    if code.startswith("config/"):
        return Level(severity)
    return _LEVELS[preset][severity]


PRESETS = tuple(
    PresetView(
        name=preset,
        title=title,
        rules={code: level_in(preset, code) for code in CATALOGUE},
    )
    for preset, title in _TITLES.items()
)
