"""What `Observed` does around a request: correlation id, trace headers, one line."""

import asyncio
import json
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from quaestor_shared.asgi_types import Message, Receive, Scope, Send
from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.client.service_client import ServiceClient
from quaestor_shared.client.transport import RawReply
from quaestor_shared.service.observed import Observed
from quaestor_shared.telemetry import context
from quaestor_shared.telemetry.tracing import outgoing_trace_headers, tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Echo:
    """Answers with what it can see of the request's context."""

    status = 200

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Serve."""
        await receive()
        seen = {
            "correlation_id": context.correlation_id.get(),
            "principal": context.principal.get(),
            "service": context.service_name.get(),
            "trace": outgoing_trace_headers(),
        }
        headers = [(b"content-type", b"application/json"), (b"x-correlation-id", b"not-this-one")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(seen).encode()})


def ask(app: Observed, *headers: tuple[str, str], body: bytes = b"") -> tuple[RawReply, Any]:
    """Send one request."""
    reply = asyncio.run(AsgiTransport(app).send("POST", "/v1/things?token=hunter2", headers, body))
    return reply, json.loads(reply.body)


def test_a_well_formed_correlation_id_is_kept_and_answered() -> None:
    """The id that the caller sent is the one inside and in the reply, once."""
    reply, seen = ask(Observed(Echo()), ("x-correlation-id", "order-4711:a"))
    assert seen["correlation_id"] == "order-4711:a"
    assert reply.headers["x-correlation-id"] == "order-4711:a"


@pytest.mark.parametrize(
    "sent", ["", "short", "a" * 129, "has space in it", "-leading-dash", "ümläut-ümläut"]
)
def test_another_correlation_id_is_replaced(sent: str) -> None:
    """An id that could break a log line, or none, gives way to one of ours."""
    reply, seen = ask(Observed(Echo()), ("x-correlation-id", sent))
    assert seen["correlation_id"] != sent
    assert len(seen["correlation_id"]) == 32
    assert reply.headers["x-correlation-id"] == seen["correlation_id"]


def test_the_principal_is_believed_only_where_the_gateway_stands_in_front() -> None:
    """A principal in a header counts for a service, and not for the gateway itself."""
    sent = ("x-quaestor-principal", "key:alice")
    assert ask(Observed(Echo()), sent)[1]["principal"] == "key:alice"
    assert ask(Observed(Echo(), trust_principal=False), sent)[1]["principal"] == "anonymous"


def test_trace_context_is_passed_on_unchanged_without_an_sdk() -> None:
    """`traceparent` and `tracestate` go to the next hop as they came, and no span is made."""
    assert not tracing()
    _, seen = ask(Observed(Echo()), ("traceparent", PARENT), ("tracestate", "a=1,b=2"))
    assert seen["trace"] == [["traceparent", PARENT], ["tracestate", "a=1,b=2"]]


@pytest.mark.parametrize(
    "parent",
    [
        "nonsense",
        PARENT.upper(),
        "ff" + PARENT[2:],
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        PARENT + "\x00",
    ],
)
def test_a_broken_traceparent_is_dropped_with_its_tracestate(parent: str) -> None:
    """What W3C Trace Context calls invalid is not passed on."""
    _, seen = ask(Observed(Echo()), ("traceparent", parent), ("tracestate", "a=1"))
    assert seen["trace"] == []


def test_two_traceparents_are_as_good_as_none() -> None:
    """Which of two parents counts is not guessed."""
    _, seen = ask(Observed(Echo()), ("traceparent", PARENT), ("traceparent", PARENT))
    assert seen["trace"] == []


def test_one_line_a_request_without_body_query_or_header() -> None:
    """The line has method, path, status, duration and principal, and nothing that was sent."""
    with capture_logs() as logged:
        ask(Observed(Echo()), ("authorization", "Bearer hunter2"), body=b'{"text": "hunter2"}')
    (line,) = logged
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "module": "access",
        "path": "/v1/things",
        "principal": "anonymous",
        "status": 200,
    }


def test_a_request_that_fails_is_logged_too() -> None:
    """An app that raises still gets its line."""

    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    with capture_logs() as logged, pytest.raises(RuntimeError):
        asyncio.run(AsgiTransport(Observed(broken)).send("GET", "/", (), b""))
    assert [line["event"] for line in logged] == ["request"]


def test_services_in_one_process_keep_their_names_and_share_the_id() -> None:
    """Down a chain of calls each service has its own name, and all have one correlation id."""
    inner = Observed(Echo(), service="artifact-store")
    names: list[str | None] = []

    async def front(_scope: Scope, _receive: Receive, send: Send) -> None:
        context.principal.set("key:alice")
        client = ServiceClient(AsgiTransport(inner), service="artifact-store")
        raw = await client.call_raw("GET", "/v1/x")
        names.append(context.service_name.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": raw.body})

    _, seen = ask(
        Observed(front, service="gateway", trust_principal=False),
        ("x-correlation-id", "0123456789"),
        ("traceparent", PARENT),
    )
    assert names == ["gateway"]
    assert seen == {
        "correlation_id": "0123456789",
        "principal": "key:alice",
        "service": "artifact-store",
        "trace": [["traceparent", PARENT]],
    }


def test_nothing_of_a_request_is_left_behind() -> None:
    """After a request in the same task the context is what it was before."""

    async def run() -> tuple[object, ...]:
        transport = AsgiTransport(Observed(Echo(), service="x"))
        sent = [("x-quaestor-principal", "p"), ("traceparent", PARENT)]
        await transport.send("GET", "/", sent, b"")
        return (
            context.correlation_id.get(),
            context.principal.get(),
            context.service_name.get(),
            context.trace_headers.get(),
        )

    assert asyncio.run(run()) == (None, "anonymous", None, ())


def test_what_is_not_http_goes_through_untouched() -> None:
    """A lifespan scope reaches the app as it is."""
    reached: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope["type"])

    async def never() -> Message:
        raise AssertionError

    async def nowhere(_message: Message) -> None:
        raise AssertionError

    with capture_logs() as logged:
        asyncio.run(Observed(app)({"type": "lifespan"}, never, nowhere))
    assert reached == ["lifespan"]
    assert logged == []
    structlog.reset_defaults()
