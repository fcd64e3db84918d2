"""The composition root of design-api: what is wired to what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from quaestor_design_api.cache import SessionCache
from quaestor_design_api.clients import StoreClient, Transports, ValidatorClient
from quaestor_design_api.finalizing import Finalizer
from quaestor_design_api.routes import ROUTES
from quaestor_design_api.scripts import load_scripts
from quaestor_design_api.service import InterviewService
from quaestor_design_api.sessions import Sessions
from quaestor_design_api.settings import Settings
from quaestor_shared.clock import Clock, utc_now
from quaestor_shared.service.app import Service, build_service
from quaestor_shared.version import VERSION

__all__ = ["create_app"]


def create_app(
    settings: Settings, transports: Transports | None = None, clock: Clock = utc_now
) -> Service:
    """Make the service. Without `transports` the other services are called over HTTP."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        chosen = transports or _over_http(settings)
        store, validator = StoreClient(chosen.store), ValidatorClient(chosen.validator)
        scripts = load_scripts()
        sessions = Sessions(store, scripts, SessionCache(settings.cached_sessions))
        finalizer = Finalizer(store=store, validator=validator, sessions=sessions, clock=clock)
        app.state.checks = {"artifact-store": store.check, "validator": validator.check}
        interviews = InterviewService(
            store=store, sessions=sessions, scripts=scripts, finalizer=finalizer, clock=clock
        )
        app.state.services = {"service": interviews}
        try:
            yield
        finally:
            await store.close()
            await validator.close()

    return build_service(
        name="design-api",
        title="Quaestor design-api",
        version=VERSION,
        routes=ROUTES,
        lifespan=lifespan,
        services=("service",),
        max_body=settings.max_body_bytes,
    )


def _over_http(settings: Settings) -> Transports:
    # aiohttp takes its time to import, and a system in one process does without it.
    from quaestor_shared.client.http import HttpTransport

    wait = settings.upstream_timeout_s
    return Transports(
        store=HttpTransport(settings.artifact_store_url, timeout_s=wait),
        validator=HttpTransport(settings.validator_url, timeout_s=wait),
    )
