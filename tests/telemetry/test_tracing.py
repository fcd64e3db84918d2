"""Spans: none without an SDK; with one, a chain of requests is one trace.

An SDK is set for a whole process and for good, so each case runs in a process of its own.
"""

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CHAIN = textwrap.dedent("""
    import asyncio, sys
    from contextlib import asynccontextmanager
    from litestar import get
    from quaestor_shared.client.asgi import AsgiTransport
    from quaestor_shared.client.service_client import ServiceClient
    from quaestor_shared.service.app import build_service
    from quaestor_shared.telemetry.logging import configure_logging
    from quaestor_shared.telemetry.tracing import configure_tracing, outgoing_trace_headers

    configure_logging("first")
    configure_tracing("first")

    @asynccontextmanager
    async def lifespan(app):
        yield

    def service(name, route):
        return build_service(
            name=name, title=name, version="1", routes=[route], lifespan=lifespan,
            services=(), max_body=1000,
        )

    @get("/v1/leaf/{key:str}")
    async def leaf(key: str) -> dict[str, str]:
        next_hop = dict(outgoing_trace_headers()).get("traceparent", "")
        print("NEXT HOP", next_hop, file=sys.stderr)
        return {}

    store = service("store", leaf)

    @get("/v1/root")
    async def root() -> dict[str, str]:
        await ServiceClient(AsgiTransport(store), service="store").call_raw("GET", "/v1/leaf/a")
        return {}

    async def main():
        front = service("front", root)
        async with store.lifespan(), front.lifespan():
            sent = [("traceparent", sys.argv[1])] if len(sys.argv) > 1 else []
            reply = await AsgiTransport(front).send("GET", "/v1/root", sent, b"")
            assert reply.status == 200, reply
    asyncio.run(main())
    print("IMPORTED", "opentelemetry.trace" in sys.modules)
""")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the chain of two services in a fresh interpreter."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    return subprocess.run(
        [sys.executable, "-c", CHAIN, *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def spans(output: str) -> list[dict[str, Any]]:
    """Read the objects that the console exporter wrote one after the other."""
    decoder = json.JSONDecoder()
    found = []
    rest = output[output.index("{") :]
    while rest.startswith("{"):
        span, end = decoder.raw_decode(rest)
        found.append(span)
        rest = rest[end:].lstrip()
    return found


def test_without_an_sdk_the_parent_goes_on_and_no_span_is_made() -> None:
    """The last hop would send the caller's own traceparent, and OpenTelemetry is not imported."""
    done = run(PARENT)
    assert done.returncode == 0, done.stderr
    assert f"NEXT HOP {PARENT}" in done.stderr
    assert done.stdout == "IMPORTED False\n"


def test_the_spans_of_a_chain_share_the_trace_of_the_caller() -> None:
    """Each service makes a span whose parent is the one before, in the trace that came in."""
    done = run(PARENT, OTEL_TRACES_EXPORTER="console")
    assert done.returncode == 0, done.stderr
    by_name = {span["name"]: span for span in spans(done.stdout.replace("IMPORTED True\n", ""))}
    root, leaf = by_name["GET /v1/root"], by_name["GET /v1/leaf/{key}"]
    trace_id = "0x" + PARENT[3:35]
    assert root["context"]["trace_id"] == leaf["context"]["trace_id"] == trace_id
    assert root["parent_id"] == "0x" + PARENT[36:52]
    assert leaf["parent_id"] == root["context"]["span_id"]
    assert f"NEXT HOP 00-{PARENT[3:35]}-{leaf['context']['span_id'][2:]}-01" in done.stderr
    assert leaf["attributes"]["http.response.status_code"] == 200
    assert (
        leaf["attributes"]["quaestor.correlation_id"]
        == (root["attributes"]["quaestor.correlation_id"])
    )
    assert leaf["resource"]["attributes"]["service.name"] == "quaestor-first"


def test_with_an_sdk_a_trace_begins_where_no_parent_came_in() -> None:
    """A request without traceparent gets a trace of its own that the next hop shares."""
    done = run(OTEL_TRACES_EXPORTER="console", OTEL_SERVICE_NAME="mine")
    assert done.returncode == 0, done.stderr
    made = spans(done.stdout.replace("IMPORTED True\n", ""))
    assert len({span["context"]["trace_id"] for span in made}) == 1
    assert len(made) == 2
    assert {span["resource"]["attributes"]["service.name"] for span in made} == {"mine"}


@pytest.mark.parametrize("exporter", ["", "none"])
def test_no_exporter_means_no_sdk(exporter: str) -> None:
    """An installed SDK stays asleep where no exporter is asked for."""
    done = run(PARENT, OTEL_TRACES_EXPORTER=exporter)
    assert done.stdout == "IMPORTED False\n"


def test_an_exporter_that_is_not_installed_stops_the_start() -> None:
    """The message names the variable and the exporter, and there is no traceback."""
    done = run(OTEL_TRACES_EXPORTER="no-such-exporter")
    assert done.returncode == 1
    assert "OTEL_TRACES_EXPORTER" in done.stderr
    assert "no-such-exporter" in done.stderr
    assert "Traceback" not in done.stderr
