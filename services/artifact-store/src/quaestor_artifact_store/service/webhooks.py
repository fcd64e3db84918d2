"""What can be done with webhooks and their deliveries."""

import secrets
from collections.abc import Sequence

import msgspec

from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.domain.addresses import faults_of_url
from quaestor_artifact_store.domain.content import checked_id
from quaestor_artifact_store.domain.events import Wanted, faults_of_types
from quaestor_artifact_store.domain.webhooks import is_secret, secret_of
from quaestor_artifact_store.receivers import Receivers
from quaestor_artifact_store.repository import changes, deliveries, webhooks
from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.webhooks import (
    CreatedWebhook,
    CreateWebhook,
    DeliveryView,
    Replayed,
    ReplayRequest,
    UpdateWebhook,
    WebhookView,
)
from quaestor_shared.errors import InvalidInput

__all__ = ["WebhookService"]

_LONGEST_RANGE = 10_000


class WebhookService:
    """Webhooks, for those who want events sent to them."""

    def __init__(self, database: Database, receivers: Receivers) -> None:
        self._database = database
        self._receivers = receivers

    async def create(self, request: CreateWebhook, once: Once) -> CreatedWebhook:
        """Make a webhook. Raises InvalidInput for an address that nothing is sent to."""
        await self._check(request.url, request.secret, request.types)
        secret = request.secret or secret_of(secrets.token_bytes(32))
        return await once.write(
            self._database, lambda tx: webhooks.create(tx, request, secret), CreatedWebhook
        )

    async def listing(self, page: Page) -> list[WebhookView]:
        """List webhooks, newest first."""
        return await self._database.read(lambda c: webhooks.listing(c, page))

    async def read(self, webhook_id: str) -> WebhookView:
        """Read a webhook. Raises NotFound."""
        key = checked_id(webhook_id, "webhook")
        return await self._database.read(lambda c: webhooks.read(c, key))

    async def update(self, webhook_id: str, request: UpdateWebhook, once: Once) -> WebhookView:
        """Change a webhook. Raises NotFound, InvalidInput."""
        key = checked_id(webhook_id, "webhook")
        url, secret = request.url, request.secret
        await self._check(
            None if url is msgspec.UNSET else url,
            None if secret is msgspec.UNSET else secret,
            () if request.types is msgspec.UNSET else request.types,
        )
        return await once.write(
            self._database, lambda tx: webhooks.update(tx, key, request), WebhookView
        )

    async def delete(self, webhook_id: str, once: Once) -> WebhookView:
        """Delete a webhook. Raises NotFound."""
        key = checked_id(webhook_id, "webhook")
        return await once.write(self._database, lambda tx: webhooks.delete(tx, key), WebhookView)

    async def ping(self, webhook_id: str, once: Once) -> DeliveryView:
        """Send a test event. Raises NotFound, and Conflict for one that is not active."""
        key = checked_id(webhook_id, "webhook")
        return await once.write(self._database, lambda tx: deliveries.ping(tx, key), DeliveryView)

    async def deliveries(
        self, webhook_id: str, state: str | None, page: Page
    ) -> list[DeliveryView]:
        """List deliveries, newest first. Raises NotFound."""
        key = checked_id(webhook_id, "webhook")
        return await self._database.read(lambda c: deliveries.listing(c, key, state, page))

    async def delivery(self, webhook_id: str, delivery_id: str) -> DeliveryView:
        """Read a delivery. Raises NotFound."""
        key, delivery = checked_id(webhook_id, "webhook"), checked_id(delivery_id, "delivery")
        return await self._database.read(lambda c: deliveries.read(c, key, delivery))

    async def replay(self, webhook_id: str, request: ReplayRequest, once: Once) -> Replayed:
        """Send again what is asked for. Raises NotFound, InvalidInput."""
        key = checked_id(webhook_id, "webhook")
        _check_replay(request)
        return await once.write(self._database, lambda tx: _replay(tx, key, request), Replayed)

    async def _check(self, url: str | None, secret: str | None, types: Sequence[str] = ()) -> None:
        faults = faults_of_url(url) if url is not None else []
        faults += faults_of_types(types, "/types")
        if secret is not None and not is_secret(secret):
            faults.append(ErrorDetail(field="/secret", message="must be base64 of 24 to 64 bytes"))
        if faults:
            raise InvalidInput("The webhook cannot be as it was sent.", details=faults)
        if url is not None:
            await self._receivers.check(url)


def _check_replay(request: ReplayRequest) -> None:
    ranged = request.after is not None or request.to is not None
    if (request.delivery_id is not None) + request.dead + ranged != 1:
        raise InvalidInput(
            "Say what to send again in one way.",
            details=[ErrorDetail(field="", message="`delivery_id`, `dead`, or `after` and `to`")],
        )
    if not ranged:
        return
    if request.after is None or request.to is None or request.to <= request.after:
        raise InvalidInput(
            "A range needs both ends.",
            details=[ErrorDetail(field="/to", message="must be above `after`")],
        )
    if request.to - request.after > _LONGEST_RANGE:
        raise InvalidInput(
            "The range is too long for one request.",
            details=[ErrorDetail(field="/to", message=f"at most {_LONGEST_RANGE} above `after`")],
        )


def _replay(tx: Transaction, key: str, request: ReplayRequest) -> Replayed:
    webhook = webhooks.read(tx, key)
    if request.delivery_id is not None:
        delivery = checked_id(request.delivery_id, "delivery")
        number = deliveries.replay_one(tx, key, delivery)
    elif request.after is not None and request.to is not None:
        wanted = Wanted(webhook.feature_id, webhook.types)
        number = deliveries.replay_range(tx, key, wanted, request.after, request.to)
    else:
        number = deliveries.replay_dead(tx, key)
    changes.record(tx, "webhook.replayed", feature=None, subject=key, data={"number": number})
    return Replayed(deliveries=number)
