"""The files of an audit: a design, what lies beside it, and how it is configured."""

from pathlib import Path

import msgspec

from quaestor_cli.settings_file import SettingsFile, read_settings
from quaestor_shared.contracts.configuration import Configuration, Preset, Sidecar
from quaestor_shared.contracts.findings import Severity

__all__ = ["NAMES", "find_config", "over", "read_config", "read_sidecar", "sidecar_of"]

# Looked for in the folder of the design and in those above it.
NAMES = ("quaestor.yaml", "quaestor.yml", "quaestor.toml", "quaestor.json")
_SUFFIX = ".quaestor.yaml"


def find_config(file: Path) -> Path | None:
    """Give the nearest configuration, in the folder of a design or above it."""
    for folder in file.resolve().parents:
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def read_config(given: Path | None, file: Path) -> SettingsFile[Configuration] | None:
    """Read the configuration of a design: the one that was given, or the nearest."""
    place = given or find_config(file)
    return None if place is None else read_settings(place, Configuration)


def over(
    config: Configuration | None, preset: Preset | None, fail_on: Severity | None
) -> Configuration | None:
    """Put what was given on the command line over a configuration.

    The preset takes the place of those that are extended, so that what the configuration itself
    says of rules stays. Every place in it goes by the same pointer as before.
    """
    if preset is not None:
        config = _based_on(config or Configuration(), preset)
    if fail_on is not None:
        config = msgspec.structs.replace(config or Configuration(), fail_on=fail_on)
    return config


def _based_on(config: Configuration, preset: Preset | None) -> Configuration:
    """Let a configuration, and all that it extends, start from this preset, or from none."""
    extends = config.extends
    if not isinstance(extends, tuple) or not extends:
        return msgspec.structs.replace(config, extends=preset)
    return msgspec.structs.replace(
        config,
        extends=tuple(
            _instead(each, preset if number == 0 else None) for number, each in enumerate(extends)
        ),
    )


def _instead(extended: Preset | Configuration, preset: Preset | None) -> Preset | Configuration:
    if isinstance(extended, Configuration):
        return _based_on(extended, preset)
    return preset or Configuration()


def sidecar_of(file: Path) -> Path:
    """Give the name that a design's sidecar has: `backend.quaestor.yaml` beside `backend.json`."""
    return file.with_name(file.stem + _SUFFIX)


def read_sidecar(given: Path | None, file: Path) -> SettingsFile[Sidecar] | None:
    """Read what lies beside a design, the usual name or a given one."""
    place = given or sidecar_of(file)
    return read_settings(place, Sidecar) if given is not None or place.is_file() else None
