"""Runs a checkout of the JSON-Schema-Test-Suite through the running service, over HTTP.

    python tests/conformance.py <folder> [--draft draft2020-12]

The suite is https://github.com/json-schema-org/JSON-Schema-Test-Suite. Its `remotes/` are
registered first, under the URLs that its tests refer to. With QUAESTOR_URL and QUAESTOR_API_KEY
set, that gateway is asked, else one is started. Beside the service jsonschema-rs is asked in this
process, with the same options. Exits 1 when a required test fails, or an optional one that
jsonschema-rs passes.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.http import Http  # noqa: E402

ORIGIN = "http://localhost:1234/"
DIALECTS = {
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft4": "http://json-schema.org/draft-04/schema#",
}


class Tally(NamedTuple):
    """How many tests of a file passed: over HTTP, in process, of how many."""

    service: int
    in_process: int
    tests: int


class Suite:
    """A checkout, read for one draft."""

    def __init__(self, folder: Path, draft: str) -> None:
        self.tests = folder / "tests" / draft
        self._remotes = folder / "remotes"
        self._dialect = DIALECTS[draft]
        self._draft = draft
        if not self.tests.is_dir():
            raise SystemExit(f"{folder} is no checkout of the suite: there is no {self.tests}")

    def files(self) -> list[Path]:
        """Give the files: required ones first, then optional ones, then formats."""
        return sorted(
            self.tests.rglob("*.json"), key=lambda path: (group_of(self.name(path)), path)
        )

    def name(self, path: Path) -> str:
        """Give a file's name in the suite."""
        return path.relative_to(self.tests).as_posix()

    def remotes(self) -> dict[str, Any]:
        """Give what `http://localhost:1234/` serves, but for drafts that are not taken here."""
        found = {}
        for path in sorted(self._remotes.rglob("*.json")):
            name = path.relative_to(self._remotes).as_posix()
            draft = name.partition("/")[0]
            if draft.startswith("draft") and draft not in DIALECTS:
                continue
            document = json.loads(path.read_text("utf-8"))
            own = draft == self._draft or (draft not in DIALECTS and self._draft != "draft2020-12")
            found[ORIGIN + name] = self.in_dialect(document) if own else document
        return found

    def in_dialect(self, document: Any) -> Any:
        """Give a schema that says its dialect, as tests of the older drafts leave it out."""
        if self._draft == "draft2020-12" or not isinstance(document, dict):
            return document
        return {"$schema": self._dialect, **document}


def group_of(name: str) -> str:
    """Say what a file's tests are: `0 required`, `1 optional` or `2 format`."""
    if "format/" in name or name.endswith("format-assertion.json"):
        return "2 format"
    return "1 optional" if name.startswith("optional/") else "0 required"


def register(api: Http, remotes: dict[str, Any]) -> None:
    """Register the remotes; one that refers to another has to wait for it."""
    waiting = dict(remotes)
    refused: dict[str, str] = {}
    while waiting:
        before = len(waiting)
        for uri, document in list(waiting.items()):
            name = f"suite-{hashlib.sha256(uri.encode()).hexdigest()[:16]}"
            reply = api.send("PUT", f"/v1/schemas/{name}/versions/1?uri={uri}", body=document)
            if reply.status in (200, 201):
                del waiting[uri]
            else:
                refused[uri] = reply.error["message"] + str(reply.error["details"][:1])
        if len(waiting) == before:
            break
    print(f"{len(remotes) - len(waiting)} of {len(remotes)} remotes registered")
    for uri in waiting:
        print(f"  not registered: {uri}: {refused[uri]}")


def ask(api: Http, suite: Suite, path: Path) -> Iterator[tuple[str, bool, bool]]:
    """Give each test of a file: its name, and whether the service and jsonschema-rs pass it."""
    formats = "assert" if group_of(suite.name(path)) == "2 format" else "annotate"
    for case in json.loads(path.read_text("utf-8")):
        schema = suite.in_dialect(case["schema"])
        items = [
            {"schema": schema, "instance": test["data"], "formats": formats}
            for test in case["tests"]
        ]
        answers = api.post("/v1/validate/batch", {"items": items}).data
        verdicts = in_process(schema, suite.remotes(), formats, [i["instance"] for i in items])
        for test, answer, verdict in zip(case["tests"], answers, verdicts, strict=True):
            told = answer["report"]["valid"] if "report" in answer else answer["error"]
            name = f"{case['description']}: {test['description']}"
            yield name, told is test["valid"], verdict is test["valid"]


def in_process(
    schema: Any, remotes: dict[str, Any], formats: str, instances: list[Any]
) -> list[bool | None]:
    """Ask jsonschema-rs itself; None where it does not take the schema."""
    from jsonschema_rs import RegexOptions, validator_for

    try:
        validator = validator_for(
            schema,
            retriever=remotes.__getitem__,
            pattern_options=RegexOptions(),
            validate_formats=formats == "assert",
        )
    except ValueError:
        return [None] * len(instances)
    return [validator.is_valid(instance) for instance in instances]


def run(api: Http, suite: Suite) -> bool:
    """Run everything, print it, and say whether it is good."""
    register(api, suite.remotes())
    totals: dict[str, Tally] = {}
    good = True
    print(f"{'file':58} {'service':>9} {'in process':>10} {'tests':>6}")
    for path in suite.files():
        name, group = suite.name(path), group_of(suite.name(path))
        passed = list(ask(api, suite, path))
        tally = Tally(sum(p[1] for p in passed), sum(p[2] for p in passed), len(passed))
        print(f"{name:58} {tally.service:9} {tally.in_process:10} {tally.tests:6}")
        for test, service, library in passed:
            if not service:
                print(f"    failed: {test}{'' if library else ' (in process too)'}")
                good &= group != "0 required" and not library
        before = totals.get(group, Tally(0, 0, 0))
        totals[group] = Tally(*map(sum, zip(before, tally, strict=True)))
    for group, tally in totals.items():
        print(f"{group[2:]:58} {tally.service:9} {tally.in_process:10} {tally.tests:6}")
    return good


@contextmanager
def gateway() -> Iterator[Http]:
    """Give the gateway of the environment, or one of this run's own."""
    if url := os.environ.get("QUAESTOR_URL"):
        yield Http(url, os.environ.get("QUAESTOR_API_KEY"))
        return
    from quaestor_cli.supervisor import running

    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as system:
        yield Http(system.url, system.api_key)


def main() -> None:
    """Run the suite."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suite", type=Path, help="a checkout of the JSON-Schema-Test-Suite")
    parser.add_argument("--draft", default="draft2020-12", choices=DIALECTS)
    given = parser.parse_args()
    suite = Suite(given.suite, given.draft)
    with gateway() as api:
        good = run(api, suite)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
