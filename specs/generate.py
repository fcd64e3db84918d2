"""Writes the files of this folder from the code, or checks that they are what the code says.

    python specs/generate.py            writes them
    python specs/generate.py --check    exits 1 with a diff where one is not

`backend.schema.json` is the schema of `design/backend.json`, `answers.schema.json` that of an
answer in a turn. `openapi/<service>.json` tells of each service's HTTP, `openapi/gateway.json` of
what is public of it. Keys are sorted in the OpenAPI documents, so that a diff shows changes only.
"""

import argparse
import difflib
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quaestor_gateway.domain.merging import merge
from quaestor_shared.contracts.answers import ANSWERS_ID, Answer
from quaestor_shared.contracts.artifact import SCHEMA_ID, Artifact
from quaestor_shared.schema import json_schema

__all__ = ["SERVICES", "generated", "main"]

FOLDER = Path(__file__).resolve().parent
SERVICES = {
    "artifact-store": "quaestor_artifact_store",
    "design-api": "quaestor_design_api",
    "validator": "quaestor_validator",
}


def generated() -> Iterator[tuple[Path, str]]:
    """Give each file's path in this folder, and its content as the code has it."""
    schema = json_schema(Artifact, schema_id=SCHEMA_ID)
    yield Path("backend.schema.json"), _json(schema, sort_keys=False)
    answers = json_schema(Answer, schema_id=ANSWERS_ID)
    yield Path("answers.schema.json"), _json(answers, sort_keys=False)
    documents = {service: _openapi(package) for service, package in SERVICES.items()}
    documents["gateway"] = merge(documents)
    for service, document in documents.items():
        yield Path("openapi") / f"{service}.json", _json(document, sort_keys=True)


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
    """Ask a service for its document."""
    settings = importlib.import_module(f"{package}.settings").Settings()
    create_app = importlib.import_module(f"{package}.app").create_app
    document: dict[str, Any] = create_app(settings).openapi()
    return document


def _json(document: dict[str, Any], *, sort_keys: bool) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=sort_keys) + "\n"


def _diff(before: str, after: str, path: Path) -> Iterator[str]:
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return difflib.unified_diff(*lines, f"specs/{path}", f"specs/{path} (from the code)")


if __name__ == "__main__":
    sys.exit(main())
