"""Callers that leave, callers that take their time, and services that keep all waiting."""

import asyncio
import http.client
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.gateway.harness import KEY, Gateway, Origin
from tests.support.http import Http

from quaestor_gateway.upstream import HttpUpstream
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.errors import Unavailable

HEAD = f" /v1/sessions/waits HTTP/1.1\r\nHost: x\r\nX-API-Key: {KEY.text}\r\n".encode()


def until(condition: Callable[[], bool]) -> bool:
    """Wait for a condition, and say whether it came true."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def seen(gateway: Http, what: str) -> int:
    """Ask the service how often it saw something."""
    count: int = gateway.get("/v1/sessions/x").json["seen"][what]
    return count


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Http]:
    """Run a gateway that would wait for its service longer than any test does."""
    behind = Origin()
    behind.start()
    front = Gateway(tmp_path, behind.url, in_process=False, patience_s=600)
    front.start()
    yield Http(front.url, KEY.text)
    front.stop()
    behind.stop()


@pytest.mark.parametrize("body", [b"", b"Content-Length: 2\r\n\r\n{}"], ids=["GET", "POST"])
def test_leaves_while_waiting(patient: Http, body: bytes) -> None:
    """A caller that leaves before the answer begins takes the service's work along."""
    gateway = patient
    host, _, port = gateway._address.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall((b"POST" if body else b"GET") + HEAD + (body or b"\r\n"))
        assert until(lambda: seen(gateway, "waiting") == 1)
        assert seen(gateway, "disconnects") == 0
    assert until(lambda: seen(gateway, "disconnects") == 1)


def test_leaves_in_mid_upload(patient: Http) -> None:
    """A caller that leaves before its body is sent is not taken for one that sent it all."""
    gateway = patient
    host, _, port = gateway._address.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(b"POST" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    assert until(lambda: seen(gateway, "disconnects") == 1)
    assert seen(gateway, "waiting") == 0


def test_takes_its_time(networked: tuple[Http, Origin]) -> None:
    """A caller may send for longer than a service may be silent."""

    def slowly() -> Iterator[bytes]:
        for _ in range(4):
            yield b"x" * 10
            time.sleep(0.4)  # four times make more than the second that a service has

    connection = http.client.HTTPConnection(networked[0]._address, timeout=20)
    try:
        headers = {"X-API-Key": KEY.text}
        connection.request("POST", "/v1/sessions/x", slowly(), headers, encode_chunked=True)
        reply = connection.getresponse()
        assert (reply.status, b'"size": 40' in reply.read()) == (200, True)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Give the URL of a service."""
    behind = Origin()
    behind.start()
    yield behind.url
    behind.stop()


@asynccontextmanager
async def calling(url: str, *, timeout_s: float, connections: int) -> AsyncIterator[AsgiTransport]:
    """Open a pool, and give a way to call through it."""
    upstream = HttpUpstream(url, timeout_s=timeout_s, connections=connections)
    await upstream.open()
    try:
        yield AsgiTransport(upstream)
    finally:
        await upstream.close()


@pytest.mark.anyio
async def test_long_answers_to_the_gateway_itself(url: str) -> None:
    """What the gateway asks a service for itself, such as its document, may be long too."""
    async with calling(url, timeout_s=5, connections=1) as service:
        reply = await service.send("GET", "/v1/sessions/long", [], b"")
    assert (reply.status, len(reply.body)) == (200, 64 * 65_536)


@pytest.mark.anyio
async def test_no_connection_is_free(url: str) -> None:
    """Who waits too long for a connection that others hold is told so, and later ones are not."""
    async with calling(url, timeout_s=0.5, connections=1) as service:
        # One after the other, each for its half second, they would take longer than all may.
        calls = [service.send("GET", "/v1/sessions/slow", [], b"") for _ in range(60)]
        results = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 15)
        assert {type(result) for result in results} == {Unavailable}
        assert (await service.send("GET", "/v1/sessions/x", [], b"")).status == 200


@pytest.mark.anyio
async def test_before_it_is_open() -> None:
    """A pool that was not opened answers nobody."""
    with pytest.raises(Unavailable):
        await AsgiTransport(HttpUpstream("http://x", timeout_s=1, connections=1)).send(
            "GET", "/", [], b""
        )
