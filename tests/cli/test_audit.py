"""The commands of the audit, run here without a service, as people and build servers run them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support.tree import ROOT

from quaestor_cli import exit_codes
from quaestor_cli.main import main

EXAMPLE = json.loads((ROOT / "examples" / "meal-planner" / "source-example.json").read_text())


def run(*arguments: object) -> Result:
    """Run the command with no gateway in the environment."""
    nowhere = {"QUAESTOR_URL": None, "QUAESTOR_API_KEY": None}
    return CliRunner(env=nowhere).invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Give a design without errors."""
    file = tmp_path / "backend.json"
    file.write_text(json.dumps(EXAMPLE, indent=2))
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Give a design with one error, in a known line."""
    file = tmp_path / "bad.json"
    broken = {**EXAMPLE, "entities": "none"}
    file.write_text(json.dumps(broken, indent=2))
    return file


def line_of(file: Path, text: str) -> int:
    """Give the number of the first line that has a text."""
    return next(n for n, line in enumerate(file.read_text().splitlines(), 1) if text in line)


def test_validate(good: Path, bad: Path) -> None:
    """A design is audited without a service; an error ends the command with 1."""
    assert run("validate", good).exit_code == exit_codes.GOOD
    found = run("validate", bad, "--format", "text")
    assert found.exit_code == exit_codes.FINDINGS
    assert f"{bad.as_posix()}:{line_of(bad, 'entities')}:" in found.output
    both = run("validate", good, bad, "--format", "github")
    assert both.exit_code == exit_codes.FINDINGS
    assert f"file={bad.as_posix()},line={line_of(bad, 'entities')}," in both.output


def test_output_to_a_file(bad: Path, tmp_path: Path) -> None:
    """A report goes into a file where one is named."""
    place = tmp_path / "report.sarif"
    assert run("validate", bad, "--format", "sarif", "--output", place).output == ""
    (result,) = json.loads(place.read_text())["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == line_of(bad, "entities")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("quaestor.yaml", "rules:\n  '*': 'off'\n"),
        ("quaestor.toml", "[rules]\n'*' = 'off'\n"),
        ("quaestor.json", '{"rules": {"*": "off"}}'),
    ],
)
def test_the_nearest_configuration(good: Path, name: str, text: str) -> None:
    """A configuration in the folder of a design or above it is used, in each of its forms."""
    before = run("validate", good, "--preset", "strict", "--format", "json")
    assert json.loads(before.output)["findings"]
    (good.parent / name).write_text(text)
    report = json.loads(run("validate", good, "--format", "json").output)
    assert report["findings"] == []
    given = json.loads(run("validate", good, "--preset", "strict", "--format", "json").output)
    assert given["findings"] == []


def test_a_sidecar_and_fail_on(good: Path) -> None:
    """The sidecar beside a design has its baseline; `--fail-on` says what is too much."""
    strict = ("validate", good, "--preset", "strict", "--fail-on", "info", "--format", "json")
    first = run(*strict)
    assert first.exit_code == exit_codes.FINDINGS
    prints = [finding["fingerprint"] for finding in json.loads(first.output)["findings"]]
    good.with_name("backend.quaestor.yaml").write_text(json.dumps({"baseline": prints}))
    second = run(*strict)
    assert second.exit_code == exit_codes.GOOD
    assert json.loads(second.output)["counts"]["known"] == len(prints)


@pytest.mark.parametrize("text", ["rules: [", "rules: {x: loud}", "colour: red"])
def test_a_configuration_that_cannot_be_read(good: Path, text: str) -> None:
    """A configuration with a fault ends the command with 2 and names the file."""
    file = good.with_name("mine.yaml")
    file.write_text(text)
    refused = run("validate", good, "--config", file)
    assert refused.exit_code == exit_codes.USAGE
    assert "mine.yaml" in refused.output


def test_no_json(tmp_path: Path) -> None:
    """A file that is no JSON ends the command with 2 and is named."""
    file = tmp_path / "x.json"
    file.write_text("{")
    refused = run("validate", file)
    assert refused.exit_code == exit_codes.USAGE
    assert "x.json is no JSON" in refused.output
    assert "x.json:1:2 Expecting property name" in refused.output


def test_rules() -> None:
    """The rules are listed with their levels; a code brings the options of its rules."""
    listed = run("rules")
    assert listed.exit_code == exit_codes.GOOD
    assert "references/unknown-entity" in listed.output
    some = run("rules", "references/")
    assert "names/duplicate" not in some.output
    assert "docs/rules/references-unknown-entity.md" in some.output
    assert run("rules", "nothing/such").exit_code == exit_codes.USAGE


def test_diff(good: Path) -> None:
    """Breaking changes come first with a witness, and `--exit-code` tells of them."""
    after = good.with_name("after.json")
    changed = json.loads(good.read_text())
    changed["apis"]["internal"] = changed["apis"]["internal"][:-1]
    after.write_text(json.dumps(changed))
    told = run("diff", good, after)
    assert told.exit_code == exit_codes.GOOD
    assert "breaking" in told.output
    assert run("diff", good, after, "--exit-code").exit_code == exit_codes.FINDINGS
    assert run("diff", good, good, "--exit-code").exit_code == exit_codes.GOOD
    never = run("diff", good, after, "--exit-code", "--fail-on", "never")
    assert never.exit_code == exit_codes.GOOD
    (patch,) = json.loads(run("diff", good, after, "--format", "patch").output)
    assert patch["op"] == "remove"


def test_fix(good: Path) -> None:
    """Safe fixes are shown, and written only where that is asked for, the rest left as it was."""
    design = json.loads(good.read_text())
    method = design["apis"]["internal"][0]["methods"][0]
    design["apis"]["internal"][0]["methods"][0] = method.lower()
    good.write_text(json.dumps(design, indent=4) + "\n")
    before = good.read_text()
    shown = run("fix", good)
    assert (good.read_text(), f'+                    "{method}"' in shown.output) == (before, True)
    assert run("fix", good, "--write").exit_code == exit_codes.GOOD
    assert good.read_text() == before.replace(f'"{method.lower()}"', f'"{method}"', 1)
    assert run("fix", good).stdout == ""
