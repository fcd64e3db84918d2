"""How source files look: their length, what they export, what they leave out."""

import ast
import importlib
import io
import re
import statistics
import tokenize
from pathlib import Path

import pytest
from tests.support.tree import PACKAGES, ROOT, parse, source_files, tracked_files

LONGEST = 250
LONGEST_ROUTES = 100
MEDIAN = 100
PYTHON_FILES = [file for file in tracked_files() if file.suffix == ".py"]


def shown(file: Path) -> str:
    """Name a file as a person would."""
    return file.relative_to(ROOT).as_posix()


def length(file: Path) -> int:
    """Count the lines of a file."""
    return len(file.read_text("utf-8").splitlines())


def test_no_source_file_is_longer_than_a_reader_takes_in() -> None:
    """A source file has at most 250 lines."""
    assert {shown(f): length(f) for f in source_files() if length(f) > LONGEST} == {}


def test_routes_are_short_because_they_decide_nothing() -> None:
    """A `routes.py` has at most 100 lines."""
    routes = [f for f in source_files() if f.stem == "routes" or f.parent.name == "routes"]
    assert routes
    assert {shown(f): length(f) for f in routes if length(f) > LONGEST_ROUTES} == {}


def test_the_median_source_file_is_short() -> None:
    """Half of the source files have fewer than 100 lines."""
    assert statistics.median(map(length, source_files())) < MEDIAN


def modules_with_exports() -> list[str]:
    """List the modules that say what they export."""
    names = []
    for package in PACKAGES:
        for file in sorted(package.source.rglob("*.py")):
            if "__all__" not in file.read_text("utf-8") or file.stem == "asgi":
                continue
            parts = file.relative_to(package.source.parent).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


@pytest.mark.parametrize("name", modules_with_exports())
def test_the_export_list_is_true(name: str) -> None:
    """`__all__` names what is there, and nothing twice."""
    module = importlib.import_module(name)
    exported = list(module.__all__)
    assert [each for each in exported if not hasattr(module, each)] == []
    assert len(exported) == len(set(exported))


def test_what_another_module_imports_is_exported() -> None:
    """A name that one of our modules takes from another stands in that one's `__all__`."""
    exports = {name: set(importlib.import_module(name).__all__) for name in modules_with_exports()}
    faults = []
    for file in source_files():
        for node in ast.walk(parse(file)):
            if isinstance(node, ast.ImportFrom) and node.module in exports:
                taken = {alias.name for alias in node.names} - exports[node.module]
                taken -= {each for each in taken if f"{node.module}.{each}" in exports}
                faults += [f"{shown(file)}: {node.module}.{each}" for each in sorted(taken)]
    assert faults == []


def comments(file: Path) -> list[tuple[int, str]]:
    """List a file's comments with their lines."""
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text("utf-8")).readline)
    return [(t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT]


_LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")  # the words that mark what is left undone
_EXCEPTION = re.compile(r"# (type: ignore\[[\w\-, ]+\]|pragma: no \w+)(.*)")


@pytest.mark.parametrize("file", PYTHON_FILES, ids=shown)
def test_nothing_is_left_for_later_and_every_exception_has_its_reason(file: Path) -> None:
    """No comment promises work, and a silenced type error says why it is silenced."""
    faults = []
    for line, text in comments(file):
        if _LEFTOVER.search(text) and file != Path(__file__):
            faults.append(f"{shown(file)}:{line}: {text}")
        exception = _EXCEPTION.search(text)
        if exception and len(exception[2].strip(" -#")) < len("a reason"):
            faults.append(f"{shown(file)}:{line}: no reason: {text}")
    assert faults == []


# Spelled in parts, so that this file does not hold what it looks for.
_MACHINE = re.compile(
    "|".join(
        [
            "/ho" + "me/",
            "/Us" + "ers/",
            "/ro" + "ot/",
            "/wo" + r"rk/(?:main|shared)",
            "/tm" + r"p/w\b",
        ]
    )
)
_PROCESS = re.compile(
    "|".join(
        [
            r"\bAI assist" + r"ant\b",
            r"\bChat" + r"GPT\b",
            r"\bCla" + r"ude\b",
            r"\bsub" + r"agents?\b",
            r"/opt/py" + "pi",
        ]
    ),
    re.IGNORECASE,
)
_TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".svg", ".html", ".cfg", ""}


def test_no_machine_and_no_way_of_working_shows_in_the_repository() -> None:
    """No file has an absolute path of somebody's machine or tells how it was written."""
    faults = []
    for file in tracked_files():
        if file.suffix not in _TEXT or file.name == "uv.lock":
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if _MACHINE.search(line) or _PROCESS.search(line):
                faults.append(f"{shown(file)}:{number}: {line.strip()[:100]}")
    assert faults == []


def test_every_test_says_in_one_sentence_what_it_proves() -> None:
    """A test's docstring is one sentence that ends with a full stop."""
    faults = []
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(parse(file)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if not node.name.startswith("test_"):
                continue
            said = " ".join((ast.get_docstring(node) or "").split())
            if not said.endswith((".", '."', ".`")) or re.search(r"[a-z)`]\. [A-Z]", said):
                faults.append(f"{shown(file)}:{node.lineno}: {said or 'nothing'}")
    assert faults == []
