"""Blob stores for tests, one of each kind, and the S3 servers that they need."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import free_port

from quaestor_artifact_store.s3_blobs import S3Blobs, S3Options

__all__ = ["BUCKET", "KEY", "SECRET", "failing", "in_chunks", "moto_server", "rclone_server", "s3"]

KEY, SECRET, BUCKET = "quaestor", "a-long-secret", "contents"
_PART = 5 * 1024 * 1024


def failing(number: int) -> Callable[..., None]:
    """Make a system call that fails."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@contextmanager
def moto_server() -> Iterator[str]:
    """Run moto's S3 server, with a bucket, and give its URL."""
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield url
    server.stop()


@contextmanager
def rclone_server(folder: Path) -> Iterator[str]:
    """Run `rclone serve s3`, which checks signatures, with a bucket, and give its URL."""
    (folder / BUCKET).mkdir()
    port = free_port()
    program = Path(sys.executable).parent / "rclone"
    process = subprocess.Popen(
        [
            program, "serve", "s3", folder,
            "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def s3(
    url: str, *, bucket: str = BUCKET, secret: str = SECRET, prefix: str = "p/", public: str = ""
) -> S3Blobs:
    """Give a store on an S3 server, with the smallest parts there are."""
    options = S3Options(
        bucket=bucket,
        endpoint_url=url,
        public_endpoint_url=public,
        access_key_id=KEY,
        secret_access_key=secret,
        prefix=prefix,
        multipart_bytes=_PART,
    )
    return S3Blobs(options, threads=4)


async def in_chunks(
    content: bytes, size: int = 65_536, *, error: Exception | None = None
) -> AsyncIterator[bytes]:
    """Give a content as it comes over a network, which may end in an error."""
    for start in range(0, len(content), size):
        yield content[start : start + size]
        await asyncio.sleep(0)
    if error is not None:
        raise error
