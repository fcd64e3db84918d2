"""The whole system in one process: the same apps, calling each other without a network.

For the edge and for serverless functions. `app` works under any ASGI host; where the host runs no
lifespan, the services open with the first request.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from quaestor_artifact_store.app import create_app as create_store
from quaestor_artifact_store.settings import Settings as StoreSettings
from quaestor_design_api.app import create_app as create_design_api
from quaestor_design_api.clients import Transports
from quaestor_design_api.settings import Settings as DesignApiSettings
from quaestor_gateway.app import create_app as create_gateway
from quaestor_gateway.settings import Settings as GatewaySettings
from quaestor_shared.asgi_types import Receive, Scope, Send
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.service.app import Service
from quaestor_shared.service.lifespan import serve_lifespan
from quaestor_validator.app import create_app as create_validator
from quaestor_validator.settings import Settings as ValidatorSettings

__all__ = ["Embedded", "create_embedded_app"]


class Embedded:
    """An ASGI app: the gateway, with the services behind it in this process."""

    def __init__(self, gateway: Service, services: tuple[Service, ...]) -> None:
        self._gateway = gateway
        self._services = services
        self._open: AsyncExitStack | None = None
        self._opening = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await serve_lifespan(self.lifespan, receive, send)
            return
        if self._open is None:
            await self._start()
        await self._gateway(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open every service, and close them all again."""
        await self._start()
        try:
            yield
        finally:
            await self._stop()

    async def _start(self) -> None:
        async with self._opening:
            if self._open is not None:
                return
            async with AsyncExitStack() as stack:
                for service in (*self._services, self._gateway):
                    await stack.enter_async_context(service.lifespan())
                self._open = stack.pop_all()  # all are open; had one failed, the others were closed

    async def _stop(self) -> None:
        if self._open is not None:
            await self._open.aclose()
            self._open = None


def create_embedded_app(
    environ: Mapping[str, str] = os.environ, *, data_dir: str | None = None, key_hashes: str = ""
) -> Embedded:
    """Make the system from the settings in `environ`.

    `data_dir` and `key_hashes`, where given, come before what the environment says.
    """
    store = StoreSettings.from_env(environ)
    gateway = GatewaySettings.from_env(environ)
    if data_dir is not None:
        store = msgspec.structs.replace(store, data_dir=f"{data_dir}/artifact-store")
        gateway = msgspec.structs.replace(gateway, data_dir=f"{data_dir}/gateway")
    if key_hashes:
        gateway = msgspec.structs.replace(gateway, key_hashes=key_hashes)
    store_app = create_store(store)
    validator_app = create_validator(ValidatorSettings.from_env(environ), AsgiTransport(store_app))
    design_app = create_design_api(
        DesignApiSettings.from_env(environ),
        Transports(store=AsgiTransport(store_app), validator=AsgiTransport(validator_app)),
    )
    front = create_gateway(
        gateway,
        {"artifact-store": store_app, "validator": validator_app, "design-api": design_app},
    )
    return Embedded(front, (store_app, validator_app, design_app))
