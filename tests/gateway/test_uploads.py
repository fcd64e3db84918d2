"""Uploads through the gateway: streamed, slow, larger than any other body, or too large."""

import hashlib
import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gateway.harness import KEY, Gateway, Origin
from tests.support.http import Http

BLOB = 12_000_000
PLACE = "/v1/blobs/sha256:0"


@pytest.fixture(params=["over HTTP", "in process"])
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Http]:
    """Run a gateway in front of an origin, in both of its ways."""
    behind = Origin()
    in_process = request.param == "in process"
    if not in_process:
        behind.start()
    front = Gateway(tmp_path, behind.url, in_process=in_process)
    front.start()
    yield Http(front.url, KEY.text)
    front.stop()
    behind.stop()


def test_a_content_may_be_larger_than_a_body(gateway: Http) -> None:
    """A content over the limit of other bodies goes through, byte by byte as it was sent."""
    content = bytes(range(256)) * (11_000_000 // 256)
    told = gateway.send("PUT", PLACE, body=content).json
    assert told["size"] == len(content)
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert gateway.send("POST", PLACE, body=content).status == 413
    assert gateway.send("PUT", "/v1/sessions/x", body=content).status == 413


def test_a_content_that_is_too_large(gateway: Http) -> None:
    """A content over its own limit is 413 at once, without a byte of it being read."""
    connection = http.client.HTTPConnection(gateway._address, timeout=10)
    connection.putrequest("PUT", PLACE)
    connection.putheader("X-API-Key", KEY.text)
    connection.putheader("Content-Length", str(BLOB + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
