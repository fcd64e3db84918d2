"""The deliveries of a webhook over HTTP: how they went, and sending them again."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.webhooks import WebhookService
from quaestor_shared.contracts.webhooks import (
    DeliveryEnvelope,
    DeliveryListEnvelope,
    DeliveryState,
    ReplayEnvelope,
    ReplayRequest,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Webhooks = NamedDependency[WebhookService]
_ONE = "/v1/webhooks/{webhook_id:str}"
# `state` is a name that Litestar keeps to itself.
State = Annotated[
    DeliveryState | None, QueryParameter(name="state", description="Only those in this state.")
]


@get(f"{_ONE}/deliveries", operation_id="list-deliveries")
async def list_deliveries(
    request: Request[Any, Any, Any],
    webhook_id: FromPath[str],
    webhooks: Webhooks,
    in_state: State = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[DeliveryListEnvelope]:
    """List deliveries, newest first; `dead` are those that were given up."""
    after = read_cursor(cursor, (str,))
    found = await webhooks.deliveries(webhook_id, in_state, Page(limit=limit + 1, after=after))
    listed, pagination = page(found, limit, lambda delivery: (delivery.id,))
    return Response(
        DeliveryListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get(f"{_ONE}/deliveries/{{delivery_id:str}}", operation_id="read-delivery")
async def read_delivery(
    webhook_id: FromPath[str], delivery_id: FromPath[str], webhooks: Webhooks
) -> DeliveryEnvelope:
    """Read how a delivery went."""
    return DeliveryEnvelope(data=await webhooks.delivery(webhook_id, delivery_id), meta=meta())


@post(
    f"{_ONE}/replays",
    operation_id="replay-deliveries",
    status_code=202,
    dto=StrictBody[ReplayRequest],
    return_dto=None,
)
async def replay(
    webhook_id: FromPath[str], data: JSONBody[ReplayRequest], webhooks: Webhooks, once: OnceOnly
) -> ReplayEnvelope:
    """Send one delivery, all dead ones, or a range of events again."""
    return ReplayEnvelope(data=await webhooks.replay(webhook_id, data, once), meta=meta())


@post(f"{_ONE}/pings", operation_id="ping-webhook", status_code=202)
async def ping(
    webhook_id: FromPath[str], webhooks: Webhooks, once: OnceOnly
) -> Response[DeliveryEnvelope]:
    """Send a test event; read the delivery to see how it went."""
    delivery = await webhooks.ping(webhook_id, once)
    return Response(
        DeliveryEnvelope(data=delivery, meta=meta()),
        headers={"Location": f"/v1/webhooks/{webhook_id}/deliveries/{delivery.id}"},
    )


ROUTER = Router(
    path="/", tags=["webhooks"], route_handlers=[list_deliveries, read_delivery, replay, ping]
)
