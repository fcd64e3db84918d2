"""Checks of a design against other validators, in process and over HTTP.

`python -m bench.validate [in-process|http] [--rounds 5] [--seconds 4]`. In process every side
starts from raw bytes, in a fresh process, one after the other, with 2.5 KB and 1.1 MB; what counts
is processor time. Ours reads strictly, lists every fault and applies every rule; the others say yes
or no. ajv takes part where node and npm are there. Over HTTP a running validator stands against
uvicorn giving back what it gets.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import aiohttp

from bench.designs import encoded
from bench.harness import ROOT, free_port, median, percentile, processor_s, server, table
from bench.load import load
from bench.turn import CLIENTS
from bench.validate_sides import SIDES, schema

SMALL, LARGE = 3, 2_530  # entities: 2.5 KB and 1.1 MB
CALLS = {SMALL: 1_000, LARGE: 7}
BARE, AJV = "orjson + jsonschema-rs", "ajv, standalone"
JSON = {"Content-Type": "application/json"}


def python_side(side: str, entities: int) -> float:
    """Measure one side in a fresh process; give the median of a check in microseconds."""
    command = [sys.executable, "-m", "bench.validate_sides", side, str(entities)]
    return _figure([*command, str(CALLS[entities])])


def _figure(command: list[str]) -> float:
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def install_ajv(folder: Path) -> bool:
    """Install ajv into a folder, and write the schema's validator. Say whether that worked."""
    if shutil.which("npm") is None:
        return False
    shutil.copytree(ROOT / "bench/ajv", folder, dirs_exist_ok=True)
    (folder / "schema.json").write_text(json.dumps(schema()))
    for entities in CALLS:
        (folder / f"{entities}.json").write_bytes(encoded(entities))
    for command in (
        ["npm", "install", "--silent", "--no-audit", "--no-fund"],
        ["node", "compile.cjs", "schema.json", "validator.cjs"],
    ):
        if subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode:
            return False
    return True


def ajv_side(folder: Path, entities: int) -> float:
    """Measure ajv in a fresh process; give the median of a check in microseconds."""
    files = [str(folder / name) for name in ("measure.cjs", "validator.cjs", f"{entities}.json")]
    return _figure(["node", *files, str(CALLS[entities])])


def in_process(rounds: int) -> None:
    """Measure every side with both sizes, and print medians and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides = [*SIDES, AJV] if install_ajv(folder) else [*SIDES]
        for entities in CALLS:
            size = f"{len(encoded(entities)):,} bytes"
            times: dict[str, list[float]] = {side: [] for side in sides}
            for number in range(rounds):
                for side, found in times.items():
                    of_ajv = side == AJV
                    once = ajv_side(folder, entities) if of_ajv else python_side(side, entities)
                    found.append(once)
                print(f"{size}, round {number + 1} of {rounds}", flush=True)
            bare = median(times[BARE])
            figures = {side: median(found) for side, found in times.items()}
            rows = [
                [side, f"{figure:,.0f}", f"{figure / bare:.2f}"] for side, figure in figures.items()
            ]
            table([[size, "µs", "ratio"], *rows])


async def over_http(arguments: list[str], url: str, clients: int, seconds: float) -> list[float]:
    """Post the small design to a fresh server for a while.

    Gives its rate, p50 and p95 in ms, and what a request takes of its processor in µs.
    """
    body = encoded(SMALL)

    async def send(session: aiohttp.ClientSession, _client: int, _turn: int) -> None:
        async with session.post(url, data=body, headers=JSON) as reply:
            assert reply.status == 200
            await reply.read()

    port = url.split(":")[2].split("/", maxsplit=1)[0]
    environ = {"QUAESTOR_VALIDATOR_PORT": port, "QUAESTOR_VALIDATOR_LOG_LEVEL": "warning"}
    with server(arguments, url=url, environ=environ) as (pid, _):
        before = processor_s(pid)
        rate, latencies = await load(clients, seconds, send)
        each = (processor_s(pid) - before) / len(latencies) * 1e6
    return [rate, median(latencies), percentile(latencies, 0.95), each]


def http(rounds: int, seconds: float) -> None:
    """Measure the running validator beside an echo, and print medians and ratios."""
    rows = [["clients", "", "checks/s", "p50 ms", "p95 ms", "server µs"]]
    for clients in CLIENTS:
        found: dict[str, list[list[float]]] = {"echo": [], "validator": []}
        for number in range(rounds):
            for side, rounds_ in found.items():
                port = free_port()
                url = f"http://127.0.0.1:{port}/"
                arguments = ["-m", "bench.bare_echo", str(port)]
                if side == "validator":
                    url += "v1/validate?schema=backend"
                    arguments = ["-m", "quaestor_validator"]
                once = asyncio.run(over_http(arguments, url, clients, seconds))
                rounds_.append(once)
                print(f"{clients} clients, round {number + 1}: {side} {once[0]:.0f}/s", flush=True)
        rates = {}
        for side, rounds_ in found.items():
            rate, half, most, each = (median(column) for column in zip(*rounds_, strict=True))
            rates[side] = rate
            rows.append(
                [str(clients), side, f"{rate:.0f}", f"{half:.2f}", f"{most:.2f}", f"{each:.0f}"]
            )
        rows.append(
            [str(clients), "ratio", f"{rates['validator'] / rates['echo']:.2f}", "", "", ""]
        )
    table(rows)


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["in-process", "http"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    if options.what != "http":
        in_process(options.rounds)
    if options.what != "in-process":
        http(options.rounds, options.seconds)


if __name__ == "__main__":
    main()
