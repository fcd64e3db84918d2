"""The files of an audit: a design, what lies beside it, and how it is configured."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from quaestor_shared.contracts.configuration import Configuration, Preset, Sidecar
from quaestor_shared.contracts.findings import Severity

__all__ = ["NAMES", "find_config", "read_config", "read_document", "read_sidecar", "sidecar_of"]

# Looked for in the folder of the design and in those above it.
NAMES = ("quaestor.yaml", "quaestor.yml", "quaestor.toml", "quaestor.json")
_SUFFIX = ".quaestor.yaml"
T = TypeVar("T")


def read_document(file: Path) -> bytes:
    """Read a JSON document. Raises UsageError for what is none, with its place."""
    content = file.read_bytes()
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise click.UsageError(f"{file} is no JSON: {error}.") from error
    return content


def find_config(file: Path) -> Path | None:
    """Give the nearest configuration, in the folder of a design or above it."""
    for folder in file.resolve().parents:
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def read_config(
    file: Path | None, preset: Preset | None, fail_on: Severity | None
) -> Configuration | None:
    """Read a configuration, and put what was given on the command line over it."""
    config = _read(file, Configuration) if file is not None else None
    if preset is not None:
        under = () if config is None else (config,)
        config = Configuration(extends=(preset, *under))
    if fail_on is not None:
        config = msgspec.structs.replace(config or Configuration(), fail_on=fail_on)
    return config


def sidecar_of(file: Path) -> Path:
    """Give the name that a design's sidecar has: `backend.quaestor.yaml` beside `backend.json`."""
    return file.with_name(file.stem + _SUFFIX)


def read_sidecar(given: Path | None, file: Path) -> Sidecar | None:
    """Read what lies beside a design, the usual name or a given one."""
    place = given or sidecar_of(file)
    return _read(place, Sidecar) if given is not None or place.is_file() else None


def _read(file: Path, kind: type[T]) -> T:
    """Read a YAML, TOML or JSON file. Raises UsageError that names the file and the place."""
    try:
        return msgspec.convert(_parse(file), kind, strict=False)
    except msgspec.ValidationError as error:
        raise click.UsageError(f"{file}: {error}.") from error


def _parse(file: Path) -> Any:  # noqa: ANN401 - any plain data
    import yaml

    text = file.read_text(encoding="utf-8")
    try:
        if file.suffix == ".toml":
            return tomllib.loads(text)
        if file.suffix == ".json":
            return msgspec.json.decode(text)
        return yaml.safe_load(text) or {}
    except (yaml.YAMLError, tomllib.TOMLDecodeError, msgspec.DecodeError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}.") from error
