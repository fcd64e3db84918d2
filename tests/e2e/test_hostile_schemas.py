"""No schema and no document takes the validator down, or holds it, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.support.bombs import ERRORS, HOSTILE, LIMITED
from tests.support.http import Http, Reply

from quaestor_cli.supervisor import Running

VERDICTS = {200, 400, 422}
SMALL: dict[str, Any] = {"instance": {}}
PATIENCE = 30  # seconds: what a client waits for one answer


class Traffic:
    """Small requests, one after another, beside what a test does."""

    def __init__(self, api: Http) -> None:
        self._api = api
        self.answers: list[int] = []

    def run(self, over: threading.Event) -> None:
        """Send until it is over."""
        while not over.is_set():
            self.answers.append(self._api.post("/v1/validate", SMALL).status)


@contextmanager
def traffic(api: Http) -> Iterator[Traffic]:
    """Keep small requests going; each has to be answered."""
    made, over = Traffic(api), threading.Event()
    thread = threading.Thread(target=made.run, args=(over,))
    thread.start()
    try:
        yield made
    finally:
        over.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def bomb(api: Http, schema: Any, instance: Any) -> Reply:
    """Send a schema and a document."""
    return api.post("/v1/validate", {"schema": schema, "instance": instance})


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_answered_while_others_are_served(
    api: Http, system: Running, name: str
) -> None:
    """A verdict, a refusal or a limit; meanwhile every small request gets its answer."""
    before = system.processes["validator"].pid
    with traffic(api) as others:
        reply = bomb(api, *HOSTILE[name])
    assert reply.status in VERDICTS, reply.body[:500]
    assert len(reply.body) < 1_000_000
    if reply.status == 422:
        assert reply.error["code"] == "SCHEMA_LIMIT_EXCEEDED"
        assert reply.error["meta"]["limit"] in {"time", "memory", "stack"}
    assert others.answers
    assert set(others.answers) == {200}
    assert system.processes["validator"].pid == before


def test_as_many_bombs_as_there_are_workers_and_more(api: Http) -> None:
    """Each is answered, and so is the small request by a user's schema that waits behind them."""
    replies: list[Reply] = []
    threads = [
        threading.Thread(target=lambda: replies.append(bomb(api, *LIMITED["time"])))
        for _ in range(3)
    ]
    with traffic(api) as others:
        for thread in threads:
            thread.start()
        behind = bomb(api, {"type": "integer"}, "x")
        for thread in threads:
            thread.join(PATIENCE)
    assert [reply.status for reply in replies] == [422] * 3
    assert behind.data["valid"] is False
    assert set(others.answers) == {200}


def test_a_built_in_schema_has_its_limits_too(api: Http) -> None:
    """A document with a fault every two bytes is answered like any other, in bounds."""
    document = {"feature_id": 1, "entities": [1] * 2_000_000}
    with traffic(api) as others:
        reply = api.post("/v1/validate?schema=backend", document)
    assert reply.status in VERDICTS
    assert len(reply.body) < 1_000_000
    assert set(others.answers) == {200}


def test_all_faults_are_counted_and_few_are_told(api: Http) -> None:
    """Of 200,000 faults a hundred are shown, where the machine can count them in time."""
    schema, instance = ERRORS
    reply = bomb(api, schema, instance[:20_000])
    counts = reply.data["counts"]
    assert (len(reply.data["findings"]), counts["error"], counts["left_out"]) == (
        100,
        20_000,
        19_900,
    )


def test_hostile_schemas_can_be_registered_or_not_and_nothing_breaks(api: Http) -> None:
    """The registry checks under the same limits."""
    for number, (schema, _) in enumerate(HOSTILE.values(), 1):
        body = json.dumps(schema).encode()
        reply = api.send(
            "PUT",
            f"/v1/schemas/hostile/versions/{number}",
            body=body,
            headers={"Content-Type": "application/schema+json"},
        )
        assert reply.status in {201, 200, 400, 413, 422}, reply.body[:500]
    assert api.post("/v1/validate", SMALL).status == 200


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_refused_before_it_is_walked(api: Http, opening: str) -> None:
    """In a document, in a request, in a schema, in a line."""
    deep = (opening * 100_000).encode()
    json_type = {"Content-Type": "application/json"}
    for method, target, body in (
        ("POST", "/v1/validate?schema=backend", deep),
        ("POST", "/v1/validate", b'{"schema": true, "instance": ' + deep),
        ("PUT", "/v1/schemas/deep/versions/1", deep),
    ):
        reply = api.send(method, target, body=body, headers=json_type)
        assert (reply.status, reply.error["code"]) == (400, "MALFORMED_BODY")
