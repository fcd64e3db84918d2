"""Files that say how to audit, in YAML, TOML or JSON, and the places in them."""

import tomllib
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from quaestor_cli.document_text import Mark, mark_in, read_text, read_unambiguous
from quaestor_cli.refusals import name_of, refusal
from quaestor_shared.errors import InvalidInput
from quaestor_shared.pointers import steps
from quaestor_shared.service.fault_search import faults_of

__all__ = ["SettingsFile", "read_settings"]

T = TypeVar("T")


class SettingsFile(NamedTuple, Generic[T]):
    """A file, its text, and what it says."""

    file: Path
    text: str
    value: T

    def mark(self, pointer: str) -> Mark | None:
        """Give the place of what a finding is about, the name itself of a rule; None in TOML."""
        return _mark(self.file, self.text, pointer, key=pointer.split("/")[-2:-1] == ["rules"])

    def place(self, pointer: str) -> str:
        """Write the place of a value: file, line and column where they are known, pointer."""
        return _place(self.file, _mark(self.file, self.text, pointer), pointer)

    def place_of_finding(self, pointer: str) -> str:
        """Write the place of what a finding is about."""
        return _place(self.file, self.mark(pointer), pointer)


def read_settings(file: Path, kind: type[T]) -> SettingsFile[T]:
    """Read a file. Raises InvalidInput that names it and each place."""
    text = read_unambiguous(file) if file.suffix == ".json" else read_text(file)
    plain = msgspec.to_builtins(_parse(file, text))
    try:
        return SettingsFile(file, text, msgspec.convert(plain, kind))
    except msgspec.ValidationError as error:
        faults = [
            (_place(file, _mark(file, text, each.field), each.field), each.message)
            for each in faults_of(plain, kind)
        ]
        what = "does not have the form that is taken here."
        raise refusal(file, what, faults or [(name_of(file), str(error))]) from error


def _parse(file: Path, text: str) -> Any:  # noqa: ANN401 - any plain data
    if file.suffix == ".json":
        return msgspec.json.decode(text)
    if file.suffix == ".toml":
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise refusal(file, "is no TOML.", [(name_of(file), str(error))]) from error
    return _parse_yaml(file, text)


def _parse_yaml(file: Path, text: str) -> Any:  # noqa: ANN401 - any plain data
    import yaml

    from quaestor_cli import yaml_text

    try:
        return yaml_text.load(text) or {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name_of(file)}:{mark.line + 1}:{mark.column + 1}" if mark else name_of(file)
        raise refusal(file, "is no YAML.", [(place, error.problem or str(error))]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _no_yaml(file, error) from error


def _no_yaml(file: Path, error: Exception) -> InvalidInput:
    return refusal(file, "is no YAML.", [(name_of(file), " ".join(str(error).split()))])


def _mark(file: Path, text: str, pointer: str, *, key: bool = False) -> Mark | None:
    if file.suffix == ".toml" or not text.strip():
        return None
    if file.suffix == ".json":
        return mark_in(text, pointer, key=key)
    from quaestor_cli import yaml_text

    return yaml_text.find(text, tuple(steps(pointer)), key=key)


def _place(file: Path, mark: Mark | None, pointer: str) -> str:
    at = f":{mark[0]}:{mark[1]}" if mark else ""
    return f"{name_of(file)}{at} {pointer}".rstrip()
