"""The composition root of validator: what is wired to what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from quaestor_shared.client.transport import Transport
from quaestor_shared.clock import utc_now
from quaestor_shared.service.app import Service, build_service
from quaestor_shared.version import VERSION
from quaestor_validator.clients import StoreClient
from quaestor_validator.registry import SchemaRegistry
from quaestor_validator.routes import ROUTES
from quaestor_validator.schemas import built_in_schemas
from quaestor_validator.service.batches import BatchService
from quaestor_validator.service.compatibility import CompatibilityService
from quaestor_validator.service.diffs import DiffService
from quaestor_validator.service.fixes import FixService
from quaestor_validator.service.schemas import SchemaService
from quaestor_validator.service.user_checks import UserChecks
from quaestor_validator.service.validation import ValidationService
from quaestor_validator.settings import Settings
from quaestor_validator.workers.pool import WorkerPool
from quaestor_validator.workers.process import Limits

__all__ = ["create_app"]

_SERVICES = ("batches", "compatibility", "diffs", "fixes", "schemas", "validation")


def create_app(settings: Settings, store: Transport | None = None) -> Service:
    """Make the service. It keeps nothing itself.

    Without `store`, artifact-store is called over HTTP, if the settings say where it is.
    """

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        client = _store_client(settings, store)
        built_in = built_in_schemas()
        registry = SchemaRegistry(client, built_in, settings.cached_schema_bytes)
        limits = Limits(
            seconds=settings.worker_time_limit_s, memory_bytes=settings.worker_memory_bytes
        )
        pool = WorkerPool(limits, size=settings.workers, waiting=settings.worker_queue)
        users = UserChecks(pool, registry, limits, batch_seconds=settings.batch_time_limit_s)
        app.state.checks = {} if client is None else {"artifact-store": client.check}
        validation = ValidationService(
            built_in, users, utc_now, max_narrative=settings.max_narrative_characters
        )
        app.state.services = {
            "batches": BatchService(
                validation,
                max_items=settings.max_batch_items,
                max_line_bytes=settings.max_line_bytes,
            ),
            "compatibility": CompatibilityService(pool, registry, users),
            "diffs": DiffService(built_in, client, max_bytes=settings.max_body_bytes),
            "fixes": FixService(validation),
            "schemas": SchemaService(
                built_in, registry, users, max_schema_bytes=settings.max_schema_bytes
            ),
            "validation": validation,
        }
        try:
            yield
        finally:
            await pool.close()
            if client is not None:
                await client.close()

    return build_service(
        name="validator",
        title="Quaestor validator",
        version=VERSION,
        routes=ROUTES,
        lifespan=lifespan,
        services=_SERVICES,
        max_body=settings.max_body_bytes,
    )


def _store_client(settings: Settings, store: Transport | None) -> StoreClient | None:
    if store is None and settings.artifact_store_url:
        # aiohttp takes its time to import, and a system in one process does without it.
        from quaestor_shared.client.http import HttpTransport

        store = HttpTransport(settings.artifact_store_url, timeout_s=settings.upstream_timeout_s)
    return None if store is None else StoreClient(store)
