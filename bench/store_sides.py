"""What is measured beside what: ours, rows in SQLite, Kinto, and Debian's registry of images.

Each side is a server in a fresh process and, by operation, how one request to it is sent.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp

from bench.harness import free_port, server
from bench.load import Send
from bench.store_designs import design, event

__all__ = ["OURS", "Side", "ours", "posted", "registry", "rows"]

OURS = "quaestor"
_JSON = {"Content-Type": "application/json"}
_REGISTRY = Path("/usr/bin/docker-registry")
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


class Side(NamedTuple):
    """A side by name, and how its requests are sent."""

    name: str
    sends: Mapping[str, Send]


async def posted(
    session: aiohttp.ClientSession, method: str, url: str, body: bytes, **headers: str
) -> "aiohttp.ClientResponse":
    """Send a body and read the answer, which has to be a success."""
    async with session.request(method, url, data=body, headers=headers or _JSON) as reply:
        await reply.read()
        assert reply.ok, f"{url}: {reply.status} {await reply.text()}"
        return reply


def _reading(url: str) -> Send:
    async def read(session: aiohttp.ClientSession, _client: int, _turn: int) -> None:
        async with session.get(url) as reply:
            content = await reply.read()
            assert reply.status == 200, content

    return read


@contextmanager
def ours(folder: Path) -> Iterator[Side]:
    """Run artifact-store, over SQLite and files."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    prefix = "QUAESTOR_ARTIFACT_STORE"
    environ = {f"{prefix}_PORT": str(port), f"{prefix}_DATA_DIR": str(folder / "ours")}
    journals: dict[int, tuple[str, int]] = {}
    read_from: list[Send] = []

    async def create(session: aiohttp.ClientSession, client: int, _turn: int) -> None:
        await _create(session, client, design())

    async def _create(session: aiohttp.ClientSession, client: int, text: str) -> str:
        body = {
            "feature_id": "bench",
            "path": f"design/{client}.json",
            "media_type": "application/json",
            "text": text,
            "if_exists": "new_version",
        }
        reply = await posted(session, "POST", f"{base}/v1/artifacts", json.dumps(body).encode())
        return reply.headers["ETag"].strip('"')

    async def append(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        if turn == 0:
            opened = json.dumps({"key": f"bench:{secrets.token_hex(8)}", "feature_id": "bench"})
            reply = await posted(session, "POST", f"{base}/v1/journals", opened.encode())
            journals[client] = reply.headers["Location"], 0
        place, version = journals[client]
        body = {
            "expected_version": version,
            "events": [{"type": "AnswerAccepted", "data": event()}],
        }
        await posted(session, "POST", f"{base}{place}/events", json.dumps(body).encode())
        journals[client] = place, version + 1

    async def read(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        if not read_from:
            digest = await _create(session, client, design())
            read_from.append(_reading(f"{base}/v1/blobs/{digest}"))
        await read_from[0](session, client, turn)

    arguments = ["-m", "quaestor_artifact_store"]
    with server(arguments, url=f"{base}/health/live", environ=environ):
        yield Side(OURS, {"create": create, "append": append, "GET": read})


@contextmanager
def rows(folder: Path) -> Iterator[list[Side]]:
    """Run bare Litestar over SQLite with a sync for each write, and bare without anything."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    stored: list[str] = []

    async def create(session: aiohttp.ClientSession, _client: int, _turn: int) -> None:
        await posted(session, "POST", f"{base}/contents", design().encode())

    async def append(session: aiohttp.ClientSession, _client: int, _turn: int) -> None:
        await posted(session, "POST", f"{base}/contents", json.dumps(event()).encode())

    async def store(session: aiohttp.ClientSession) -> str:
        if not stored:
            content = design().encode()
            await posted(session, "POST", f"{base}/contents", content)
            stored.append(hashlib.sha256(content).hexdigest())
        return stored[0]

    async def read(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        await _reading(f"{base}/contents/{await store(session)}")(session, client, turn)

    async def held(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        await store(session)
        await _reading(f"{base}/contents/held")(session, client, turn)

    arguments = ["-m", "bench.row_store", str(port), str(folder / "rows.db")]
    with server(arguments, url=f"{base}/contents/held"):
        sends = {"create": create, "append": append, "GET": read}
        yield [Side("SQLite rows", sends), Side("bare Litestar", {"GET": held})]


@contextmanager
def registry(folder: Path) -> Iterator[Side | None]:
    """Run Debian's docker-registry over files; None where it is not installed."""
    if not _REGISTRY.exists():
        yield None
        return
    base = f"http://127.0.0.1:{(port := free_port())}"
    settings = folder / "registry.yml"
    settings.write_text(
        f"version: 0.1\nlog:\n  level: error\nhttp:\n  addr: 127.0.0.1:{port}\n"
        f"storage:\n  filesystem:\n    rootdirectory: {folder / 'registry'}\n"
    )
    stored: list[str] = []

    async def put(session: aiohttp.ClientSession, client: int, content: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        begun = await posted(session, "POST", f"{base}/v2/bench/{client}/blobs/uploads/", b"")
        place = begun.headers["Location"]
        await posted(session, "PUT", f"{place}&digest={digest}", content, **_OCTETS)
        return digest

    async def create(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        if turn == 0:
            await put(session, client, _CONFIG)
        content = design().encode()
        described = {"mediaType": "application/octet-stream", "size": len(content)}
        config = {"mediaType": _CONFIG_TYPE, "size": len(_CONFIG), "digest": _CONFIG_DIGEST}
        manifest = {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": config,
            "layers": [{**described, "digest": await put(session, client, content)}],
        }
        url = f"{base}/v2/bench/{client}/manifests/{secrets.token_hex(8)}"
        body = json.dumps(manifest).encode()
        await posted(session, "PUT", url, body, **{"Content-Type": _MANIFEST})

    async def read(session: aiohttp.ClientSession, client: int, turn: int) -> None:
        if not stored:
            stored.append(await put(session, 0, design().encode()))
        await _reading(f"{base}/v2/bench/0/blobs/{stored[0]}")(session, client, turn)

    with server(["serve", str(settings)], url=f"{base}/v2/", program=_REGISTRY):
        yield Side("docker-registry", {"create": create, "GET": read})


_OCTETS = {"Content-Type": "application/octet-stream"}
_CONFIG = b"{}"
_CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"
_CONFIG_DIGEST = f"sha256:{hashlib.sha256(_CONFIG).hexdigest()}"
