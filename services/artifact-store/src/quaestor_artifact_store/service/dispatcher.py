"""Sends to webhooks what waits for them, in the background."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.domain.webhooks import signed
from quaestor_artifact_store.receivers import Receivers
from quaestor_artifact_store.repository import dispatch
from quaestor_artifact_store.repository.dispatch import Job, Plan, Settled
from quaestor_shared.clock import Clock
from quaestor_shared.errors import QuaestorError
from quaestor_shared.ids import new_id
from quaestor_shared.telemetry.context import principal
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Dispatcher"]

_log = get_logger(__name__)
_AT_ONCE = 16  # webhooks that are sent to at the same time
_PAUSE = 0.05  # seconds between two looks, so that many commits are looked at once
_CONTENT_TYPE = "application/cloudevents+json"


class Dispatcher:
    """Works for each webhook that has something due, one delivery after the other.

    It looks when this process wrote, and at intervals: for what other processes wrote, and for
    retries whose time has come.
    """

    def __init__(
        self, database: Database, receivers: Receivers, plan: Plan, *, clock: Clock, poll_s: float
    ) -> None:
        self._database = database
        self._receivers = receivers
        self._plan = plan
        self._clock = clock
        self._poll = poll_s
        self._owner = new_id()
        self._news = asyncio.Event()
        self._working: dict[str, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    def wake(self) -> None:
        """Say that something was written."""
        self._news.set()

    async def run(self) -> None:
        """Work until cancelled; then let other processes have what is left."""
        principal.set("artifact-store")
        try:
            while True:
                active = await self._look()
                await self._wait(active=active)
        finally:
            for task in self._working.values():
                task.cancel()
            await asyncio.gather(*self._working.values(), return_exceptions=True)
            with suppress(QuaestorError):  # else the leases run out
                await self._database.write(lambda tx: dispatch.release(tx, self._owner))

    async def _wait(self, *, active: bool) -> None:
        """Wait for news; without an active webhook there is none to look at before long."""
        await asyncio.sleep(_PAUSE if active else self._poll)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll if active else 0):
                await self._news.wait()
        self._news.clear()

    async def _look(self) -> bool:
        """Begin to work for the webhooks that have something due; say whether any are active."""
        now = self._clock()
        try:
            due, active = await self._database.read(lambda c: dispatch.due(c, self._owner, now))
        except QuaestorError as error:  # the next look comes
            _log.warning("deliveries not read", exc_info=error)
            return False
        for webhook_id in due:
            if webhook_id not in self._working:
                task = asyncio.create_task(self._work(webhook_id))
                self._working[webhook_id] = task
                task.add_done_callback(partial(self._done, webhook_id))
        return active > 0

    def _done(self, webhook_id: str, task: "asyncio.Task[None]") -> None:
        del self._working[webhook_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("delivery ended", webhook=webhook_id, exc_info=error)

    async def _work(self, webhook_id: str) -> None:
        """Make one delivery after the other, until nothing is due."""
        settled: Settled | None = None
        try:
            async with self._places:
                more = True
                while more:
                    job, more = await self._database.write(self._step(webhook_id, settled))
                    settled = None if job is None else await self._deliver(job)
                    more = more or job is not None
        except QuaestorError as error:  # it is handed out again when the lease has run out
            _log.warning("delivery not settled", webhook=webhook_id, exc_info=error)

    def _step(
        self, webhook_id: str, settled: Settled | None
    ) -> Callable[[Transaction], tuple[Job | None, bool]]:
        return lambda tx: dispatch.step(tx, webhook_id, self._owner, self._plan, settled)

    async def _deliver(self, job: Job) -> Settled:
        timestamp = int(datetime.fromisoformat(self._clock()).timestamp())
        headers = signed(job.message_id, timestamp, job.body, job.secret)
        headers["Content-Type"] = _CONTENT_TYPE
        answer = await self._receivers.send(job.url, headers, job.body)
        _log.info(
            "delivery",
            webhook=job.webhook_id,
            delivery=job.delivery_id,
            attempt=job.attempts + 1,
            status=answer.status,
            fault=answer.error,
        )
        return Settled(job, answer, random.random())  # noqa: S311 - spreads retries, hides nothing
