"""design-api with real neighbours: several instances of it, and neighbours that are down."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.interviews import AT, COMPLETE

from quaestor_artifact_store.app import create_app as create_store
from quaestor_artifact_store.settings import Settings as StoreSettings
from quaestor_cli.processes import free_port
from quaestor_design_api.app import create_app
from quaestor_design_api.clients import Transports
from quaestor_design_api.settings import Settings
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.client.transport import RawReply
from quaestor_shared.service.app import Service
from quaestor_validator.app import create_app as create_validator
from quaestor_validator.settings import Settings as ValidatorSettings

pytestmark = pytest.mark.anyio


class Caller:
    """Calls one instance of design-api."""

    def __init__(self, app: Service) -> None:
        self._transport = AsgiTransport(app)

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> RawReply:
        """Send a request with a JSON body."""
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        content = b"" if body is None else json.dumps(body).encode()
        return await self._transport.send(
            method, path, [*named, ("content-type", "application/json")], content
        )

    async def start(self, feature_id: str) -> str:
        """Start a session and give its id."""
        reply = await self.send("POST", "/v1/sessions", {"feature_id": feature_id})
        assert reply.status == 201, reply.body
        return str(data(reply)["id"])

    async def turn(self, session: str, *lines: str, **headers: str) -> RawReply:
        """Take a turn of typed lines."""
        path = f"/v1/sessions/{session}/turns"
        return await self.send("POST", path, {"text": "\n".join(lines)}, **headers)


def data(reply: RawReply) -> Any:
    """Give the data of a success."""
    return json.loads(reply.body)["data"]


@asynccontextmanager
async def instances(folder: Path, count: int) -> AsyncIterator[list[Caller]]:
    """Run instances of design-api, each with a cache of its own, on one store."""
    store = create_store(StoreSettings(data_dir=str(folder)))
    validator = create_validator(ValidatorSettings())
    async with store.lifespan(), validator.lifespan():
        transports = Transports(store=AsgiTransport(store), validator=AsgiTransport(validator))
        apps = [create_app(Settings(), transports, lambda: AT) for _ in range(count)]
        async with AsyncExitStack() as stack:
            for app in apps:
                await stack.enter_async_context(app.lifespan())
            yield [Caller(app) for app in apps]


async def test_instances_share_their_sessions(tmp_path: Path) -> None:
    """Turns through different instances all land, whatever each has in its cache."""
    async with instances(tmp_path, 3) as callers:
        session = await callers[0].start("shared")
        turns = itertools.cycle(callers)
        for number, text in COMPLETE.items():
            reply = await next(turns).turn(session, f"{number}: {text}")
            assert reply.status == 200, reply.body
        for caller in callers:
            view = data(await caller.send("GET", f"/v1/sessions/{session}"))
            assert view["progress"]["ready"] is True
            assert view["version"] == 1 + len(COMPLETE)


async def test_refusals_are_judged_by_the_present(tmp_path: Path) -> None:
    """An instance with an old cache does not refuse what another instance made possible."""
    async with instances(tmp_path, 2) as (first, second):
        session = await first.start("fresh")
        assert (await second.turn(session, "4.3: pods")).status == 200
        assert (await first.turn(session, "1.1: User")).status == 200
        assert (await second.turn(session, "1.3.1: 1k")).status == 200


async def test_races_between_instances(tmp_path: Path) -> None:
    """Turns at the same moment through many instances are all kept."""
    async with instances(tmp_path, 4) as callers:
        session = await callers[0].start("race")
        texts = [f"{number}: {text}" for number, text in COMPLETE.items() if "." in number]
        replies = await asyncio.gather(
            *(c.turn(session, t) for c, t in zip(itertools.cycle(callers), texts, strict=False))
        )
        assert {reply.status for reply in replies} <= {200, 422}
        view = data(await callers[0].send("GET", f"/v1/sessions/{session}"))
        taken = [t for t, reply in zip(texts, replies, strict=True) if reply.status == 200]
        assert {t.partition(":")[0] for t in taken} <= {a["question"] for a in view["answers"]}


async def test_deleted_elsewhere(tmp_path: Path) -> None:
    """A session that another instance deleted is gone here too, cache or not."""
    async with instances(tmp_path, 2) as (first, second):
        session = await first.start("gone")
        assert (await second.turn(session, "4.3: pods")).status == 200
        assert (await first.send("DELETE", f"/v1/sessions/{session}")).status == 200
        reply = await second.turn(session, "4.3: more pods")
        assert reply.status == 404
        assert b"There is no session with this id" in reply.body


async def test_same_clock_same_bytes(tmp_path: Path) -> None:
    """The same answers under the same clock give the same bytes in another store."""
    contents = []
    for name in ("one", "two"):
        async with instances(tmp_path / name, 1) as (caller,):
            session = await caller.start("same")
            await caller.turn(session, *(f"{n}: {t}" for n, t in COMPLETE.items()))
            reply = await caller.turn(session, "Finalize")
            contents.append([f["content"] for f in data(reply)["finalization"]["files"]])
    assert contents[0] == contents[1]


async def test_a_design_that_the_audit_rejects(tmp_path: Path) -> None:
    """An error of the audit stops Finalize with the question that mends it, and stores nothing."""
    async with instances(tmp_path, 1) as (caller,):
        session = await caller.start("rejected")
        await caller.turn(session, *(f"{n}: {t}" for n, t in COMPLETE.items()))
        await caller.turn(session, '2.3.1: p95 < 1s, DELETE {"id": 1}')
        reply = await caller.turn(session, "Finalize")
        error = json.loads(reply.body)["error"]
        assert (reply.status, error["code"]) == (409, "DESIGN_REJECTED")
        assert [(d["field"], d["code"]) for d in error["details"]] == [
            ("2.3.1", "apis/payload-method")
        ]
        assert data(await caller.send("GET", f"/v1/sessions/{session}"))["state"] == "in_progress"
        await caller.turn(session, '2.3.1: p95 < 1s, POST {"id": 1}')
        assert (await caller.turn(session, "Finalize")).status == 200


async def test_neighbours_that_are_down() -> None:
    """While artifact-store does not answer, every route is 503 with `Retry-After`."""
    nowhere = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    app = create_app(Settings(artifact_store_url=nowhere, validator_url=nowhere))
    async with app.lifespan():
        caller = Caller(app)
        replies = [
            await caller.send("POST", "/v1/sessions", {"feature_id": "down"}),
            await caller.turn("019a0000-0000-7000-8000-000000000000", "1.1: A"),
            await caller.send("GET", "/v1/sessions"),
            await caller.send("GET", "/health/ready"),
        ]
    assert [reply.status for reply in replies] == [503] * 4
    assert all(reply.headers["retry-after"] for reply in replies)


async def test_validator_down(tmp_path: Path) -> None:
    """While validator does not answer, Finalize is 503, nothing is stored, and answers go on."""
    from quaestor_shared.client.http import HttpTransport

    store = create_store(StoreSettings(data_dir=str(tmp_path)))
    async with store.lifespan():
        nowhere = HttpTransport(f"http://127.0.0.1:{free_port('127.0.0.1')}")
        app = create_app(Settings(), Transports(store=AsgiTransport(store), validator=nowhere))
        async with app.lifespan():
            caller = Caller(app)
            session = await caller.start("half")
            await caller.turn(session, *(f"{n}: {t}" for n, t in COMPLETE.items()))
            assert (await caller.turn(session, "Finalize")).status == 503
            assert (await caller.turn(session, "4.3: fewer pods")).status == 200
        listing = await AsgiTransport(store).send("GET", "/v1/artifacts", [], b"")
        assert data(listing) == []
