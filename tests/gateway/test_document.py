"""The document of everything behind the gateway, and the page that shows it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.support.http import Http

from quaestor_cli.supervisor import running
from quaestor_gateway.domain.routing import upstream_of

pytestmark = pytest.mark.slow
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
METHODS = {"get", "put", "post", "delete", "patch", "head"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the system, and give its URL."""
    with running(tmp_path_factory.mktemp("var")) as system:
        yield system.url


@pytest.fixture(scope="module")
def document(url: str) -> dict[str, Any]:
    """Give the merged document."""
    reply = Http(url).get("/openapi.json")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    document: dict[str, Any] = reply.json
    return document


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Give every operation with its method and path."""
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_is_valid(document: dict[str, Any]) -> None:
    """The merged document is valid OpenAPI 3.1, references and all."""
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_has_what_is_public_and_no_more(document: dict[str, Any]) -> None:
    """Every service's public paths are there; internal ones and health are not."""
    owners = {upstream_of(path) for path in document["paths"]}
    assert owners == {"design-api", "validator", "artifact-store"}
    identities = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(identities) == len(set(identities)) > 10


def test_says_how_to_authenticate(document: dict[str, Any]) -> None:
    """Both ways of sending a key are declared, and every operation wants one of them."""
    schemes = document["components"]["securitySchemes"]
    assert {tuple(entry) for entry in document["security"]} == {(name,) for name in schemes}
    assert {scheme["type"] for scheme in schemes.values()} == {"http", "apiKey"}
    assert not any("security" in operation for _, _, operation in operations(document))


def test_every_operation_tells_of_the_error_shape(document: dict[str, Any]) -> None:
    """What goes wrong is described for each operation, and is the one error shape."""
    for method, path, operation in operations(document):
        schema = operation["responses"]["default"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith("/ErrorEnvelope"), f"{method} {path}"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(
        self,
        tag: str,  # noqa: ARG002 - the parser's signature
        attrs: list[tuple[str, str | None]],
    ) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value]


def test_the_page_asks_no_other_host(url: str) -> None:
    """Every part of the page is served from here, and its policy allows nothing else."""
    http = Http(url)
    page = http.get("/docs")
    links = _Links()
    links.feed(page.body.decode())
    parts = [link for link in links.found if link.startswith("/docs/")]
    assert len(parts) == 3
    assert set(links.found) - set(parts) <= {"data:,", "/openapi.json"}
    for reply in (page, *map(http.get, parts)):
        assert reply.status == 200
        policy = dict(
            rule.split(" ", 1) for rule in reply.headers["content-security-policy"].split("; ")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["connect-src"] == "'self'"
        assert not re.search(r"https?:|\*", reply.headers["content-security-policy"])
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_licence_of_the_page_is_packaged() -> None:
    """The page's scripts are somebody's work; their licences stand beside them."""
    static = resources.files("quaestor_gateway") / "static"
    names = {entry.name for entry in static.iterdir()}
    assert {"swagger-ui.LICENSE", "swagger-ui.NOTICE", "swagger-ui-bundle.LICENSE.txt"} <= names
    assert "Apache License" in (static / "swagger-ui.LICENSE").read_text()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_browser_shows_every_operation(
    url: str, document: dict[str, Any], tmp_path: Path
) -> None:
    """A real browser that reaches no other host lists every operation, without a complaint."""
    assert CHROMIUM is not None
    flags = (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--enable-logging=stderr",
        f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=15000", "--dump-dom",
    )  # fmt: skip
    run = subprocess.run(
        [CHROMIUM, *flags, f"{url}/docs"],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    shown = set(
        re.findall(r'<span[^>]*class="opblock-summary-path"[^>]*data-path="([^"]+)"', run.stdout)
    )
    assert shown == set(document["paths"]), run.stdout[:2000]
    assert run.stdout.count('class="opblock-summary-method"') == len(operations(document))
    complaints = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    assert complaints == []
    assert json.dumps(document["info"]["title"]).strip('"') in run.stdout
