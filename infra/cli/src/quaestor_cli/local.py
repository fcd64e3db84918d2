"""The validator inside this process, for commands that need no service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quaestor_cli.api import Api, connect
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.client.service_client import ServiceClient
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import NotFound, QuaestorError
from quaestor_shared.telemetry.logging import configure_logging

__all__ = ["audit_api"]


@asynccontextmanager
async def audit_api(url: str | None, api_key: str | None) -> AsyncIterator[Api]:
    """Open a validator: behind a gateway where its address is given, else in this process."""
    if url:
        async with connect(url, api_key or "") as api:
            yield api
        return
    from quaestor_validator.app import create_app
    from quaestor_validator.settings import Settings

    # Requests to oneself are nothing to tell of; what goes wrong is.
    configure_logging("quaestor", level="error", log_format="console")
    service = create_app(Settings())
    refused: QuaestorError | None = None
    async with service.lifespan():
        try:
            yield Api(ServiceClient(AsgiTransport(service), service="validator"), "")
        except QuaestorError as failure:
            refused = failure  # raised in there it would come out in an exception group
    if refused is not None:
        raise _unknown_schema(refused) if refused.code is ErrorCode.UNAVAILABLE else refused


def _unknown_schema(failure: QuaestorError) -> NotFound:
    """Say of a schema that is kept elsewhere what helps: there is nothing to wait for here."""
    told = NotFound(
        "There is no schema of this name among those that come with the command; one that was "
        "registered is behind a gateway, see --url."
    )
    told.__cause__ = failure
    return told
