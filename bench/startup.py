"""Cold start and memory of each service against a bare Litestar app.

`python -m bench.startup [--rounds 7]`. Every round starts each server once in a fresh process,
times it from spawn to its first answer, and reads its proportional memory after that answer.
"""

import argparse
import tempfile
from pathlib import Path

from bench.harness import free_port, median, memory_mib, server, table

SERVICES = {
    "artifact-store": ("quaestor_artifact_store", "QUAESTOR_ARTIFACT_STORE"),
    "validator": ("quaestor_validator", "QUAESTOR_VALIDATOR"),
    "design-api": ("quaestor_design_api", "QUAESTOR_DESIGN_API"),
    "gateway": ("quaestor_gateway", "QUAESTOR_GATEWAY"),
}


def measure(name: str, folder: Path) -> tuple[float, float]:
    """Start one server; give its start-up in milliseconds and its memory in MiB."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/health/live"
    if name == "bare Litestar":
        arguments, environ = ["-m", "bench.bare_litestar", str(port)], {}
    else:
        module, prefix = SERVICES[name]
        arguments = ["-m", module]
        environ = {f"{prefix}_PORT": str(port), f"{prefix}_DATA_DIR": str(folder / name)}
    with server(arguments, url=url, environ=environ) as (pid, seconds):
        return seconds * 1000, memory_mib(pid)


def main() -> None:
    """Measure, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    names = ["bare Litestar", *SERVICES]
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            for name in names:
                results[name].append(measure(name, Path(folder)))
            print(f"round {number + 1} of {rounds}", flush=True)
    start = {name: median([s for s, _ in results[name]]) for name in names}
    memory = {name: median([m for _, m in results[name]]) for name in names}
    bare = names[0]
    rows = [["", "start ms", "ratio", "memory MiB", "ratio"]]
    rows += [
        [
            name,
            f"{start[name]:.0f}",
            f"{start[name] / start[bare]:.2f}",
            f"{memory[name]:.1f}",
            f"{memory[name] / memory[bare]:.2f}",
        ]
        for name in names
    ]
    table(rows)


if __name__ == "__main__":
    main()
