"""What the documents say of the code is so: commands, settings, errors, links, contents."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest
from tests.support.tree import PACKAGES, ROOT, tracked_files

from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.version import VERSION

README = (ROOT / "README.md").read_text("utf-8")
MARKDOWN = [file for file in tracked_files() if file.suffix == ".md"]
_BLOCK = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def shown(file: Path) -> str:
    """Name a file as a person would."""
    return file.relative_to(ROOT).as_posix()


def targets() -> dict[str, str]:
    """Give the targets of the Makefile with their lines of help."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return dict(re.findall(r"^([a-z-]+):[^#\n]*## (.+)$", makefile, re.MULTILINE))


def test_the_readme_begins_with_the_two_commands_and_ci_runs_them() -> None:
    """The first block has `make demo` and `make test`, and `.ci/run` runs check and both."""
    block = _BLOCK.search(README)
    assert block is not None
    commands = [line.split("#")[0].strip() for line in block[1].splitlines()]
    assert [line for line in commands if line.startswith("make")] == ["make demo", "make test"]
    run = ROOT / ".ci" / "run"
    loop = re.search(r"^for target in (.*); do$", run.read_text("utf-8"), re.MULTILINE)
    assert loop is not None
    assert loop[1].split() == ["check", "test", "demo"]
    assert run.stat().st_mode & 0o111


def test_every_make_target_that_a_document_names_is_there() -> None:
    """`make x` in a document names a target of the Makefile that `make help` lists."""
    named = {
        (shown(file), target)
        for file in MARKDOWN
        for target in re.findall(r"(?:`|^)make ([a-z]+)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert {(file, target) for file, target in named if target not in targets()} == set()
    assert {"demo", "test", "check", "serve", "format", "specs", "bench", "clean"} <= set(targets())


def test_there_is_one_version() -> None:
    """Every package, the workspace included, has the version that the services tell."""
    manifests = [
        ROOT / "pyproject.toml",
        *ROOT.glob("*/pyproject.toml"),
        *ROOT.glob("*/*/pyproject.toml"),
    ]
    versions = {
        shown(file): tomllib.loads(file.read_text("utf-8"))["project"]["version"]
        for file in manifests
    }
    assert len(versions) == len(PACKAGES) + 1
    assert set(versions.values()) == {VERSION}


def test_make_alone_lists_the_targets() -> None:
    """`make` prints each target with its line."""
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target, meaning in targets().items():
        assert re.search(rf"^  {target} +{re.escape(meaning)}$", done.stdout, re.MULTILINE)


def test_the_settings_page_is_what_the_code_says() -> None:
    """docs/settings.md has every setting of every service, with default and meaning."""
    script = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    "package", [p.name for p in PACKAGES if importlib.util.find_spec(f"{p.name}.settings")]
)
def test_every_setting_says_what_it_means(package: str) -> None:
    """Each field of a settings Struct has a description and stands in docs/settings.md."""
    module = importlib.import_module(f"{package}.settings")
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for field in msgspec.structs.fields(module.Settings):
        row = re.search(
            rf"^\| `{module.Settings.PREFIX}{field.name.upper()}` .*\| (.*) \|$", page, re.MULTILINE
        )
        assert row is not None, field.name
        assert len(row[1]) > len("a word"), field.name


def test_every_error_code_is_documented() -> None:
    """docs/errors.md has one row for each code, and no other, with status, meaning and advice."""
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (\d{3}(?:, \d{3})*) \| (.+) \| (.+) \|$", page, re.MULTILINE
    )
    assert [row[0] for row in rows] == [code.value for code in ErrorCode]


def anchors(file: Path) -> set[str]:
    """Give the anchors of a document's headings, as GitHub makes them."""
    found = set()
    for heading in _HEADING.findall(file.read_text("utf-8")):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(plain.strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("file", MARKDOWN, ids=shown)
def test_every_link_inside_the_repository_leads_somewhere(file: Path) -> None:
    """A relative link names a file that is there, and an anchor one of its headings."""
    broken = []
    for link in _LINK.findall(file.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_decisions_are_numbered_dated_and_listed() -> None:
    """Each record has the next number and a date, and docs/architecture.md links to it."""
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [file.name[:4] for file in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    overview = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for file in records:
        assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", file.read_text("utf-8"), re.MULTILINE)
        assert f"(decisions/{file.name})" in overview


def test_the_changelog_has_the_version_of_every_package() -> None:
    """The version of each distribution has its section, or is still under Unreleased."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    versions = {package.manifest["project"]["version"] for package in PACKAGES}
    assert len(versions) == 1
    assert f"[{versions.pop()}]" in changelog
