"""Kinto, a store of JSON records over HTTP, in an environment of its own, on PostgreSQL."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from tests.support.postgres import PostgresServer

from bench.harness import free_port, scratch, server
from bench.load import Send
from bench.store_designs import design, event
from bench.store_sides import Side, posted

__all__ = ["kinto"]

_VERSION = "26.5.0"
_AUTHORIZATION = f"Basic {base64.b64encode(b'bench:bench').decode()}"
_THREADS = 16
_SETTINGS = """[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = bench
kinto.bucket_create_principals = system.Everyone
kinto.storage_pool_size = {threads}
kinto.permission_pool_size = {threads}
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
threads = {threads}
"""


@contextmanager
def kinto(folder: Path) -> Iterator[Side | None]:
    """Run Kinto, its records durable in a PostgreSQL of its own; None where it cannot be had."""
    programs = _installed()
    if programs is None:
        yield None
        return
    database = PostgresServer()
    try:
        database.start()
        port, settings = free_port(), folder / "kinto.ini"
        url = database.new_database().replace("%", "%%")  # the file's own sign for a variable
        settings.write_text(_SETTINGS.format(url=url, port=port, threads=_THREADS))
        subprocess.run(
            [programs / "kinto", "migrate", "--ini", settings], check=True, capture_output=True
        )
        base = f"http://127.0.0.1:{port}/v1"
        arguments = ["start", "--ini", str(settings), "--port", str(port)]
        with server(arguments, url=f"{base}/", program=programs / "kinto"):
            yield Side("Kinto", _sends(f"{base}/buckets/bench"))
    finally:
        database.remove()


def _sends(bucket: str) -> dict[str, Send]:
    """Give how requests are sent: to a collection of its own for each client.

    In one collection creates at the same moment are refused, to be sent again.
    """
    stored: list[str] = []
    headers = {"Authorization": _AUTHORIZATION, "Content-Type": "application/json"}

    async def keep(session: aiohttp.ClientSession, client: int, turn: int, data: str) -> str:
        collection = f"{bucket}/collections/{client}"
        if turn == 0:
            for place in (bucket, collection):
                await posted(session, "PUT", place, b"", **headers)
        url = f"{collection}/records"
        reply = await posted(session, "POST", url, f'{{"data": {data}}}'.encode(), **headers)
        return f"{url}/{(await reply.json())['data']['id']}"

    async def create(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        await keep(session, client, turn, design())

    async def append(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        await keep(session, client, turn, json.dumps(event()))

    async def read(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        if not stored:
            stored.append(await keep(session, client, turn, design()))
        async with session.get(stored[0], headers=headers) as reply:
            content = await reply.read()
            assert reply.status == 200, content

    return {"create": create, "append": append, "GET": read}


def _installed() -> Path | None:
    """Give the folder of Kinto's programs, installed at the first time, if that is possible."""
    environment = scratch() / f"kinto-{_VERSION}"
    programs = environment / "bin"
    if not (programs / "kinto").exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", environment], check=True)
            package = f"kinto[postgresql]=={_VERSION}"
            subprocess.run([programs / "pip", "install", "--quiet", package], check=True)
        except subprocess.CalledProcessError:
            return None
    return programs
