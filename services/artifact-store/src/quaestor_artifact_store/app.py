"""The composition root of artifact-store: what is wired to what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from litestar import Litestar

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.http_receivers import HttpReceivers
from quaestor_artifact_store.receivers import Receivers
from quaestor_artifact_store.repository.deliveries import forget_ended
from quaestor_artifact_store.repository.dispatch import Plan
from quaestor_artifact_store.repository.idempotency import forget_expired
from quaestor_artifact_store.routes import ROUTES
from quaestor_artifact_store.service.adopting import adopt_unindexed
from quaestor_artifact_store.service.approvals import ApprovalService
from quaestor_artifact_store.service.archives import ArchiveService
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_artifact_store.service.audit import AuditService
from quaestor_artifact_store.service.checkpoints import CheckpointService
from quaestor_artifact_store.service.collecting import CollectionService
from quaestor_artifact_store.service.comparisons import ComparisonService
from quaestor_artifact_store.service.contents import ContentService
from quaestor_artifact_store.service.creation import CreationService
from quaestor_artifact_store.service.dispatcher import Dispatcher
from quaestor_artifact_store.service.events import EventService
from quaestor_artifact_store.service.features import FeatureService
from quaestor_artifact_store.service.feed import Announced, Feed
from quaestor_artifact_store.service.files import FileService
from quaestor_artifact_store.service.housekeeping import Housekeeping, discard_unfinished
from quaestor_artifact_store.service.journals import JournalService
from quaestor_artifact_store.service.kept_replies import KeptReplyService
from quaestor_artifact_store.service.recent import RecentContents
from quaestor_artifact_store.service.search import SearchService
from quaestor_artifact_store.service.webhooks import WebhookService
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.wiring import blobs_of, check, database_of
from quaestor_shared.clock import Clock, utc_now
from quaestor_shared.service.app import Service, build_service
from quaestor_shared.service.closing import on_closing
from quaestor_shared.service.tasks import in_background
from quaestor_shared.version import VERSION

__all__ = ["create_app"]

_SERVICES = (
    "approvals",
    "archives",
    "artifacts",
    "audit",
    "collections",
    "checkpoints",
    "comparisons",
    "contents",
    "creation",
    "events",
    "features",
    "files",
    "journals",
    "kept_replies",
    "search",
    "webhooks",
)


def create_app(settings: Settings, clock: Clock = utc_now) -> Service:
    """Make the service. The database is opened, and migrated, when its lifespan begins.

    Raises SystemExit naming settings that cannot be used.
    """
    check(settings)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        blobs = blobs_of(settings)
        opened = await asyncio.to_thread(database_of, settings, clock)
        receivers = HttpReceivers(
            timeout_s=settings.webhook_timeout_s, private=settings.webhook_private_addresses
        )
        database = Announced(opened)
        recent = RecentContents(settings.recent_content_bytes, rows=opened.alone)
        feed = Feed(opened, poll_s=settings.events_poll_s)
        dispatcher = _dispatcher(settings, database, receivers, clock)
        database.listeners += [feed.wake, dispatcher.wake]
        app.state.running, app.state.clock = {}, clock
        app.state.checks = {"database": database.check, "blobs": blobs.check}
        creation = CreationService(database, blobs)
        app.state.services = {
            "approvals": ApprovalService(database),
            "artifacts": ArtifactService(database),
            "archives": ArchiveService(
                database, blobs, clock, most_bytes=settings.max_archive_bytes
            ),
            "audit": AuditService(database),
            "collections": CollectionService(database, blobs, clock, recent),
            "checkpoints": CheckpointService(database),
            "comparisons": ComparisonService(database, blobs),
            "creation": creation,
            "features": FeatureService(database),
            "files": FileService(database, blobs, creation),
            "contents": ContentService(
                database,
                blobs,
                clock,
                most=settings.max_blob_bytes,
                url_seconds=settings.s3_url_seconds,
                recent=recent,
            ),
            "events": EventService(
                database,
                feed,
                keep_alive_s=settings.events_keep_alive_s,
                most_streams=settings.events_streams,
            ),
            "journals": JournalService(database),
            "kept_replies": KeptReplyService(database, clock),
            "search": SearchService(database, blobs),
            "webhooks": WebhookService(database, receivers),
        }
        chores = Housekeeping(
            database,
            [forget_expired, partial(forget_ended, days=settings.webhook_history_days)],
            interval_s=settings.housekeeping_interval_s,
        )
        background = (
            chores.run(),
            discard_unfinished(blobs),
            adopt_unindexed(database, blobs),
            feed.run(),
            dispatcher.run(),
        )
        try:
            with on_closing(feed.end):
                async with in_background(*background):
                    yield
        finally:
            await receivers.close()
            await asyncio.to_thread(database.close)
            await blobs.close()

    return build_service(
        name="artifact-store",
        title="Quaestor artifact-store",
        version=VERSION,
        routes=ROUTES,
        lifespan=lifespan,
        services=_SERVICES,
        max_body=settings.max_body_bytes,
    )


def _dispatcher(
    settings: Settings, database: Database, receivers: Receivers, clock: Clock
) -> Dispatcher:
    plan = Plan(
        attempts=settings.webhook_attempts,
        backoff_s=settings.webhook_backoff_s,
        lease_s=settings.webhook_timeout_s + 5,
    )
    return Dispatcher(database, receivers, plan, clock=clock, poll_s=settings.events_poll_s)
