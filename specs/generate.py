"""Writes the files of this folder from the code, or checks that they are what the code says.

    python specs/generate.py            writes them
    python specs/generate.py --check    exits 1 with a diff where one is not

`backend.schema.json` is the schema of `design/backend.json`; `openapi/<service>.json` tells of
each service's HTTP. Keys are sorted in the OpenAPI documents, so that a diff shows changes only.
"""

import argparse
import difflib
import importlib
import io
import json
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quaestor_shared.contracts.artifact import SCHEMA_ID, Artifact
from quaestor_shared.schema import json_schema

__all__ = ["SERVICES", "generated", "main"]

FOLDER = Path(__file__).resolve().parent
SERVICES = {
    "artifact-store": "quaestor_artifact_store",
    "design-api": "quaestor_design_api",
    "gateway": "quaestor_gateway",
    "validator": "quaestor_validator",
}


def generated() -> Iterator[tuple[Path, str]]:
    """Give each file's path in this folder, and its content as the code has it."""
    schema = json_schema(Artifact, schema_id=SCHEMA_ID)
    yield Path("backend.schema.json"), _json(schema, sort_keys=False)
    for service, package in SERVICES.items():
        if find_spec(f"{package}.app") is None:
            continue
        yield Path("openapi") / f"{service}.json", _json(_openapi(package), sort_keys=True)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the files; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 with a diff")
    check = parser.parse_args(arguments).check
    stale = 0
    for path, content in generated():
        file = FOLDER / path
        before = file.read_text("utf-8") if file.exists() else ""
        if before == content:
            continue
        stale += 1
        if check:
            sys.stdout.writelines(_diff(before, content, path))
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(content, "utf-8")
            sys.stdout.write(f"wrote {path}\n")
    return 1 if check and stale else 0


def _openapi(package: str) -> dict[str, Any]:
    """Ask a service for its document.

    Making one may leave something behind at a first start, such as a key; that goes where it is
    thrown away, and what is said of it is kept from the reader.
    """
    settings = importlib.import_module(f"{package}.settings").Settings()
    create_app = importlib.import_module(f"{package}.app").create_app
    with TemporaryDirectory() as folder, chdir(folder), redirect_stderr(io.StringIO()):
        document: dict[str, Any] = create_app(settings).openapi()
    return document


def _json(document: dict[str, Any], *, sort_keys: bool) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=sort_keys) + "\n"


def _diff(before: str, after: str, path: Path) -> Iterator[str]:
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return difflib.unified_diff(*lines, f"specs/{path}", f"specs/{path} (from the code)")


if __name__ == "__main__":
    sys.exit(main())
