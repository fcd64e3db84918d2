"""Writes `settings.md` from the services' settings, or checks that it is what they say.

python docs/generate.py            writes it
python docs/generate.py --check    exits 1 with a diff where it is not
"""

import argparse
import difflib
import importlib
import importlib.util
import sys
import types
import typing
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["SERVICES", "main", "settings_page"]

FILE = Path(__file__).parent / "settings.md"
SERVICES = {
    "gateway": "quaestor_gateway",
    "design-api": "quaestor_design_api",
    "validator": "quaestor_validator",
    "artifact-store": "quaestor_artifact_store",
}
HEAD = """\
# Settings

A service reads its settings from environment variables, once, when it starts. One that cannot be
read stops the start and is named. Every setting has a default that works on one machine;
`quaestor serve` and `make demo` set what the processes need to know of each other.

This page is generated from the code (`make specs`); units stand in the names: `_bytes`, `_s`
(seconds), `_ms` (milliseconds).
"""
TAIL = """
## Traces

Traces follow OpenTelemetry's own variables. Without the first, no span is made and a caller's
`traceparent` is passed on as it came.

| variable | default | meaning |
|---|---|---|
| `OTEL_TRACES_EXPORTER` | `none` | `console`, or `otlp` where `opentelemetry-sdk` and `opentelemetry-exporter-otlp` are installed; several with commas between. |
| `OTEL_EXPORTER_OTLP_ENDPOINT` | the exporter's | Where `otlp` sends spans: an address. |
| `OTEL_SERVICE_NAME` | `quaestor-<service>` | The name of this process in traces. |
| `OTEL_TRACES_SAMPLER` | the SDK's | Which traces are kept, for instance `parentbased_traceidratio`. |
"""


def settings_page() -> str:
    """Give the page as the code has it."""
    parts = [HEAD]
    for service, package in SERVICES.items():
        if importlib.util.find_spec(f"{package}.settings") is None:
            continue
        module = importlib.import_module(f"{package}.settings")
        parts.append(
            f"\n## {service}\n\n| variable | type | default | meaning |\n|---|---|---|---|"
        )
        parts += _rows(module.Settings, module.Settings.PREFIX)
        parts.append("")
    return "\n".join(parts) + TAIL.lstrip("\n")


def _rows(settings: type[msgspec.Struct], prefix: str) -> list[str]:
    hints = typing.get_type_hints(settings, include_extras=True)
    rows = []
    for field in msgspec.structs.fields(settings):
        kind, meaning = _kind(hints[field.name])
        variable = f"{prefix}{field.name.upper()}"
        rows.append(f"| `{variable}` | {kind} | {_default(field)} | {_cell(meaning)} |")
    return rows


def _kind(hint: Any) -> tuple[str, str]:  # noqa: ANN401 - any type form
    meaning = ""
    if typing.get_origin(hint) is typing.Annotated:
        hint, *extra = typing.get_args(hint)
        meaning = next((e.description for e in extra if getattr(e, "description", None)), "")
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " or ".join(f"`{each}`" for each in arguments), meaning
    if origin in (types.UnionType, typing.Union):
        kinds = [_kind(each) for each in arguments if each is not type(None)]
        return " or ".join(name for name, _ in kinds), meaning or kinds[0][1]
    names = {int: "integer", float: "number", str: "text", bool: "`true` or `false`"}
    return names.get(hint, getattr(hint, "__name__", str(hint)).lower()), meaning


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default
    if value is msgspec.NODEFAULT:
        if field.default_factory is msgspec.NODEFAULT:
            return "required"
        value = field.default_factory()
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: list[str] | None = None) -> int:
    """Write or check the page; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 with a diff")
    check = parser.parse_args(arguments).check
    before = FILE.read_text("utf-8") if FILE.exists() else ""
    after = settings_page()
    if before == after:
        return 0
    if not check:
        FILE.write_text(after, "utf-8")
        sys.stdout.write(f"wrote {FILE.name}\n")
        return 0
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    sys.stdout.writelines(
        difflib.unified_diff(*lines, "docs/settings.md", "docs/settings.md (from the code)")
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
