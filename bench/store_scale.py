"""Search, lists and writes as the store grows: `python -m bench.store_scale [--sizes 1000 ...]`.

Stores of each size are filled once (`bench.store_filling`); then every round asks a server over
each of them, in fresh processes, one after the other. The peer is ourselves at the smallest size.
"""

import argparse
import asyncio
import itertools
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from bench.harness import free_port, median, percentile, scratch, server, table
from bench.load import Send, load
from bench.store_filling import COMMON, PHRASE, RARE, filled

SIZES = (1_000, 100_000, 1_000_000)
SEARCHES = {
    "search: common word": {"q": COMMON},
    "search: rare word": {"q": RARE},
    "search: phrase": {"q": PHRASE},
    "search: filter alone": {"feature_id": "bench-0"},
    "search: pointer": {"q": COMMON, "pointer": "/overview"},
}
LISTS = {
    "list: newest of all": {"sort": "-updated_at"},
    "list: one feature": {"feature_id": "bench-0"},
}


def main() -> None:
    """Fill, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1)
    options = parser.parse_args()
    times: dict[tuple[str, int], list[float]] = defaultdict(list)
    rates: dict[int, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        stores = []
        for size, store in filled(Path(folder), options.sizes):
            held = (store / "store.db").stat().st_size / 2**20
            print(f"{size:,} versions: a database of {held:,.0f} MiB", flush=True)
            stores.append((size, store))
        for number in range(options.rounds):
            for size, store in stores:
                with _running(store) as base:
                    for name, send in _reads(base).items():
                        times[name, size] += asyncio.run(load(1, options.seconds, send))[1]
                    rate, latencies = asyncio.run(load(16, 2 * options.seconds, _write(base)))
                rates[size].append(rate)
                times["write, 16 clients", size] += latencies
            print(f"round {number + 1} of {options.rounds}", flush=True)
    _print(times, rates)


@contextmanager
def _running(store: Path) -> Iterator[str]:
    base, prefix = f"http://127.0.0.1:{(port := free_port())}", "QUAESTOR_ARTIFACT_STORE"
    environ = {f"{prefix}_PORT": str(port), f"{prefix}_DATA_DIR": str(store)}
    arguments = ["-m", "quaestor_artifact_store"]
    with server(arguments, url=f"{base}/health/live", environ=environ):
        yield base


def _reads(base: str) -> dict[str, Send]:
    urls = {name: f"{base}/v1/search?{urlencode(asked)}" for name, asked in SEARCHES.items()}
    urls |= {name: f"{base}/v1/artifacts?{urlencode(asked)}" for name, asked in LISTS.items()}
    return {name: _reading(url) for name, url in urls.items()}


def _reading(url: str) -> Send:
    async def read(session: aiohttp.ClientSession, _client: int, _turn: int) -> None:
        async with session.get(url) as reply:
            found = await reply.json()
            assert reply.status == 200, found
            assert found["data"], f"{url} finds nothing"

    return read


def _write(base: str) -> Send:
    numbers = itertools.count()

    async def write(session: aiohttp.ClientSession, client: int, _turn: int) -> None:
        body = {
            "feature_id": "bench-writes",
            "path": f"design/{client}.json",
            "media_type": "application/json",
            "text": json.dumps({"overview": {"kind": COMMON}, "number": next(numbers)}),
            "if_exists": "new_version",
        }
        async with session.post(f"{base}/v1/artifacts", json=body) as reply:
            assert reply.status == 201, await reply.text()
            await reply.read()

    return write


def _print(times: dict[tuple[str, int], list[float]], rates: dict[int, list[float]]) -> None:
    smallest = min(rates)
    lines = [["", "versions", "p50 ms", "p95 ms", "p50 / at the smallest"]]
    for (name, size), found in sorted(times.items()):
        growth = median(found) / median(times[name, smallest])
        p95 = percentile(found, 0.95)
        lines.append([name, f"{size:,}", f"{median(found):.1f}", f"{p95:.1f}", f"{growth:.2f}"])
    for size, each in sorted(rates.items()):
        told = ", ".join(f"{rate:,.0f}" for rate in each)
        growth = median(rates[smallest]) / median(each)
        lines.append(
            ["writes a second", f"{size:,}", f"{median(each):,.0f}", told, f"{growth:.2f}"]
        )
    table(lines)


if __name__ == "__main__":
    main()
