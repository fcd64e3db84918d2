"""Domains are pure: no clock, no chance, no input or output."""

import ast
from pathlib import Path

import pytest
from tests.support.tree import PACKAGES, ROOT, parse

DOMAIN_FILES = sorted(
    file for package in PACKAGES for file in (package.source / "domain").rglob("*.py")
)
_CALLS = {"breakpoint", "exec", "eval", "input", "open", "print", "__import__"}
_METHODS = {
    "now": "a clock",
    "today": "a clock",
    "utcnow": "a clock",
    "fromtimestamp": "a clock",
    "read_text": "the disk",
    "read_bytes": "the disk",
    "write_text": "the disk",
    "write_bytes": "the disk",
    "uuid1": "chance",
    "uuid4": "chance",
    "uuid7": "chance",
    "urandom": "chance",
}
_MODULES = {
    "random", "secrets", "time", "os", "sys", "socket", "subprocess", "pathlib", "sqlite3",
    "urllib.request", "http", "logging", "asyncio", "threading", "tempfile", "shutil",
}  # fmt: skip
_IDS = {"new_id"}


def impurities(tree: ast.Module) -> list[str]:
    """List what in a syntax tree reaches outside of its arguments."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            found.append(f"{node.lineno}: waits")
        elif isinstance(node, ast.Import):
            found += [f"{node.lineno}: {n.name}" for n in node.names if n.name in _MODULES]
        elif isinstance(node, ast.ImportFrom):
            if node.module in _MODULES:
                found.append(f"{node.lineno}: {node.module}")
            found += [f"{node.lineno}: chance" for n in node.names if n.name in _IDS]
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in _CALLS:
                found.append(f"{node.lineno}: {node.func.id}()")
            elif isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
                found.append(f"{node.lineno}: {_METHODS[node.func.attr]}")
    return found


@pytest.mark.parametrize("file", DOMAIN_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_domain_module_reaches_nothing_but_its_arguments(file: Path) -> None:
    """A domain module asks no clock, throws no dice, opens no file and awaits nothing."""
    assert impurities(parse(file)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from os import environ",
        "def f():\n    return datetime.now()",
        "def f(p):\n    return open(p)",
        "def f(p):\n    return p.read_text()",
        "async def f(): ...",
        "from quaestor_shared.ids import new_id",
    ],
)
def test_what_is_not_pure_is_seen(source: str) -> None:
    """Each way out of a domain that matters is found by the check above."""
    assert len(impurities(ast.parse(source))) == 1
