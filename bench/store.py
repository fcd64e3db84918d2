"""artifact-store against its peers: `python -m bench.store [--rounds 3] [--seconds 2]`.

Durable creates of versions, appends to journals, and GETs by digest, at 1, 16 and 64 clients. Every
round starts each side in a fresh process; each cell is then measured on one side after the other.
"""

import argparse
import asyncio
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bench.harness import median, percentile, scratch, servers_processor_s, table
from bench.load import load
from bench.store_kinto import kinto
from bench.store_sides import OURS, Side, ours, registry, rows

__all__ = ["main"]

OPERATIONS = ("create", "append", "GET")
CLIENTS = (1, 16, 64)
Cell = tuple[str, int, str]


class Found(NamedTuple):
    """What each round found for a cell."""

    rates: list[float]  # requests a second
    costs: list[float]  # milliseconds of processor time, of all of the side's processes, a request
    times: list[float]  # milliseconds, of each request


def main() -> None:
    """Measure, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--clients", type=int, nargs="*", default=CLIENTS)
    parser.add_argument("--operations", nargs="*", choices=OPERATIONS, default=OPERATIONS)
    options = parser.parse_args()
    cells: dict[Cell, Found] = defaultdict(lambda: Found([], [], []))
    # One folder for all rounds: ext4 passes over inodes that were freed minutes ago, one by one, so
    # whoever makes files in a round would pay for what was removed after the one before.
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        for number in range(options.rounds):
            _measure(Path(folder) / str(number), options, cells)
            print(f"round {number + 1} of {options.rounds}", flush=True)
    _print(cells)


def _measure(folder: Path, options: argparse.Namespace, cells: dict[Cell, Found]) -> None:
    """Measure every cell, on one side after the other."""
    folder.mkdir()
    with ExitStack() as stack:
        sides = _sides(folder, stack)
        for operation in options.operations:
            for clients in options.clients:
                for side in (side for side in sides if operation in side.sends):
                    send = side.sends[operation]
                    found = cells[operation, clients, side.name]
                    before = servers_processor_s()
                    rate, latencies = asyncio.run(load(clients, options.seconds, send))
                    cost = (servers_processor_s() - before) / (len(latencies) + clients)
                    found.rates.append(rate)
                    found.costs.append(cost * 1000)
                    found.times.extend(latencies)


def _sides(folder: Path, stack: ExitStack) -> list[Side]:
    found = [stack.enter_context(ours(folder)), *stack.enter_context(rows(folder))]
    for name, run in (("Kinto", kinto), ("docker-registry", registry)):
        side = stack.enter_context(run(folder))
        if side is None:
            print(f"{name} is not here and is left out")
        else:
            found.append(side)
    return found


def _print(cells: dict[Cell, Found]) -> None:
    """Print a line for each side; its last columns are how many times ours it costs, ours does."""
    lines = [
        [
            *("", "clients", "side", "per second", "each round", "p50 ms", "p95 ms"),
            *("processor ms each", "it / ours", "rate: ours / it"),
        ]
    ]
    for (operation, clients, name), found in cells.items():
        ours = cells[operation, clients, OURS]
        lines.append(
            [
                *(operation, str(clients), name),
                f"{median(found.rates):,.0f}",
                ", ".join(f"{rate:,.0f}" for rate in found.rates),
                f"{median(found.times):.2f}",
                f"{percentile(found.times, 0.95):.2f}",
                f"{median(found.costs):.2f}",
                f"{median(found.costs) / median(ours.costs):.2f}",
                f"{median(ours.rates) / median(found.rates):.2f}",
            ]
        )
    table(lines)


if __name__ == "__main__":
    main()
