"""Every write of artifact-store takes an `Idempotency-Key`, but those that are safe to repeat."""

import json
from typing import Any

import pytest
from tests.support.designs import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "specs/openapi/artifact-store.json").read_text())
# Their bodies are streamed, so they have no fingerprint before they are stored. Sent again, an
# import finds its artifacts there and is refused; a content has its digest for an address. A
# collection is many writes, and the next one goes on where it ended.
SAFE_TO_REPEAT = {
    ("post", "/v1/archives"),
    ("post", "/v1/collections"),
    ("put", "/v1/blobs/{digest}"),
}
WRITES = [
    (method, path)
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
    if method in ("post", "put", "patch", "delete") and (method, path) not in SAFE_TO_REPEAT
]


def test_there_are_writes() -> None:
    """The document tells of the writes that the next test looks at."""
    assert ("post", "/v1/artifacts") in WRITES


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_write_takes_a_key(method: str, path: str) -> None:
    """A route that writes declares the dependency `once`, and so the header."""
    parameters = DOCUMENT["paths"][path][method].get("parameters", [])
    assert "Idempotency-Key" in [each["name"] for each in parameters]
