"""The workers: limits, isolation, and what becomes of them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.bombs import ALTERNATIVES, LIMITED

from quaestor_shared.errors import Unavailable
from quaestor_validator.domain.references import BASE
from quaestor_validator.workers.pool import WorkerPool
from quaestor_validator.workers.process import Limit, Limits
from quaestor_validator.workers.protocol import Job, Learn, Schema, Verdict
from quaestor_validator.workers.turn import Answer, Exceeded

pytestmark = pytest.mark.slow
GOOD: dict[str, object] = {}
BAD = {"not": GOOD}
LIMITS = Limits(seconds=1.5, memory_bytes=2**28)


class Empty:
    """A library without a schema."""

    async def lesson(self, uris: Sequence[str]) -> Learn:
        """Know nothing."""
        return Learn(known={}, absent=tuple(uris))


def job(schema: Any, instance: Any) -> Job:
    """Give a job with an inline schema."""
    text = json.dumps(schema).encode()
    return Job(
        schema=Schema(base=f"{BASE}inline", text=text), instance=json.dumps(instance).encode()
    )


@asynccontextmanager
async def pool(
    size: int = 1, waiting: int = 10, limits: Limits = LIMITS
) -> AsyncIterator[WorkerPool]:
    """Give a pool and end it."""
    made = WorkerPool(limits, size=size, waiting=waiting)
    try:
        yield made
    finally:
        await made.close()


def answers(*jobs: Job, limits: Limits = LIMITS) -> list[Answer]:
    """Have one worker answer jobs."""

    async def run() -> list[Answer]:
        async with pool(limits=limits) as workers:
            return await workers.run(jobs, Empty())

    return asyncio.run(run())


def children() -> set[int]:
    """Give the ids of this process's workers that still run."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return {
        int(line.split()[0])
        for line in listed
        if "quaestor_validator.workers" in line and not line.split()[1].startswith("Z")
    }


async def until(workers: int) -> None:
    """Wait until there are so many workers."""
    while len(children()) != workers:  # noqa: ASYNC110 - another process has no event for us
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("limit", LIMITED)
def test_a_job_over_a_limit_is_ended_and_the_others_are_answered(limit: Limit) -> None:
    """Whatever comes before and after in the same run is answered as if it came alone."""
    good, bad, bomb = job({"type": "integer"}, 1), job(BAD, 1), job(*LIMITED[limit])
    # Far enough from each other that it is the same one on any machine.
    far = Limits(seconds=60, memory_bytes=2**27) if limit == "memory" else LIMITS
    found = answers(good, bomb, bad, bomb, good, limits=far)
    assert [a for a in found if isinstance(a, Exceeded)] == [Exceeded(limit=limit)] * 2
    verdicts = [a.faults == () for a in found if isinstance(a, Verdict)]
    assert verdicts == [True, False, True]


@pytest.mark.parametrize(
    "bomb",
    [
        job({"items": {"enum": [*range(2_000)]}}, ["x"] * 20_000),
        job({"items": {"enum": [*range(50_000)]}}, ["x"] * 200),
    ],
    ids=["many errors", "long errors"],
)
def test_errors_that_copy_a_long_list_are_over_a_limit(bomb: Job) -> None:
    """Errors that copy the values they wanted are over a limit, and no defect of ours."""
    (found,) = answers(bomb, limits=Limits(seconds=60, memory_bytes=2**28))
    assert found == Exceeded(limit="memory")


def test_a_worker_that_ends_by_itself_is_replaced() -> None:
    """Nobody is blamed for a process that was killed while it had nothing to do."""

    async def run() -> list[Answer]:
        async with pool() as workers:
            await workers.run([job(GOOD, 1)], Empty())
            (pid,) = children()
            os.kill(pid, signal.SIGKILL)
            await until(0)
            return await workers.run([job(GOOD, 1)], Empty())

    assert asyncio.run(run()) == [Verdict()]


def test_while_one_worker_is_held_another_answers() -> None:
    """A long job keeps one worker of two, and whoever comes meanwhile gets the other."""

    async def run() -> tuple[bool, Answer]:
        async with pool(size=2) as workers:
            long = asyncio.create_task(workers.run([job(ALTERNATIVES, "x")] * 2, Empty()))
            for _ in range(20):
                (quick,) = await workers.run([job(GOOD, 1)], Empty())
                assert isinstance(quick, Verdict)
            unfinished = not long.done()
            return unfinished, (await long)[0]

    assert asyncio.run(run()) == (True, Exceeded(limit="time"))


def test_a_caller_with_many_jobs_lets_others_between() -> None:
    """After each turn the worker goes to who has waited longest."""

    async def run() -> bool:
        async with pool(size=1) as workers:
            many = asyncio.create_task(workers.run([job(ALTERNATIVES, "x")] * 3, Empty()))
            await asyncio.sleep(0)
            await workers.run([job(GOOD, 1)], Empty())
            between = not many.done()
            await many
            return between

    assert asyncio.run(run())


def test_more_callers_than_may_wait_are_told_so() -> None:
    """The line has an end."""

    async def run() -> None:
        async with pool(size=1, waiting=1) as workers:
            held = [
                asyncio.create_task(workers.run([job(ALTERNATIVES, "x")], Empty()))
                for _ in range(2)
            ]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable):
                await workers.run([job(GOOD, 1)], Empty())
            await asyncio.gather(*held)

    asyncio.run(run())


def test_a_caller_that_leaves_takes_its_worker_along() -> None:
    """A cancelled job does not go on, and its worker is not given to the next."""

    async def run() -> set[int]:
        async with pool() as workers:
            left = asyncio.create_task(workers.run([job(ALTERNATIVES, "x")], Empty()))
            await until(1)
            left.cancel()
            await asyncio.gather(left, return_exceptions=True)
            return children()

    assert asyncio.run(run()) == set()


def test_no_worker_outlives_its_pool() -> None:
    """Closing ends them."""
    assert len(answers(job(GOOD, 1))) == 1
    assert children() == set()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a busy worker ends by its deadline")
def test_no_worker_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    """Even a worker in the middle of a job ends with its parent."""
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio, sys\n"
        "from tests.validator import test_workers as t\n"
        "async def main():\n"
        "    workers = t.WorkerPool(t.Limits(seconds=60, memory_bytes=2**28), size=1, waiting=1)\n"
        "    task = asyncio.create_task(workers.run([t.job(t.ALTERNATIVES, 'x')], t.Empty()))\n"
        "    await t.until(1)\n"
        "    await asyncio.sleep(0.5)\n"
        "    print(*t.children(), flush=True)\n"
        "    await task\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, program],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    deadline = Path(f"/proc/{worker}/status")
    for _ in range(500):
        if not deadline.exists() or "State:\tZ" in deadline.read_text():
            return
        subprocess.run(["sleep", "0.01"], check=True)
    raise AssertionError("the worker still runs")


def test_a_worker_has_neither_the_framework_nor_the_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It starts without the web framework, and the service's environment is not its own."""
    code = (
        "import sys, quaestor_validator.workers.__main__\n"
        "print(*sorted(m for m in ('litestar', 'uvicorn', 'aiohttp') if m in sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == ""

    async def environment() -> str:
        async with pool() as workers:
            await workers.run([job(GOOD, 1)], Empty())
            (pid,) = children()
            return Path(f"/proc/{pid}/environ").read_text()  # noqa: ASYNC240 - nothing else waits

    monkeypatch.setenv("QUAESTOR_GATEWAY_KEY_HASHES", "a-secret")
    if sys.platform == "linux":
        assert "a-secret" not in asyncio.run(environment())
