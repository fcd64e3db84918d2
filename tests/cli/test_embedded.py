"""The whole system as one ASGI application."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from quaestor_cli.embedded import Embedded, create_embedded_app
from quaestor_gateway.key_file import new_key
from quaestor_shared.asgi_types import Message
from quaestor_shared.client.asgi import AsgiTransport

KEY = new_key("ada")
HEADERS = [("x-api-key", KEY.text), ("content-type", "application/json")]
pytestmark = pytest.mark.anyio


def system(folder: Path) -> Embedded:
    """Make a system in a folder of its own that takes one key."""
    hashes = f"{KEY.kept.id}:{KEY.kept.hash}"
    return create_embedded_app({}, data_dir=str(folder), key_hashes=hashes)


class Host:
    """An ASGI host's side of the lifespan protocol."""

    def __init__(self, *messages: str) -> None:
        self._messages = list(messages)
        self.told: list[Message] = []

    async def receive(self) -> Message:
        """Give the next message."""
        return {"type": self._messages.pop(0)}

    async def send(self, message: Message) -> None:
        """Take what the application tells."""
        self.told.append(message)


async def test_opens_with_the_first_request(tmp_path: Path) -> None:
    """Under a host that runs no lifespan a request opens the services, and a session works."""
    app = system(tmp_path)
    body = b'{"feature_id": "meal-planner-v1"}'
    made = await AsgiTransport(app).send("POST", "/v1/sessions", HEADERS, body)
    assert made.status == 201
    again = await AsgiTransport(app).send("GET", made.headers["location"], HEADERS, b"")
    assert again.status == 200
    async with app.lifespan():  # closes what the request opened
        pass


@pytest.mark.slow
async def test_schemas_are_registered_in_one_process(tmp_path: Path) -> None:
    """The registry needs no network either, and lines are answered as they come."""
    app = system(tmp_path)
    async with app.lifespan():
        send = AsgiTransport(app).send
        target = "/v1/schemas/number/versions/1"
        made = await send("PUT", target, HEADERS, b'{"type": "integer"}')
        assert made.status == 201
        headers = [HEADERS[0], ("content-type", "application/x-ndjson")]
        lines = await send("POST", "/v1/validate/stream?schema=number", headers, b'1\n"x"\n')
        answers = [json.loads(line)["report"]["valid"] for line in lines.body.splitlines()]
        assert answers == [True, False]


async def test_a_host_without_raw_path(tmp_path: Path) -> None:
    """A host that leaves `raw_path` out, as serverless adapters do, is served alike."""
    app, sent = system(tmp_path), []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(n.encode(), v.encode()) for n, v in HEADERS]
    for path, status in (("/v1/sessions", 200), ("/v1/../v1/sessions", 404), ("/v1/\x00", 404)):
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "https", "path": path, "raw_path": None, "query_string": b"",
            "root_path": "", "headers": headers, "client": None, "server": None,
        }  # fmt: skip
        async with app.lifespan():
            await app(scope, receive, send)
        start = [m for m in sent if m["type"] == "http.response.start"][-1]
        assert start["status"] == status


async def test_lifespan(tmp_path: Path) -> None:
    """Under a host that runs the lifespan the services open with it and close with it."""
    host = Host("lifespan.startup", "lifespan.shutdown")
    await system(tmp_path)({"type": "lifespan"}, host.receive, host.send)
    assert [m["type"] for m in host.told] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


async def test_a_failing_start_is_told(tmp_path: Path) -> None:
    """A start that fails says why in a sentence, and leaves nothing open."""
    (tmp_path / "gateway").mkdir()
    (tmp_path / "gateway" / "keys.json").write_text("{")
    host, app = Host("lifespan.startup"), system(tmp_path)
    await app({"type": "lifespan"}, host.receive, host.send)
    (told,) = host.told
    assert told["type"] == "lifespan.startup.failed"
    assert told["message"].startswith("Cannot start: ")
    assert "keys.json cannot be read" in told["message"]
    (tmp_path / "gateway" / "keys.json").unlink()
    again = Host("lifespan.startup", "lifespan.shutdown")
    await app({"type": "lifespan"}, again.receive, again.send)  # the database was let go of
    assert again.told[0]["type"] == "lifespan.startup.complete"


async def test_a_defect_at_the_end_is_told(tmp_path: Path) -> None:
    """A failing close is told to the host as one."""
    app = system(tmp_path)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        yield
        raise RuntimeError("told")

    app.lifespan = lifespan  # type: ignore[method-assign]  # stands in for services that fail
    host = Host("lifespan.startup", "lifespan.shutdown")
    await app({"type": "lifespan"}, host.receive, host.send)
    assert host.told[-1]["type"] == "lifespan.shutdown.failed"
