"""Contents over HTTP: read whole and in parts, from files and from a bucket."""

import http.client
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.blob_stores import BUCKET, KEY, SECRET
from tests.support.contents import blob_files, digest_of, start, upload
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


@pytest.mark.parametrize("content", [b"", TEXT, LARGE], ids=["empty", "small", "large"])
def test_upload_and_read(store: Http, content: bytes) -> None:
    """An upload is 201 and 200 when it comes again, and is read back under its digest."""
    digest = digest_of(content)
    place = f"/v1/blobs/{digest}"
    for status, created in ((201, True), (200, False)):
        reply = upload(store, content)
        assert (reply.status, reply.data["created"]) == (status, created)
        assert (reply.data["digest"], reply.data["size"]) == (digest, len(content))
        assert (reply.headers["etag"], reply.headers["location"]) == (f'"{digest}"', place)
    read = store.get(place)
    assert (read.status, read.body) == (200, content)
    assert read.headers["content-length"] == str(len(content))
    assert read.headers["content-type"] == "text/markdown"
    assert read.headers["accept-ranges"] == "bytes"
    head = store.send("HEAD", place, headers={"Range": "bytes=0-1"})
    assert (head.status, head.headers["content-length"]) == (200, str(len(content)))
    assert head.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("content", [TEXT, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=3-10", 3, 11),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        ("bytes=-99999999", 0, None),
        ("bytes=5-99999999999999999999", 5, None),
        ("BYTES= 2-4 ", 2, 5),
    ],
)
def test_ranges(store: Http, content: bytes, asked: str, start: int, end: int | None) -> None:
    """A range is answered 206 with its bytes and their place, under the tag of the whole."""
    upload(store, content)
    reply = store.get(f"/v1/blobs/{digest_of(content)}", Range=asked)
    places = range(len(content))[start:end]
    assert (reply.status, reply.body) == (206, content[start:end])
    assert reply.headers["content-range"] == f"bytes {places[0]}-{places[-1]}/{len(content)}"
    assert reply.headers["content-length"] == str(len(places))
    assert reply.headers["etag"] == f'"{digest_of(content)}"'


def test_a_range_over_pieces(store: Http) -> None:
    """A range that spans several pieces of a large content is exact at both ends."""
    upload(store, LARGE)
    reply = store.get(f"/v1/blobs/{digest_of(LARGE)}", Range="bytes=1048575-2097152")
    assert (reply.status, reply.body) == (206, LARGE[1048575:2097153])


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,3-4", "bytes=4-3", "bytes=a-b", "bytes=-", "lines=0-1", "bytes 0-1", "bytes=--1"],
)
def test_ranges_that_mean_the_whole(store: Http, asked: str) -> None:
    """Several ranges, one in another unit and one that cannot be read give the whole content."""
    upload(store, TEXT)
    reply = store.get(f"/v1/blobs/{digest_of(TEXT)}", Range=asked)
    assert (reply.status, reply.body) == (200, TEXT)
    assert "content-range" not in reply.headers


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=99999999-", "bytes=-0"])
@pytest.mark.parametrize("content", [b"", TEXT], ids=["empty", "small"])
def test_ranges_behind_the_end(store: Http, content: bytes, asked: str) -> None:
    """A range behind the end is 416, with the size."""
    upload(store, content)
    reply = store.get(f"/v1/blobs/{digest_of(content)}", Range=asked.format(size=len(content)))
    assert (reply.status, reply.error["code"]) == (416, "RANGE_NOT_SATISFIABLE")
    assert reply.headers["content-range"] == f"bytes */{len(content)}"


def test_an_end_of_nothing(store: Http) -> None:
    """The last bytes of an empty content are the empty content."""
    upload(store, b"")
    reply = store.get(f"/v1/blobs/{digest_of(b'')}", Range="bytes=-5")
    assert (reply.status, reply.body) == (200, b"")


def test_conditions_on_ranges(store: Http) -> None:
    """If-Range gives the part only under the same strong tag; If-None-Match comes first."""
    upload(store, TEXT)
    place, tag = f"/v1/blobs/{digest_of(TEXT)}", f'"{digest_of(TEXT)}"'
    assert store.get(place, Range="bytes=0-1", If_Range=tag).status == 206
    for other in (f"W/{tag}", '"another"', "Sat, 21 Nov 2026 10:00:00 GMT"):
        assert store.get(place, Range="bytes=0-1", If_Range=other).body == TEXT
    assert store.get(place, Range="bytes=0-1", If_None_Match=tag).status == 304
    assert store.get(place, Range="bytes=99999999-", If_None_Match=tag).status == 304


@pytest.mark.slow
def test_damage_in_a_large_content(tmp_path: Path) -> None:
    """A flipped byte is never sent, found before the first byte, or later within its piece."""
    server = start(tmp_path)
    store = Http(server.url)
    place = upload(store, LARGE).headers["location"]
    assert store.get(place).body == LARGE
    (file,) = blob_files(tmp_path)
    stat = file.stat()
    damaged = bytearray(LARGE)
    damaged[2_500_000] ^= 1
    file.write_bytes(damaged)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a failing disk would leave it
    assert store.get(place, Range="bytes=0-99").body == LARGE[:100]
    with pytest.raises(http.client.IncompleteRead) as cut:
        store.get(place)
    assert LARGE.startswith(cut.value.partial)
    server.end()
    server.start()  # knows nothing of the content yet
    for headers in ({}, {"Range": "bytes=0-99"}):
        reply = store.get(place, **headers)
        assert (reply.status, reply.error["code"]) == (503, "UNAVAILABLE")
    assert upload(store, LARGE).status == 200
    assert store.get(place).body == LARGE
    server.end()


def test_no_address_of_files(store: Http) -> None:
    """Contents in files have no address of their own: 501, saying what to read instead."""
    upload(store, TEXT)
    reply = store.get(f"/v1/blobs/{digest_of(TEXT)}/url")
    assert (reply.status, reply.error["code"]) == (501, "NOT_SUPPORTED")
    assert f"/v1/blobs/{digest_of(TEXT)}" in reply.error["message"]
    assert store.get(f"/v1/blobs/{digest_of(b'never')}/url").status == 404


@pytest.mark.slow
def test_contents_in_a_bucket(rclone: str, tmp_path: Path) -> None:
    """With S3 a large upload goes there in parts, and can be downloaded by a signed address."""
    settings: dict[str, Any] = {
        "BLOB_BACKEND": "s3",
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": rclone,
        "S3_ACCESS_KEY_ID": KEY,
        "S3_SECRET_ACCESS_KEY": SECRET,
        "S3_MULTIPART_BYTES": "5242880",
        "MAX_BLOB_BYTES": "20000000",
    }
    server = start(tmp_path, **settings)
    store = Http(server.url)
    content = LARGE * 3
    assert upload(store, content).status == 201
    place = f"/v1/blobs/{digest_of(content)}"
    assert store.get(place).body == content
    assert store.get(place, Range="bytes=-9").body == content[-9:]
    told = store.get(f"{place}/url")
    assert (told.status, told.headers["cache-control"]) == (200, "no-store")
    led = store.get(f"{place}/url?redirect=true")
    assert led.status == 307
    for url in (told.data["url"], led.headers["location"]):
        address = url.removeprefix(rclone)
        assert Http(rclone).get(address).body == content
    server.end()
