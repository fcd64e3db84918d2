"""Puts a service together: routes, strict errors, health, OpenAPI, observation."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from quaestor_shared.asgi_types import ASGIApp, Receive, Scope, Send
from quaestor_shared.service.addresses import check_address
from quaestor_shared.service.direct import DirectCalls
from quaestor_shared.service.error_handlers import EXCEPTION_HANDLERS
from quaestor_shared.service.health import Check, health_routes
from quaestor_shared.service.lifespan import serve_lifespan
from quaestor_shared.service.observed import Observed
from quaestor_shared.service.openapi import with_error_shape

__all__ = ["Service", "build_service"]


class Service:
    """An ASGI application with a lifespan that can also be entered by hand.

    `lifespan()` is for programs that hold several services in one process.
    """

    def __init__(
        self,
        name: str,
        inner: Litestar,
        *,
        trust_principal: bool = True,
        front: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        self.name = name
        self.inner = inner
        app: ASGIApp = DirectCalls(inner)
        self._app = Observed(
            front(app) if front is not None else app, service=name, trust_principal=trust_principal
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await serve_lifespan(self.lifespan, receive, send)
        else:
            await self._app(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open what the service needs, and close it again."""
        async with self.inner.lifespan():
            yield

    def openapi(self) -> dict[str, Any]:
        """Give the service's OpenAPI 3.1 document."""
        return with_error_shape(self.inner.openapi_schema.to_schema())


class _Document(JsonRenderPlugin):
    """Serves the document with our error shape in it."""

    def render(self, request: Any, openapi_schema: dict[str, Any]) -> bytes:  # noqa: ANN401
        """Give the document as JSON."""
        return super().render(request, with_error_shape(openapi_schema))


def build_service(
    *,
    name: str,
    title: str,
    version: str,
    routes: Sequence[ControllerRouterHandler],
    lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]],
    services: Sequence[str],
    max_body: int,
    trust_principal: bool = True,
    front: Callable[[ASGIApp], ASGIApp] | None = None,
) -> Service:
    """Make the Litestar application of one service.

    The lifespan puts what handlers depend on into `app.state.services`, where they find it by
    the names in `services`, and what has to answer for the service to be ready into
    `app.state.checks`. `max_body` is in bytes; a larger body is answered 413. `front` wraps the
    application inside its observation: what it answers itself has a correlation id and a log
    line too.
    """
    inner = Litestar(
        route_handlers=[*routes, *health_routes(name, version, _checks)],
        lifespan=[lifespan],
        dependencies={key: Provide(_given(key), sync_to_thread=False) for key in services},
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=check_address,
        request_max_body_size=max_body,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title=title,
            version=version,
            path="/openapi",
            render_plugins=[_Document(path="/openapi.json")],
            use_handler_docstrings=True,
        ),
    )
    return Service(name, inner, trust_principal=trust_principal, front=front)


def _given(name: str) -> Callable[[State], object]:
    """Make the dependency under which handlers find a service by its name."""

    def given(state: State) -> object:
        service: object = state.services[name]
        return service

    return given


def _checks(app: Litestar) -> Mapping[str, Check]:
    checks: Mapping[str, Check] = app.state.checks
    return checks
