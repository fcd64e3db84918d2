"""Dependencies: declared where they are imported, imported where they are declared, justified."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import packages_distributions

import pytest
from tests.support.tree import PACKAGES, ROOT, Package, parse

_NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([\w,\-]+)\])?")
_ROW = re.compile(r"^\| `([a-z0-9.\-_]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_NAMED = re.compile(r"quaestor_\w+(\.\w+:\w+)?\Z")
DOCUMENT = ROOT / "docs" / "dependencies.md"


def names(requirements: list[str]) -> set[str]:
    """Give the distributions that requirements name."""
    return {match[1].lower() for each in requirements if (match := _NAME.match(each))}


def declared(package: Package) -> set[str]:
    """Give what a package depends on, its extras included."""
    project = package.manifest["project"]
    found = names(project["dependencies"])
    for requirements in project.get("optional-dependencies", {}).values():
        found |= names(requirements)
    return found - {package.distribution}


@lru_cache(maxsize=1)
def distributions() -> dict[str, set[str]]:
    """Map each import name to the distributions that bring it."""
    ours = {package.name: {package.distribution} for package in PACKAGES}
    return ours | {
        name: {each.lower().replace("_", "-") for each in found}
        for name, found in packages_distributions().items()
    }


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs: all but the blocks that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)


def imported(package: Package, *, for_types: bool = False) -> set[str]:
    """Give the top-level modules that a package imports from outside, lazy imports included.

    `for_types` adds what only a type checker reads.
    """
    walk = ast.walk if for_types else _run
    found = set()
    for file in package.source.rglob("*.py"):
        for node in walk(parse(file)):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.Constant) and _NAMED.match(str(node.value)):
                # The command names applications, to load them in processes of their own.
                found.add(str(node.value).partition(".")[0])
    return found - set(sys.stdlib_module_names) - {package.name}


def documented() -> dict[str, str]:
    """Give the rows of the document: distribution, and how it is used."""
    return {row[0]: row[1].strip() for row in _ROW.findall(DOCUMENT.read_text("utf-8"))}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_what_is_imported_is_declared(package: Package) -> None:
    """A package names every distribution it imports, not what another happens to bring along."""
    own = declared(package)
    missing = {
        module for module in imported(package) if not (distributions().get(module, {module}) & own)
    }
    assert missing == set()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_what_is_declared_is_imported(package: Package) -> None:
    """A package imports every dependency it lists, but for those that run without an import."""
    used = {
        distribution
        for module in imported(package, for_types=True)
        for distribution in distributions().get(module, set())
    }
    run_without = {name for name, use in documented().items() if use == "loaded by another"}
    assert declared(package) - used - run_without == set()


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    """docs/dependencies.md has one line for each dependency of the workspace, and no other."""
    manifest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = names(manifest["dependency-groups"]["dev"])
    for package in PACKAGES:
        listed |= declared(package)
    listed -= {package.distribution for package in PACKAGES}
    assert set(documented()) == listed
