"""`/health/live`: the process answers. `/health/ready`: what it needs answers too."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Litestar, Request, Response, get

from quaestor_shared.contracts.health import Health, HealthEnvelope
from quaestor_shared.service.replies import meta
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Check", "health_routes"]

Check = Callable[[], Awaitable[None]]
_PATIENCE = 2.0  # seconds
_log = get_logger(__name__)


def health_routes(
    service: str, version: str, checks: Callable[[Litestar], Mapping[str, Check]]
) -> list[Any]:
    """Make the two routes. A check is a coroutine function that raises when its thing is down."""

    @get("/health/live", tags=["health"], operation_id=f"{service}-live", summary="Is it alive?")
    async def live() -> HealthEnvelope:
        """Answer as long as the process can."""
        return HealthEnvelope(
            data=Health(status="ok", service=service, version=version, checks={}), meta=meta()
        )

    @get("/health/ready", tags=["health"], operation_id=f"{service}-ready", summary="Can it work?")
    async def ready(request: Request[Any, Any, Any]) -> Response[HealthEnvelope]:
        """Ask everything that the service needs; 503 when any of it does not answer."""
        todo = checks(request.app)
        results = dict(zip(todo, await asyncio.gather(*map(_run, todo.values())), strict=True))
        good = all(result == "ok" for result in results.values())
        health = Health(
            status="ok" if good else "unavailable",
            service=service,
            version=version,
            checks=results,
        )
        return Response(
            HealthEnvelope(data=health, meta=meta()),
            status_code=200 if good else 503,
            headers={} if good else {"Retry-After": "1"},
        )

    return [live, ready]


async def _run(check: Check) -> str:
    try:
        await asyncio.wait_for(check(), _PATIENCE)
    except Exception as error:  # noqa: BLE001 - whatever it is, the thing is not ready
        _log.warning("not ready", exc_info=error)
        return "unavailable"
    return "ok"
