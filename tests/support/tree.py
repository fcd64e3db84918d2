"""The repository as tests of its structure see it: packages, source files, manifests."""

import ast
import os
import subprocess
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["PACKAGES", "ROOT", "Package", "parse", "source_files", "tracked_files"]

ROOT = Path(__file__).resolve().parents[2]
_SKIPPED = {".git", ".venv", ".tools", "var", "design", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Package:
    """A member of the workspace: its import name and its folder."""

    name: str
    folder: Path

    @property
    def source(self) -> Path:
        """Give the folder of the import package."""
        return self.folder / "src" / self.name

    @property
    def manifest(self) -> dict[str, Any]:
        """Give its pyproject.toml."""
        return tomllib.loads((self.folder / "pyproject.toml").read_text("utf-8"))

    @property
    def distribution(self) -> str:
        """Give the name that others depend on."""
        return str(self.manifest["project"]["name"])


def _packages() -> tuple[Package, ...]:
    manifest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    members = manifest["tool"]["uv"]["workspace"]["members"]
    return tuple(
        Package(next((ROOT / member / "src").glob("quaestor_*")).name, ROOT / member)
        for member in members
    )


PACKAGES = _packages()


def source_files() -> list[Path]:
    """List every Python file that is shipped."""
    return sorted(file for package in PACKAGES for file in package.source.rglob("*.py"))


@lru_cache(maxsize=1)
def tracked_files() -> tuple[Path, ...]:
    """List the files of the repository: what git knows and what it would add."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # an archive without git
        found = [
            Path(folder) / name
            for folder, folders, names in os.walk(ROOT)
            for name in names
            if not (_SKIPPED & set(Path(folder).relative_to(ROOT).parts)) and folders is not None
        ]
    return tuple(sorted(file for file in found if file.is_file()))


@lru_cache(maxsize=512)
def parse(file: Path) -> ast.Module:
    """Read a Python file into its syntax tree."""
    return ast.parse(file.read_text("utf-8"), str(file))
