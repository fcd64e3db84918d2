"""The composition root of the gateway: what is wired to what."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from litestar import Litestar

from quaestor_gateway.documents import Documents, check_upstream
from quaestor_gateway.domain.keys import KeyHash, KeyRing, read_hashes
from quaestor_gateway.front import Front
from quaestor_gateway.key_file import KeyFile
from quaestor_gateway.routes import ROUTES
from quaestor_gateway.settings import Settings
from quaestor_shared.asgi_types import ASGIApp
from quaestor_shared.service.app import Service, build_service
from quaestor_shared.version import VERSION

if TYPE_CHECKING:
    from quaestor_gateway.upstream import HttpUpstream

__all__ = ["create_app"]


def create_app(settings: Settings, upstreams: Mapping[str, ASGIApp] | None = None) -> Service:
    """Make the gateway. With `upstreams`, by service name, nothing goes over the network.

    Raises SystemExit naming a setting that cannot be used.
    """
    over_http = _over_http(settings) if upstreams is None else {}
    behind: Mapping[str, ASGIApp] = over_http if upstreams is None else upstreams
    given = _given_keys(settings)
    keys = KeyRing()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        keys.load([*_kept_keys(settings, given), *given])
        app.state.services = {"documents": Documents(behind)}
        app.state.checks = {name: partial(check_upstream, app) for name, app in behind.items()}
        async with AsyncExitStack() as stack:
            for upstream in over_http.values():
                await upstream.open()
                stack.push_async_callback(upstream.close)
            yield

    return build_service(
        name="gateway",
        title="Quaestor gateway",
        version=VERSION,
        routes=ROUTES,
        lifespan=lifespan,
        services=("documents",),
        max_body=settings.max_body_bytes,
        trust_principal=False,
        front=lambda inside: Front(
            inside,
            upstreams=behind,
            keys=keys,
            max_body=settings.max_body_bytes,
            max_blob=settings.max_blob_bytes,
        ),
    )


def _over_http(settings: Settings) -> "dict[str, HttpUpstream]":
    # aiohttp takes its time to import, and a system in one process does without it.
    from quaestor_gateway.upstream import HttpUpstream

    urls = {
        "design-api": settings.design_api_url,
        "validator": settings.validator_url,
        "artifact-store": settings.artifact_store_url,
    }
    return {
        name: HttpUpstream(
            url, timeout_s=settings.upstream_timeout_s, connections=settings.upstream_connections
        )
        for name, url in urls.items()
    }


def _given_keys(settings: Settings) -> list[KeyHash]:
    try:
        return read_hashes(settings.key_hashes)
    except ValueError as error:
        raise SystemExit(f"QUAESTOR_GATEWAY_KEY_HASHES: {error}") from error


def _kept_keys(settings: Settings, given: list[KeyHash]) -> list[KeyHash]:
    """Read the keys; at the very first start make one and show it, this once, to the operator."""
    file = KeyFile(Path(settings.data_dir))
    if not given and not file.read():
        text = file.add("first")
        # Past the log on purpose: logs are kept and shipped, a key is not.
        print(f"API key, shown this once: {text}", file=sys.stderr, flush=True)  # noqa: T201
    return file.read()
