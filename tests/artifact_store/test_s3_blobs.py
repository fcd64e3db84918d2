"""What the blob store of S3 has of its own: secrets, signed addresses, servers that fail."""

import asyncio
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rich.pretty import pretty_repr
from tests.support.blob_stores import BUCKET, SECRET, in_chunks, s3
from tests.support.servers import free_port

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.blobs import Damaged
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.s3_blobs import S3Options
from quaestor_artifact_store.settings import Settings
from quaestor_shared.errors import Unavailable

pytestmark = pytest.mark.anyio
CONTENT = b"what was decided"
DIGEST = digest_of(CONTENT)
LARGE = os.urandom(6 * 1024 * 1024)
HEADERS = {"Content-Type": "text/markdown", "Content-Disposition": "attachment"}


def download(url: str) -> tuple[int, bytes]:
    """Fetch an address as anybody would."""
    try:
        with urllib.request.urlopen(url) as reply:  # noqa: S310 - an address of our own test
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""


async def test_wrong_secret(rclone: str) -> None:
    """A wrong secret is refused by the server, and that is Unavailable, not NotFound."""
    store = s3(rclone, secret="another-secret")
    for write in (store.put(DIGEST, CONTENT), store.put_stream(DIGEST, in_chunks(CONTENT))):
        with pytest.raises(Unavailable, match="nothing was stored"):
            await write
    for read in (store.get(DIGEST), store.get_range(DIGEST, 0, 1), store.page("", 1)):
        with pytest.raises(Unavailable, match="cannot be read right now"):
            await read
    with pytest.raises(Unavailable, match="see that the bucket is there"):
        await store.check()
    await store.close()


async def test_no_bucket(moto: str) -> None:
    """A bucket that does not exist makes the store unready, and a put fails."""
    store = s3(moto, bucket="none-such")
    for call in (store.check(), store.put(DIGEST, CONTENT), store.get(DIGEST)):
        with pytest.raises(Unavailable):
            await call
    await store.close()


async def test_nobody_answers() -> None:
    """A server that does not answer is Unavailable, and a failed read speaks of no write."""
    store = s3(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable) as caught:
        await store.get(DIGEST)
    assert "stored" not in caught.value.message
    await store.close()


@pytest.mark.parametrize("server", ["moto", "rclone"])
async def test_signed_address(request: pytest.FixtureRequest, server: str) -> None:
    """Who has a signed address can download the content, and nobody without its signature."""
    store = s3(request.getfixturevalue(server))
    await store.put_stream(digest_of(LARGE), in_chunks(LARGE))
    url = await store.url(digest_of(LARGE), headers=HEADERS, seconds=60)
    assert url is not None
    assert await asyncio.to_thread(download, url) == (200, LARGE)
    if server == "rclone":  # moto lets everybody in
        status, _ = await asyncio.to_thread(download, url.replace("Signature=", "Signature=0"))
        assert status == 403
    await store.close()


async def test_signed_address_for_others(moto: str) -> None:
    """Addresses are signed for the host under which clients reach the service."""
    store = s3(moto, public="https://files.example.org")
    url = await store.url(DIGEST, headers=HEADERS, seconds=60)
    assert url is not None
    assert url.startswith(f"https://files.example.org/{BUCKET}/p/")
    assert "X-Amz-Expires=60" in url
    await store.close()


async def test_damaged_object(moto: str) -> None:
    """An object that somebody has changed is not given."""
    store = s3(moto, prefix="damaged/")
    await store.put(DIGEST, CONTENT)
    store._bucket._client.ours().put_object(Bucket=BUCKET, Key=store._bucket.key(DIGEST), Body=b"W")
    with pytest.raises(Damaged):
        await store.get(DIGEST)
    await store.close()


async def test_foreign_objects_are_not_listed(moto: str) -> None:
    """What others keep below the same prefix is no content of ours."""
    store = s3(moto, prefix="shared/")
    await store.put(DIGEST, CONTENT)
    for key in ("shared/readme.txt", "shared/ff/zz/other", f"shared/{DIGEST[7:]}"):
        store._bucket._client.ours().put_object(Bucket=BUCKET, Key=key, Body=b"x")
    assert [found.digest for found in await store.page("", 1)] == [DIGEST]
    assert await store.page(DIGEST, 10) == []
    await store.close()


@pytest.mark.parametrize("server", ["moto", "rclone"])
async def test_what_a_kill_leaves(request: pytest.FixtureRequest, server: str) -> None:
    """Parts of an upload that a kill has cut off are dropped when they are old, not before."""
    store = s3(request.getfixturevalue(server), prefix="killed/")
    parts = store._bucket.begin(DIGEST)
    parts.write(LARGE)
    day = timedelta(days=1)
    if server == "rclone":  # moto says of every upload that it was begun years ago
        assert await store.discard_unfinished(datetime.now(UTC) - day) == 0
    assert await store.discard_unfinished(datetime.now(UTC) + day) == 1
    assert await store.discard_unfinished(datetime.now(UTC) + day) == 0
    await store.close()


class _Capricious(BaseHTTPRequestHandler):
    """Answers everything but the second part of an upload, and remembers what was asked."""

    asked: list[str] = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append(f"{self.command} {self.path.partition('?')[2]}")
        refused = "partNumber=2" in self.path
        body = b"<R><UploadId>u1</UploadId></R>"
        self.send_response(400 if refused else 200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", "0" if refused else str(len(body)))
        self.end_headers()
        if not refused:
            self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the base class's names

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


async def test_an_upload_that_fails_is_aborted() -> None:
    """When a part is refused the upload is aborted, so that no parts stay and cost."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Capricious)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    store = s3(f"http://127.0.0.1:{server.server_address[1]}")
    with pytest.raises(Unavailable, match="nothing was stored"):
        await store.put_stream(digest_of(LARGE), in_chunks(LARGE))
    await store.close()
    server.shutdown()
    server.server_close()
    assert _Capricious.asked[-1] == "DELETE uploadId=u1"
    assert not [one for one in _Capricious.asked if one == "POST uploadId=u1"]


def test_boto3_is_imported_late() -> None:
    """A service that keeps its contents in S3 is made without importing boto3."""
    program = (
        "import sys\nfrom quaestor_artifact_store.app import create_app\n"
        "from quaestor_artifact_store.settings import Settings\n"
        "create_app(Settings(blob_backend='s3', s3_bucket='contents'))\n"
        "sys.exit('loaded' if {'boto3', 'botocore'} & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "name the bucket"),
        ({"s3_bucket": "a b"}, "no name of a bucket"),
        ({"s3_bucket": "b/../c"}, "no name of a bucket"),
        ({"s3_bucket": "contents", "s3_endpoint_url": "localhost:9000"}, "no endpoint"),
        ({"s3_bucket": "contents", "s3_endpoint_url": "http://[::1"}, "no endpoint"),
        ({"s3_bucket": "contents", "s3_endpoint_url": "http://h:99999"}, "no endpoint"),
        ({"s3_bucket": "contents", "s3_endpoint_url": "https://k:s@h"}, "no endpoint"),
        ({"s3_bucket": "contents", "s3_public_endpoint_url": "ftp://h"}, "no endpoint"),
        ({"s3_bucket": "contents", "s3_access_key_id": "k"}, "both the access key"),
    ],
)
def test_settings_that_cannot_be_used(changes: dict[str, str], said: str) -> None:
    """A service does not start with a bucket that is not named or an endpoint that is none."""
    settings = Settings(blob_backend="s3", **changes)  # type: ignore[arg-type]  # all are texts
    with pytest.raises(SystemExit, match=f"QUAESTOR_ARTIFACT_STORE_S3.*{said}"):
        create_app(settings)


def test_secret_is_not_shown() -> None:
    """The options do not show their secret."""
    options = S3Options(bucket="bucket", access_key_id="k", secret_access_key=SECRET)
    settings = Settings(s3_secret_access_key=SECRET)
    for shown in (options, settings):
        assert SECRET not in repr(shown)
        assert SECRET not in pretty_repr(shown)
