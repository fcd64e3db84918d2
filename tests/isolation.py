"""Imports each package of the workspace where only what it declares is installed.

    python tests/isolation.py

Each distribution gets an environment of its own under `.tools/isolated`, made by uv from the
lock, kept for the next time. There every module of the package is imported, and the packages it
may not know must not be found. Exits 1 naming what fails.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

# Runs in the other environment, so it imports nothing of ours.
PROBE = """
import importlib, importlib.util, json, pkgutil, sys
package, leave_out, only, absent = json.loads(sys.argv[1])
failed = []
for name in absent:
    if importlib.util.find_spec(name) is not None:
        failed.append(f"{name} can be imported")
names = [package]
for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
    names.append(module.name)
count = 0
for name in names:
    part = name.removeprefix(package).lstrip(".").split(".")[0]
    if name.endswith(("__main__", ".asgi")) or part in leave_out or (only and part not in only):
        continue
    count += 1
    try:
        importlib.import_module(name)
    except Exception as error:
        failed.append(f"{name}: {type(error).__name__}: {error}")
print(json.dumps([count, failed]))
"""


@dataclass(frozen=True)
class Case:
    """A distribution, the extra that is asked for, and the parts of its package to import."""

    distribution: str
    package: str
    extra: str | None = None
    leave_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give the distribution with its extra."""
        return f"{self.distribution}[{self.extra}]" if self.extra else self.distribution


SERVICES = ("quaestor_design_api", "quaestor_validator", "quaestor_artifact_store")
PEERS = (*SERVICES, "quaestor_gateway", "quaestor_cli")


def _alone(distribution: str, package: str) -> Case:
    return Case(distribution, package, absent=tuple(each for each in PEERS if each != package))


CASES = (
    Case(
        "quaestor-shared",
        "quaestor_shared",
        leave_out=("client", "service", "telemetry"),
        absent=(*PEERS, "litestar", "aiohttp", "structlog", "opentelemetry", "uvicorn"),
    ),
    Case(
        "quaestor-shared",
        "quaestor_shared",
        extra="telemetry",
        only=("telemetry",),
        absent=(*PEERS, "litestar", "aiohttp"),
    ),
    Case(
        "quaestor-shared",
        "quaestor_shared",
        extra="client",
        only=("client",),
        absent=(*PEERS, "litestar"),
    ),
    Case(
        "quaestor-shared",
        "quaestor_shared",
        extra="service",
        only=("service",),
        absent=(*PEERS, "aiohttp"),
    ),
    _alone("quaestor-design-api", "quaestor_design_api"),
    _alone("quaestor-validator", "quaestor_validator"),
    _alone("quaestor-artifact-store", "quaestor_artifact_store"),
    _alone("quaestor-gateway", "quaestor_gateway"),
    Case("quaestor", "quaestor_cli"),
)


def main() -> int:
    """Check every case; give the exit code."""
    bad = 0
    for case in CASES:
        started = time.perf_counter()
        count, failures = check(case)
        bad += bool(failures)
        took = time.perf_counter() - started
        verdict = "failed" if failures else f"{count} modules"
        print(f"  {case.name:32} {verdict} ({took:.1f} s)", flush=True)
        for failure in failures:
            print(f"    {failure}")
    return 1 if bad else 0


def check(case: Case) -> tuple[int, list[str]]:
    """Install one distribution alone and import its modules; give their number and the faults."""
    environment = ROOT / ".tools" / "isolated" / case.name.replace("[", "-").rstrip("]")
    uv = ROOT / ".tools" / SCRIPTS / "uv"
    command = [str(uv), "sync", "--quiet", "--frozen", "--no-dev", "--package", case.distribution]
    command += ["--extra", case.extra] if case.extra else []
    made = subprocess.run(
        [*command, "--python", str(ROOT / ".tools" / SCRIPTS / "python")],
        cwd=ROOT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        return 0, [made.stderr.strip()]
    question = json.dumps([case.package, case.leave_out, case.only, case.absent])
    probe = subprocess.run(
        [str(environment / SCRIPTS / "python"), "-I", "-c", PROBE, question],
        cwd=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if probe.returncode != 0:
        return 0, [probe.stderr.strip()]
    count, failures = json.loads(probe.stdout.splitlines()[-1])
    return int(count), list(failures)


if __name__ == "__main__":
    sys.exit(main())
