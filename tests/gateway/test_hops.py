"""The gateway between a client and a service, over HTTP and in one process alike."""

import hashlib
import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.gateway.harness import KEY, Gateway, Origin
from tests.support.http import Http

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module", params=["over HTTP", "in process"])
def gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Http]:
    """Run a gateway in front of an origin, in both of its ways."""
    behind = Origin()
    in_process = request.param == "in process"
    if not in_process:
        behind.start()
    front = Gateway(tmp_path_factory.mktemp("gateway"), behind.url, in_process=in_process)
    front.start()
    yield Http(front.url, KEY.text)
    front.stop()
    behind.stop()


def headers_of(told: Any) -> dict[str, str]:
    """Give the headers that the origin saw, each once."""
    names = [name for name, _ in told["headers"]]
    assert len(names) == len(set(names))
    return dict(told["headers"])


def test_passes_on_what_was_sent(gateway: Http) -> None:
    """Method, path, query and body arrive exactly as they were sent."""
    told = gateway.send(
        "PATCH", "/v1/sessions/a%2Fb/%C3%BC?x=1&y=%20&z", body=b"\x00\xff", headers={"X-Own": "1"}
    ).json
    assert (told["method"], told["raw_path"]) == ("PATCH", "/v1/sessions/a%2Fb/%C3%BC")
    assert (told["query"], told["size"]) == ("x=1&y=%20&z", 2)
    assert headers_of(told)["x-own"] == "1"


def test_identity(gateway: Http) -> None:
    """The service learns the key's name, not the key, and not what the client claims."""
    told = gateway.get("/v1/sessions/x", X_Quaestor_Principal="root", Cookie="a=b").json
    seen = headers_of(told)
    assert seen["x-quaestor-principal"] == KEY.kept.id
    assert not {"authorization", "cookie", "x-api-key"} & set(seen)
    assert KEY.text not in str(told)


def test_other_header_for_the_key(gateway: Http) -> None:
    """`X-API-Key` is as good as `Authorization`; another scheme is not."""
    bare = Http(f"http://{gateway._address}")
    assert bare.get("/v1/sessions/x", X_API_Key=KEY.text).status == 200
    assert bare.get("/v1/sessions/x", Authorization=f"Basic {KEY.text}").status == 401
    assert bare.get("/v1/sessions/x", Authorization=f"bearer  {KEY.text}").status == 200


def test_correlation(gateway: Http) -> None:
    """A well-formed correlation id is kept through the hop, another is replaced; it stands once."""
    reply = gateway.get("/v1/sessions/x", X_Correlation_Id="my-request-0001")
    assert reply.headers["x-correlation-id"] == "my-request-0001"
    assert headers_of(reply.json)["x-correlation-id"] == "my-request-0001"
    for bad in ("short", "has space in it", "x" * 200):
        reply = gateway.get("/v1/sessions/x", X_Correlation_Id=bad)
        assert reply.headers["x-correlation-id"] != bad
        assert headers_of(reply.json)["x-correlation-id"] == reply.headers["x-correlation-id"]


def test_trace(gateway: Http) -> None:
    """W3C trace context is passed on as it came."""
    told = gateway.get("/v1/sessions/x", traceparent=TRACE, tracestate="a=1").json
    assert (headers_of(told)["traceparent"], headers_of(told)["tracestate"]) == (TRACE, "a=1")


@pytest.mark.parametrize(("path", "status"), [("empty", 204), ("not-modified", 304)])
def test_answers_without_a_body(gateway: Http, path: str, status: int) -> None:
    """204 and 304 come through with their headers and without a body."""
    reply = gateway.get(f"/v1/sessions/{path}")
    assert (reply.status, reply.body, reply.headers["etag"]) == (status, b"", '"1"')
    assert gateway.get("/v1/sessions/x").status == 200


def test_head(gateway: Http) -> None:
    """HEAD has the headers of GET and no body."""
    reply = gateway.send("HEAD", "/v1/sessions/x")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["content-length"]) > 0


def test_long_answers(gateway: Http) -> None:
    """An answer of four megabytes arrives whole."""
    assert gateway.get("/v1/sessions/long").body == b"x" * 65_536 * 64


def chunked(gateway: Http, chunks: list[bytes]) -> tuple[int, bytes]:
    """Send a chunked POST; give status and body."""
    connection = http.client.HTTPConnection(gateway._address, timeout=20)
    try:
        headers = {"Authorization": f"Bearer {KEY.text}"}
        # Refused before all of it was sent, the answer is there to be read all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", "/v1/sessions/x", iter(chunks), headers, encode_chunked=True)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def test_chunked_bodies(gateway: Http) -> None:
    """A chunked body is streamed on and arrives whole."""
    chunks = [bytes([n]) * 100_000 for n in range(60)]
    status, body = chunked(gateway, chunks)
    assert status == 200
    assert hashlib.sha256(b"".join(chunks)).hexdigest().encode() in body


def test_too_large(gateway: Http) -> None:
    """A body over the limit is 413, announced or not."""
    assert gateway.send("POST", "/v1/sessions/x", body=b"x" * 8_000_001).status == 413
    status, body = chunked(gateway, [b"x" * 100_000] * 90)
    assert status == 413
    assert b"PAYLOAD_TOO_LARGE" in body
    assert gateway.get("/v1/sessions/x").status == 200


@pytest.mark.parametrize("length", [b"-1", b"x", b"1, 2", b"9" * 30])
def test_odd_lengths(gateway: Http, length: bytes) -> None:
    """A Content-Length that is none is refused, by the server or by us."""
    host, _, port = gateway._address.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(
            b"POST /v1/sessions/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + KEY.text.encode() + b"\r\nContent-Length: " + length + b"\r\n\r\n"
        )  # fmt: skip
        status = raw.recv(1000).split(b" ")[1]
    assert status in (b"400", b"413")


def test_service_down(networked: tuple[Http, Origin]) -> None:
    """A service that is down is 503 with `Retry-After`; when it is back, so is the route."""
    gateway, behind = networked
    assert gateway.get("/v1/sessions/x").status == 200
    behind.stop()
    for _ in range(3):
        reply = gateway.get("/v1/sessions/x")
        assert reply.status == 503
        assert reply.error["code"] == "UNAVAILABLE"
        assert int(reply.headers["retry-after"]) >= 1
    assert gateway.get("/health/ready").status == 503
    assert gateway.get("/health/live").status == 200
    assert gateway.get("/openapi.json").status == 503
    behind.start()
    assert gateway.get("/v1/sessions/x").status == 200


def test_service_too_slow(networked: tuple[Http, Origin]) -> None:
    """A service that says nothing for too long is 503."""
    assert networked[0].get("/v1/sessions/slow").status == 503


def test_service_dies_in_mid_answer(networked: tuple[Http, Origin]) -> None:
    """An answer that breaks off is seen as broken, never as complete."""
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        networked[0].get("/v1/sessions/dies")


def test_client_goes_away(networked: tuple[Http, Origin]) -> None:
    """When the client goes, the service is told."""
    gateway, _ = networked
    host, _, port = gateway._address.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(
            b"GET /v1/sessions/endless HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + KEY.text.encode() + b"\r\n\r\n"
        )  # fmt: skip
        assert b"tick" in raw.recv(10_000) + raw.recv(10_000)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if gateway.get("/v1/sessions/x").json["seen"]["disconnects"] == 1:
            return
        time.sleep(0.05)
    raise AssertionError("the service still answers to nobody")
