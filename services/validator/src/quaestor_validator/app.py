"""The composition root of validator: what is wired to what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State

from quaestor_shared.service.app import Service, build_service
from quaestor_validator.routes import ROUTES
from quaestor_validator.schemas import built_in_schemas
from quaestor_validator.service.diffs import DiffService
from quaestor_validator.service.schemas import SchemaService
from quaestor_validator.service.validation import ValidationService
from quaestor_validator.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings) -> Service:
    """Make the service. It keeps nothing and needs no other service."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        schemas = built_in_schemas()
        app.state.schemas = SchemaService(schemas)
        app.state.validation = ValidationService(schemas)
        app.state.diffs = DiffService(schemas)
        yield

    return build_service(
        name="validator",
        title="Quaestor validator",
        version="0.1.0",
        routes=ROUTES,
        lifespan=lifespan,
        dependencies={"schemas": _schemas, "validation": _validation, "diffs": _diffs},
        checks=lambda _app: {},
        max_body=settings.max_body_bytes,
    )


def _schemas(state: State) -> SchemaService:
    service: SchemaService = state.schemas
    return service


def _validation(state: State) -> ValidationService:
    service: ValidationService = state.validation
    return service


def _diffs(state: State) -> DiffService:
    service: DiffService = state.diffs
    return service
