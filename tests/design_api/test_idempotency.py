"""A session's writes sent again with their key: done once, answered alike, by any instance."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.design_api.test_service import Caller, data, instances
from tests.support.interviews import COMPLETE

from quaestor_shared.client.transport import RawReply

pytestmark = pytest.mark.anyio


@pytest.fixture
async def callers(tmp_path: Path) -> AsyncIterator[list[Caller]]:
    """Run two instances, each with a cache of its own."""
    async with instances(tmp_path, 2) as running:
        yield running


def replayed(reply: RawReply) -> bool:
    """Say whether a reply says that it was given before."""
    return reply.headers.get("idempotency-replayed") == "true"


def assert_again(first: RawReply, again: RawReply) -> None:
    """Assert that a reply is the first one once more."""
    assert (again.status, data(again)) == (first.status, data(first))
    for name in ("location", "etag", "content-type"):
        assert again.headers.get(name) == first.headers.get(name)
    assert (replayed(first), replayed(again)) == (False, True)


async def events_of(caller: Caller, session: str) -> int:
    """Give the version of a session, which counts its events."""
    return int(data(await caller.send("GET", f"/v1/sessions/{session}"))["version"])


async def test_a_session(callers: list[Caller]) -> None:
    """A session is started once, and shown again as it was when it was started."""
    one, other = callers
    body = {"feature_id": "again"}
    first = await one.send("POST", "/v1/sessions", body, idempotency_key="k")
    assert first.status == 201
    await one.turn(data(first)["id"], "1.1: User")
    assert_again(first, await other.send("POST", "/v1/sessions", body, idempotency_key="k"))
    changed = await other.send("POST", "/v1/sessions", {"feature_id": "other"}, idempotency_key="k")
    assert changed.status == 422
    assert json.loads(changed.body)["error"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert (await other.send("POST", "/v1/sessions", body, idempotency_key="new")).status == 409


async def test_a_turn(callers: list[Caller]) -> None:
    """A turn is taken once; its reply comes again as it was, though the session has moved on."""
    one, other = callers
    session = await one.start("turns")
    lines = ("1.1: User, Plan", "9.9: nothing", "1.2.1: id uuid pk -> Plan")
    first = await one.turn(session, *lines, idempotency_key="t", if_match='"1"')
    assert (len(data(first)["accepted"]), len(data(first)["refused"])) == (2, 1)
    await other.turn(session, "1.1: Meal")
    version = await events_of(one, session)
    for caller in (one, other):
        assert_again(first, await caller.turn(session, *lines, idempotency_key="t", if_match='"1"'))
    assert await events_of(one, session) == version
    for reply in (
        await one.turn(session, "1.1: Else", idempotency_key="t", if_match='"1"'),
        await one.turn(session, *lines, idempotency_key="t"),
    ):
        assert json.loads(reply.body)["error"]["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_what_a_key_is_one_within(callers: list[Caller]) -> None:
    """The same key in another session, or for another kind of write, is another key."""
    sessions = [await callers[0].start(f"scope-{number}") for number in range(2)]
    for session in sessions:
        reply = await callers[0].turn(session, "1.1: User", idempotency_key="s")
        assert (reply.status, replayed(reply)) == (200, False)
    early = await callers[0].send(
        "POST", f"/v1/sessions/{sessions[0]}/finalizations", idempotency_key="s"
    )
    assert json.loads(early.body)["error"]["code"] == "INTERVIEW_INCOMPLETE"


async def test_turns_that_write_nothing(callers: list[Caller]) -> None:
    """A turn that changed nothing keeps nothing: it is looked at anew."""
    session = await callers[0].start("nothing")
    refused = await callers[0].turn(session, "1.3.1: many", idempotency_key="n")
    assert refused.status == 422
    await callers[0].turn(session, "1.1: User")
    again = await callers[0].turn(session, "1.3.1: 100k in 12 months")
    assert again.status == 200
    same = await callers[1].turn(session, "1.1: User", idempotency_key="same")
    assert (same.status, replayed(same)) == (200, False)


@pytest.mark.parametrize("how", ["typed", "posted"])
async def test_finalize(callers: list[Caller], how: str) -> None:
    """Finalize is done once, and its outcome comes again as it was, whatever changed since."""
    one, other = callers
    session = await one.start(f"final-{how}")
    *lines, last = (f"{number}: {text}" for number, text in COMPLETE.items())
    await one.turn(session, *lines)

    async def finalize(caller: Caller) -> RawReply:
        if how == "typed":
            return await caller.turn(session, last, "Finalize", idempotency_key="f")
        await caller.turn(session, last, idempotency_key="l")
        path = f"/v1/sessions/{session}/finalizations"
        return await caller.send("POST", path, idempotency_key="f")

    def outcome(reply: RawReply) -> Any:
        return data(reply)["finalization"] if how == "typed" else data(reply)

    first = await finalize(one)
    assert outcome(first)["created"] is True
    assert_again(first, await finalize(other))
    await one.turn(session, "5.3: US")
    second = await one.turn(session, "Finalize")
    assert data(second)["finalization"]["label"] != outcome(first)["label"]
    version = await events_of(one, session)
    for caller in (one, other):
        assert_again(first, await finalize(caller))
    assert await events_of(one, session) == version


async def test_at_once(callers: list[Caller]) -> None:
    """Of many turns with one key at once one is taken; the others see it, or have to wait."""
    session = await callers[0].start("at-once")
    replies = await asyncio.gather(
        *(
            caller.turn(session, "1.1: User", idempotency_key="o")
            for caller, _ in zip(itertools.cycle(callers), range(16), strict=False)
        )
    )
    assert {reply.status for reply in replies} <= {200, 409}
    taken = [reply for reply in replies if reply.status == 200]
    assert len([reply for reply in taken if not replayed(reply)]) == 1
    assert {json.dumps(data(reply)) for reply in taken} == {json.dumps(data(taken[0]))}
    assert await events_of(callers[0], session) == 2


async def test_what_is_no_key(callers: list[Caller]) -> None:
    """A key that is none is 400, before anything is done."""
    reply = await callers[0].send(
        "POST", "/v1/sessions", {"feature_id": "bad"}, idempotency_key="x" * 256
    )
    assert reply.status == 400
    assert json.loads(reply.body)["error"]["details"][0]["field"] == "Idempotency-Key"
