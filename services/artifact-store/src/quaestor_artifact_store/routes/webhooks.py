"""Webhooks over HTTP."""

from typing import Any

from litestar import Request, Response, Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.webhooks import WebhookService
from quaestor_shared.contracts.webhooks import (
    CreatedWebhookEnvelope,
    CreateWebhook,
    UpdateWebhook,
    WebhookEnvelope,
    WebhookListEnvelope,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Webhooks = NamedDependency[WebhookService]
_ONE = "/v1/webhooks/{webhook_id:str}"


@post("/v1/webhooks", operation_id="create-webhook", dto=StrictBody[CreateWebhook], return_dto=None)
async def create_webhook(
    data: JSONBody[CreateWebhook], webhooks: Webhooks, once: OnceOnly
) -> Response[CreatedWebhookEnvelope]:
    """Have events sent to a URL; the secret is shown here and never again."""
    webhook = await webhooks.create(data, once)
    return Response(
        CreatedWebhookEnvelope(data=webhook, meta=meta()),
        headers={"Location": f"/v1/webhooks/{webhook.id}"},
    )


@get("/v1/webhooks", operation_id="list-webhooks")
async def list_webhooks(
    request: Request[Any, Any, Any], webhooks: Webhooks, cursor: Cursor = None, limit: Limit = 50
) -> Response[WebhookListEnvelope]:
    """List webhooks, newest first."""
    after = read_cursor(cursor, (str,))
    found = await webhooks.listing(Page(limit=limit + 1, after=after))
    listed, pagination = page(found, limit, lambda webhook: (webhook.id,))
    return Response(
        WebhookListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get(_ONE, operation_id="read-webhook")
async def read_webhook(webhook_id: FromPath[str], webhooks: Webhooks) -> WebhookEnvelope:
    """Read a webhook, without its secret."""
    return WebhookEnvelope(data=await webhooks.read(webhook_id), meta=meta())


@patch(_ONE, operation_id="update-webhook", dto=StrictBody[UpdateWebhook], return_dto=None)
async def update_webhook(
    webhook_id: FromPath[str], data: JSONBody[UpdateWebhook], webhooks: Webhooks, once: OnceOnly
) -> WebhookEnvelope:
    """Change what is sent, or where; make a webhook active or not."""
    return WebhookEnvelope(data=await webhooks.update(webhook_id, data, once), meta=meta())


@delete(_ONE, operation_id="delete-webhook", status_code=200)
async def delete_webhook(
    webhook_id: FromPath[str], webhooks: Webhooks, once: OnceOnly
) -> WebhookEnvelope:
    """Send nothing more."""
    return WebhookEnvelope(data=await webhooks.delete(webhook_id, once), meta=meta())


ROUTER = Router(
    path="/",
    tags=["webhooks"],
    route_handlers=[create_webhook, list_webhooks, read_webhook, update_webhook, delete_webhook],
)
