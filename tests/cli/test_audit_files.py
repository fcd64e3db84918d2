"""What commands of the audit say about files: refusals, configuration, patches, forms for many."""

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner, Result
from tests.support.tree import ROOT

from quaestor_cli import exit_codes
from quaestor_cli.main import main

EXAMPLE = json.loads((ROOT / "examples" / "meal-planner" / "source-example.json").read_text())
PAGE = (ROOT / "docs" / "how-to" / "validation.md").read_text("utf-8")
RUNNER = CliRunner(env={"QUAESTOR_URL": None, "QUAESTOR_API_KEY": None})


def run(*arguments: object) -> Result:
    """Run the command with no gateway in the environment."""
    return RUNNER.invoke(main, [str(argument) for argument in arguments])


def report(*arguments: object) -> dict[str, Any]:
    """Give the report of an audit."""
    found: dict[str, Any] = json.loads(run("validate", *arguments, "--format", "json").stdout)
    return found


@pytest.fixture
def design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a design without errors, in the folder where the commands run."""
    monkeypatch.chdir(tmp_path)
    file = Path("backend.json")
    file.write_text(json.dumps(EXAMPLE, indent=2))
    return file


def test_the_configuration_of_the_page_is_taken(design: Path) -> None:
    """What docs/how-to/validation.md shows can be saved as it is: `off` is a level."""
    text = PAGE.split("```yaml config\n")[1].split("```")[0]
    Path("quaestor.yaml").write_text(text)
    codes = [str(f["code"]) for f in report(design)["findings"]]
    assert codes
    assert not [code for code in codes if code.startswith(("completeness/", "config/"))]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rules:\n  apis/*: loud\n", "mine.yaml:2:11 /rules/apis~1*"),
        ("rules: {}\nrules: {}\n", "mine.yaml:2:1 the name `rules` stands twice"),
        ("extends: [\n", "mine.yaml:2:1 "),
        (
            "rules:\n  service-levels/slow-api:\n    options:\n      most_mss: 5\n",
            "mine.yaml:4:17 /rules/service-levels~1slow-api/options/most_mss",
        ),
        ("suppressions:\n- rule: '*'\n  reason: ' '\n", "mine.yaml:3:11 /suppressions/0/reason"),
    ],
)
def test_a_fault_of_a_configuration(design: Path, text: str, place: str) -> None:
    """Each is told at its line and column of the file, also what the audit itself refuses."""
    Path("mine.yaml").write_text(text)
    refused = run("validate", design, "--config", "mine.yaml")
    assert refused.exit_code == exit_codes.USAGE
    assert refused.stdout == ""
    assert place in refused.stderr


def test_findings_about_a_configuration(design: Path) -> None:
    """They stand in the file that they are about, in each form."""
    text = "rules:\n  storage/duplicates: off\n"
    Path("quaestor.yaml").write_text(text)
    Path("backend.quaestor.yaml").write_text(
        "suppressions:\n  - rule: storage/duplicate\n    reason: r\n    expires: 2999-01-01\n"
    )
    github = run("validate", design, "--format", "github").stdout
    assert "file=quaestor.yaml,line=2,endLine=2,col=3,endColumn=21," in github
    assert "file=backend.quaestor.yaml,line=2,endLine=4,col=5,endColumn=24," in github
    framed = run("validate", design, "--format", "text").stdout
    assert "2 |   storage/duplicates: off\n  |   ^^^^^^^^^^^^^^^^^^ did you mean" in framed
    assert "quaestor.yaml:2:3" in run("validate", design).stdout
    Path("quaestor.yaml").unlink()
    Path("quaestor.json").write_text('{"rules":\n {"storage/duplicates": "off"}}')
    github = run("validate", design, "--format", "github").stdout
    assert "file=quaestor.json,line=2,endLine=2,col=3,endColumn=23," in github


def test_a_preset_goes_over_the_configuration(design: Path) -> None:
    """It takes the place of those that are extended; the configuration's own rules stay."""
    minimal = report(design, "--preset", "minimal")
    for text in ("extends: strict", "extends: [strict, {extends: strict}, recommended]"):
        Path("mine.yaml").write_text(text)
        assert report(design, "--config", "mine.yaml") != minimal
        assert report(design, "--config", "mine.yaml", "--preset", "minimal") == minimal
    Path("mine.yaml").write_text("extends: minimal\nrules: {'*': info}")
    levels = report(design, "--config", "mine.yaml", "--preset", "strict", "--fail-on", "info")
    assert levels["fail_on"] == "info"
    assert {f["severity"] for f in levels["findings"]} == {"info"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("validate", "backend.json", "--schema", "nope"),
            "NOT_FOUND There is no schema of this name",
        ),
        (("validate", "backend.json", "--schema", "Bad Name"), "--schema must be a name"),
        (("validate", "backend.json", "deep.json"), "deep.json:1:1 "),
        (("validate", "large.json"), "PAYLOAD_TOO_LARGE large.json: "),
        (("fix", "large.json"), "PAYLOAD_TOO_LARGE large.json: "),
        (("diff", "backend.json", "large.json"), "PAYLOAD_TOO_LARGE "),
        (("validate", "half.json"), "half.json:2:9 /a/0 has half of a surrogate pair"),
        (("validate", "syntax.json"), "syntax.json:3:6 Expecting ':' delimiter"),
        (("diff", "backend.json", "twice.json"), "twice.json:2:2 /a this name stands twice"),
        (("diff", "backend.json", "other.json"), "other.json:1:16 /feature_id must be"),
        (
            ("validate", "backend.json", "--output", "no/where", "--format", "sarif"),
            "no/where cannot",
        ),
    ],
)
def test_a_refusal(design: Path, arguments: tuple[str, ...], told: str) -> None:
    """It is one message on standard error, with the place, and the status is 2."""
    assert design.exists()
    Path("deep.json").write_text("[" * 70 + "]" * 70)
    Path("large.json").write_text(" " * 9_000_000 + "{}")
    Path("half.json").write_text('{\n  "a": ["\\ud800"]\n}'.replace('"a": [', '"a": ['))
    Path("syntax.json").write_text('{\n "a": 1,\n "b" 2\n}')
    Path("twice.json").write_text('{"a": 1,\n "a": 2}')
    Path("other.json").write_text('{"feature_id": 4}')
    refused = run(*arguments)
    assert refused.exit_code == exit_codes.USAGE, refused.exception
    assert refused.stdout == ""
    assert told in refused.stderr


@pytest.mark.parametrize("form", ["sarif", "junit", "lsp"])
def test_many_files_are_one_document(design: Path, form: str) -> None:
    """What is written for two files is read as one document, and names both."""
    other = Path("my other #2.json")
    other.write_text(json.dumps({**EXAMPLE, "entities": "none"}))
    run("validate", design, other, "--format", form, "--output", "report")
    text = Path("report").read_text()
    if form == "junit":
        names = [suite.get("name") for suite in Xml.fromstring(text)]  # noqa: S314 - our own
        assert names == [str(design), str(other)]
    elif form == "sarif":
        (run_,) = json.loads(text)["runs"]
        uris = [each["location"]["uri"] for each in run_["artifacts"]]
        assert uris == ["backend.json", "my%20other%20%232.json"]
    else:
        assert [file["uri"] for file in json.loads(text)] == [
            design.resolve().as_uri(),
            other.resolve().as_uri(),
        ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n "])
def test_a_fix_is_a_patch(design: Path, end: str, last: str) -> None:
    """What `fix` writes into a pipe is taken by `git apply`, and changes no other line."""
    changed = json.loads(json.dumps(EXAMPLE))
    methods = changed["apis"]["internal"][0]["methods"]
    changed["apis"]["internal"][0]["methods"] = [*methods, methods[0]]
    changed["assumptions"] = ["ä\u2028 " + "long " * 50]
    text = json.dumps(changed, indent="\t", ensure_ascii=False).replace('"async"', '"Async"')
    text = text.replace("\n", end) + last
    design.write_bytes(text.encode())
    fixed = run("fix", design)
    Path("fix.patch").write_bytes(fixed.stdout_bytes)
    subprocess.run(["git", "apply", "fix.patch"], check=True)
    patched = design.read_bytes()
    design.write_bytes(text.encode())
    run("fix", design, "--write")
    assert design.read_bytes() == patched != text.encode()
    old, new = text.split("\n"), patched.decode().split("\n")
    assert [line.strip() for line in old if line not in new] == [
        '"DELETE",',
        '"GET"',
        '"type": "Async",',
    ]
    assert new[-1] == old[-1]
