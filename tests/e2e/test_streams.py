"""A long stream of lines through the gateway, in constant memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

from quaestor_cli.supervisor import Running

LINES = 200_000
GROUP = 1_000
LINE = b'{"n": %d, "text": "more in all than a body may have"}\n'
BAD_EVERY, INVALID_EVERY = 1_000, 997
MORE = 64 * 1024  # KiB that a process may grow by


async def lines() -> AsyncIterator[bytes]:
    """Give lines, a thousandth of which is no JSON."""
    for start in range(0, LINES, GROUP):
        numbers = range(start, start + GROUP)
        yield b"".join(b"?\n" if n % BAD_EVERY == 0 else LINE % n for n in numbers)


def resident(pid: int) -> int:
    """Give the memory that a process has now, in KiB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    return int(status.read_text().partition("VmRSS:")[2].split()[0])


async def send(system: Running) -> tuple[int, int, int]:
    """Send the lines and read the answers as they come; count all, the valid, the errors."""
    answers = valid = errors = 0
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_read=60)) as session,
        session.post(
            f"{system.url}/v1/validate/stream?schema=numbered",
            data=lines(),
            headers={
                "Authorization": f"Bearer {system.api_key}",
                "Content-Type": "application/x-ndjson",
            },
        ) as reply,
    ):
        assert reply.status == 200
        async for line in reply.content:
            answers += 1
            answer = json.loads(line)
            assert answer["index"] == answers
            errors += "error" in answer
            valid += "report" in answer and answer["report"]["valid"]
    return answers, valid, errors


def test_a_stream_of_200_000_lines(system: Running) -> None:
    """Every line gets its answer, in order, and neither process grows with the stream."""
    from tests.support.http import Http

    schema = {"type": "object", "properties": {"n": {"not": {"multipleOf": INVALID_EVERY}}}}
    api = Http(system.url, system.api_key)
    assert api.send("PUT", "/v1/schemas/numbered/versions/1", body=schema).status in {200, 201}
    pids = [system.processes[name].pid for name in ("gateway", "validator")]
    before = [resident(pid) for pid in pids]
    answers, valid, errors = asyncio.run(send(system))
    good = [n for n in range(LINES) if n % BAD_EVERY]
    assert (answers, errors) == (LINES, LINES - len(good))
    assert valid == len([n for n in good if n % INVALID_EVERY])
    assert all(resident(pid) - old < MORE for pid, old in zip(pids, before, strict=True))
