"""Turns through the gateway against the bare chain: as many hops, same server, same client.

`python -m bench.turn [--rounds 3] [--seconds 4]`. A turn changes one answer of a session, so
each is one durable append. Every round runs both sides in fresh processes, one after the other.
"""

import argparse
import asyncio
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from bench.harness import free_port, median, percentile, server, table
from bench.load import load

CLIENTS = (1, 16)


async def bare(clients: int, seconds: float) -> tuple[float, list[float]]:
    """Measure the chain that does nothing."""
    ports = [free_port() for _ in range(3)]
    urls = [f"http://127.0.0.1:{port}/" for port in ports]
    body = json.dumps({"answers": [{"question": "4.3", "text": "horizontal pods 1"}]}).encode()

    async def send(session: aiohttp.ClientSession, _client: int, _turn: int) -> None:
        async with session.post(urls[0], data=body) as reply:
            assert reply.status == 200
            await reply.read()

    with ExitStack() as stack:
        for index in (2, 1, 0):
            following = urls[index + 1 : index + 2]
            arguments = ["-m", "bench.bare_chain", str(ports[index]), *following]
            stack.enter_context(server(arguments, url=urls[index]))
        return await load(clients, seconds, send)


async def ours(clients: int, seconds: float) -> tuple[float, list[float]]:
    """Measure turns through the gateway."""
    from quaestor_cli.supervisor import running

    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as system:
        headers = {"Authorization": f"Bearer {system.api_key}"}
        sessions: dict[int, str] = {}

        async def send(session: aiohttp.ClientSession, client: int, turn: int) -> None:
            if client not in sessions:
                url = f"{system.url}/v1/sessions"
                create = {"feature_id": f"bench-{client}"}
                async with session.post(url, json=create, headers=headers) as reply:
                    sessions[client] = (await reply.json())["data"]["id"]
            url = f"{system.url}/v1/sessions/{sessions[client]}/turns"
            body = {"answers": [{"question": "4.3", "text": f"horizontal pods {turn}"}]}
            async with session.post(url, json=body, headers=headers) as reply:
                assert reply.status == 200
                await reply.read()

        return await load(clients, seconds, send)


def main() -> None:
    """Measure, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    rows = [["clients", "", "turns/s", "p50 ms", "p95 ms"]]
    for clients in CLIENTS:
        rates: dict[str, list[float]] = {"bare chain": [], "quaestor": []}
        times: dict[str, list[float]] = {"bare chain": [], "quaestor": []}
        for number in range(options.rounds):
            for name, side in (("bare chain", bare), ("quaestor", ours)):
                rate, latencies = asyncio.run(side(clients, options.seconds))
                rates[name].append(rate)
                times[name] += latencies
                print(f"{clients} clients, round {number + 1}: {name} {rate:.0f}/s", flush=True)
        for name, values in rates.items():
            rows.append(
                [
                    str(clients),
                    name,
                    f"{median(values):.0f}",
                    f"{median(times[name]):.2f}",
                    f"{percentile(times[name], 0.95):.2f}",
                ]
            )
        share = median(rates["quaestor"]) / median(rates["bare chain"])
        rows.append([str(clients), "ratio", f"{share:.2f}", "", ""])
    table(rows)


if __name__ == "__main__":
    main()
