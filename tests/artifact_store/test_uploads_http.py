"""Uploads over HTTP: contents under their digest, and versions made of them."""

import http.client
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.contents import MOST, blob_files, digest_of, start, upload
from tests.support.http import Http

TEXT = b"".join(b"line %d of the design\n" % number for number in range(900))
LARGE = os.urandom(3_500_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of this module's store."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Http]:
    """Run one store for the tests of this module."""
    server = start(folder)
    yield Http(server.url)
    server.end()


def test_a_version_of_an_upload(store: Http) -> None:
    """A version is made of an upload by its digest; its content has ranges too."""
    upload(store, LARGE)
    body = {"feature_id": "uploads", "path": "a.bin", "media_type": "image/png"}
    made = store.post("/v1/artifacts", {**body, "digest": digest_of(LARGE)})
    assert (made.status, made.data["size"]) == (201, len(LARGE))
    place = f"{made.headers['location']}/content"
    assert store.get(place).body == LARGE
    part = store.get(place, Range="bytes=-10")
    assert (part.status, part.body) == (206, LARGE[-10:])
    assert part.headers["content-type"] == "image/png"
    assert store.post("/v1/artifacts", {**body, "digest": digest_of(LARGE)}).status == 200
    upload(store, TEXT)
    text = {**body, "path": "b.md", "media_type": "text/markdown", "digest": digest_of(TEXT)}
    assert store.post("/v1/commits", {"versions": [text]}).data["versions"][0]["number"] == 1
    found = store.get("/v1/search?q=%22line+77%22&feature_id=uploads")
    assert [hit["path"] for hit in found.data] == ["b.md"]


def test_a_version_of_nothing(store: Http) -> None:
    """A digest that nothing was uploaded under, or one beside a text, is 400 with the place."""
    body = {"feature_id": "uploads", "path": "c.md", "media_type": "text/markdown"}
    nowhere = {**body, "digest": digest_of(b"never uploaded")}
    alone = store.post("/v1/artifacts", nowhere)
    assert (alone.status, alone.error["details"][0]["field"]) == (400, "/digest")
    both = store.post("/v1/commits", {"versions": [{**body, "text": ""}, nowhere]})
    assert both.error["details"][0]["field"] == "/versions/1/digest"
    for more in ({}, {"text": "x"}, {"base64": "AA=="}):
        given = {**nowhere, **more} if more else body
        assert store.post("/v1/artifacts", given).error["details"][0]["field"] == ""


@pytest.mark.parametrize("size", [20, MOST // 2], ids=["small", "large"])
def test_another_digest(store: Http, folder: Path, size: int) -> None:
    """What does not have the digest it is sent under is 400 with both digests; nothing is kept."""
    content = os.urandom(size)
    sent = content[:-1] + b"!"
    place = f"/v1/blobs/{digest_of(content)}"
    reply = store.send("PUT", place, body=sent)
    assert (reply.status, reply.error["code"]) == (400, "DIGEST_MISMATCH")
    assert digest_of(content) in reply.error["details"][0]["message"]
    assert store.get(place).status == 404
    names = {file.name.partition(".")[0] for file in blob_files(folder)}
    for kept in (content, sent):
        assert digest_of(kept).removeprefix("sha256:") not in names


@pytest.mark.parametrize(
    ("digest", "headers", "status", "field"),
    [
        ("sha256:abc", {}, 400, "digest"),
        (digest_of(b"x").upper(), {}, 400, "digest"),
        (digest_of(b"x"), {"Content-Type": "text"}, 400, "Content-Type"),
        (digest_of(b"x"), {"Content-Range": "bytes 0-0/1"}, 400, "Content-Range"),
        (digest_of(b"x"), {"Content-Encoding": "gzip"}, 415, None),
    ],
)
def test_uploads_that_are_not_taken(
    store: Http, digest: str, headers: dict[str, str], status: int, field: str | None
) -> None:
    """An upload that cannot be taken says which of its parts is wrong."""
    reply = store.send("PUT", f"/v1/blobs/{digest}", body=b"x", headers=headers)
    assert reply.status == status
    if field is not None:
        assert [detail["field"] for detail in reply.error["details"]] == [field]


@pytest.mark.parametrize("announced", [True, False])
def test_too_large(store: Http, folder: Path, *, announced: bool) -> None:
    """A content over the limit is 413, whether its length is announced or not; nothing is kept."""
    before = len(blob_files(folder))
    connection = http.client.HTTPConnection(store._address, timeout=30)
    pieces = [LARGE] * 3
    headers = {"Content-Length": str(sum(map(len, pieces)))} if announced else {}
    connection.putrequest("PUT", f"/v1/blobs/{digest_of(b''.join(pieces))}")
    for name, value in (headers or {"Transfer-Encoding": "chunked"}).items():
        connection.putheader(name, value)
    connection.endheaders()
    if not announced:
        for piece in pieces:
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    assert connection.getresponse().status == 413
    connection.close()
    assert len(blob_files(folder)) == before


def test_a_client_that_leaves(store: Http, folder: Path) -> None:
    """An upload that its client leaves in the middle leaves nothing behind."""
    before = len(blob_files(folder))
    host, _, port = store._address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(
            f"PUT /v1/blobs/{digest_of(LARGE * 2)} HTTP/1.1\r\nHost: x\r\n"
            f"Content-Length: {2 * len(LARGE)}\r\n\r\n".encode()
        )
        raw.sendall(LARGE)
        while len(blob_files(folder)) == before:
            pass
    while len(blob_files(folder)) != before:
        pass
    assert store.get(f"/v1/blobs/{digest_of(LARGE * 2)}").status == 404
