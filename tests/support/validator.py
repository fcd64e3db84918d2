"""validator in this process, as if over HTTP."""

import asyncio
import json
from typing import Any

from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_validator.app import create_app
from quaestor_validator.registry import SchemaRegistry
from quaestor_validator.schemas import built_in_schemas
from quaestor_validator.service.user_checks import UserChecks
from quaestor_validator.service.validation import ValidationService
from quaestor_validator.settings import Settings
from quaestor_validator.workers.pool import WorkerPool
from quaestor_validator.workers.process import Limits

__all__ = ["Answer", "ask", "findings", "judged", "validation", "verdict"]

JSON = {"content-type": "application/json"}


class Answer:
    """A status, the headers, and the body, as text and, where it is that, as JSON."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.text = body.decode()
        is_json = "json" in headers.get("content-type", "json")
        self.body: Any = json.loads(body) if is_json else None


def ask(
    method: str,
    target: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Send one request to a fresh service."""

    async def send() -> Answer:
        service = create_app(settings or Settings())
        async with service.lifespan():
            reply = await AsgiTransport(service).send(
                method, target, (JSON if headers is None else headers).items(), body
            )
            return Answer(reply.status, reply.headers, reply.body)

    return asyncio.run(send())


def verdict(instance: Any, **more: Any) -> Any:
    """Validate an instance, and give the report."""
    answer = ask("POST", "/v1/validate", json.dumps({"instance": instance, **more}).encode())
    assert answer.status == 200, answer.body
    assert answer.body["success"] is True
    return answer.body["data"]


def findings(instance: Any, **more: Any) -> list[tuple[str, str]]:
    """Validate an instance, and give code and pointer of each finding."""
    return [(f["code"], f.get("pointer", "")) for f in verdict(instance, **more)["findings"]]


def validation() -> ValidationService:
    """Give the use cases of validation by themselves, without a store for users' schemas."""
    limits = Limits(seconds=5, memory_bytes=2**29)
    built_in = built_in_schemas()
    pool = WorkerPool(limits, size=1, waiting=0)
    users = UserChecks(pool, SchemaRegistry(None, built_in, 0), limits, batch_seconds=5)
    return ValidationService(built_in, users, utc_now, max_narrative=1_048_576)


def judged(body: str, schema: str | None = None) -> ValidationReport:
    """Give the report on a body without any HTTP, for tests that ask a thousand times."""
    options = ValidateRequest(instance=None, schema=schema) if schema else None
    return asyncio.run(validation().validate(body.encode(), options))
