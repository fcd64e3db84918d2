"""The interviews, as data: `<profile>/<version>.toml`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import msgspec

from quaestor_design_api.domain.script import Script, load

__all__ = ["Scripts", "load_scripts"]


class Scripts(msgspec.Struct, frozen=True):
    """Every script by profile and version; the newest version starts new sessions."""

    by_version: Mapping[tuple[str, str], Script]

    def newest(self, profile: str) -> Script | None:
        """Give the newest version of a profile's script, or None for an unknown profile."""
        versions = [script for (name, _), script in self.by_version.items() if name == profile]
        return max(versions, key=lambda script: int(script.version), default=None)

    def pinned(self, profile: str, version: str) -> Script | None:
        """Give the version that a session started with."""
        return self.by_version.get((profile, version))

    @property
    def profiles(self) -> tuple[str, ...]:
        """Name the profiles."""
        return tuple(dict.fromkeys(name for name, _ in self.by_version))


@lru_cache(maxsize=1)
def load_scripts() -> Scripts:
    """Read and check every script of this package. Raises ScriptError for a bad one."""
    scripts: dict[tuple[str, str], Script] = {}
    for profile in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        if not profile.is_dir() or profile.name.startswith("_"):
            continue
        for file in profile.iterdir():
            if file.name.endswith(".toml"):
                script = load(tomllib.loads(file.read_text(encoding="utf-8")))
                scripts[script.profile, script.version] = script
    return Scripts(scripts)
