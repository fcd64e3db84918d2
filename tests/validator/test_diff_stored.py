"""Stored versions are compared as if they had been sent: a real store, a real validator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.designs import edited, example
from tests.support.http import Http
from tests.support.servers import ServerProcess

pytestmark = pytest.mark.slow
NOWHERE = "019a0000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Http, Http]]:
    """Run a store, and a validator that knows where it is."""
    folder = tmp_path_factory.mktemp("diff")
    store = ServerProcess(
        "quaestor_artifact_store",
        "ARTIFACT_STORE",
        {"DATA_DIR": str(folder / "data")},
        folder / "store.log",
    )
    store.start()
    settings = {"ARTIFACT_STORE_URL": store.url, "MAX_BODY_BYTES": "100000"}
    validator = ServerProcess("quaestor_validator", "VALIDATOR", settings, folder / "validator.log")
    validator.start()
    yield Http(store.url), Http(validator.url)
    validator.end()
    store.end()


def keep(store: Http, content: str, path: str = "design/backend.json") -> Any:
    """Store a version, and give it."""
    body = {"feature_id": "meal-planner-v1", "path": path, "media_type": "application/json"}
    return store.post("/v1/artifacts", {**body, "text": content}).data


def test_versions_are_compared_by_their_numbers(services: tuple[Http, Http]) -> None:
    """A stored version is the same as its document; without a number the latest is meant."""
    store, validator = services
    after = edited(example(), ("apis", "internal", 0, "methods"), ["GET"])
    artifact = keep(store, json.dumps(example()))["artifact_id"]
    keep(store, json.dumps(after))
    first = {"artifact_id": artifact, "version": 1}
    sent = {"before": {"document": example()}, "after": {"document": after}}
    expected = validator.post("/v1/diff", sent).data
    assert expected["counts"]["breaking"] == 3
    for latest in ({"artifact_id": artifact, "version": 2}, {"artifact_id": artifact}):
        assert validator.post("/v1/diff", {"before": first, "after": latest}).data == expected
    mixed = {"before": first, "after": {"document": after}}
    assert validator.post("/v1/diff", mixed).data == expected


@pytest.mark.parametrize(
    "side", [{"artifact_id": NOWHERE}, {"artifact_id": "no such", "version": 3}]
)
def test_what_is_not_stored_is_not_found(services: tuple[Http, Http], side: Any) -> None:
    """An artifact or a version that is not there is a 404, as the store says it."""
    answer = services[1].post("/v1/diff", {"before": side, "after": {"document": example()}})
    assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")


def test_a_stored_content_that_is_no_artifact_is_refused(services: tuple[Http, Http]) -> None:
    """Faults are placed in the document of its side; what is too large is not read."""
    store, validator = services
    other = keep(store, '{"feature_id": 4}', "other.json")["artifact_id"]
    sides = {"before": {"artifact_id": other}, "after": {"document": example()}}
    answer = validator.post("/v1/diff", sides)
    assert answer.status == 400
    assert "/before/document/feature_id" in {d["field"] for d in answer.error["details"]}
    large = keep(store, json.dumps("x" * 200_000), "large.json")["artifact_id"]
    answer = validator.post("/v1/diff", {**sides, "before": {"artifact_id": large}})
    assert [d["field"] for d in answer.error["details"]] == ["/before/version"]


def test_a_side_is_a_document_or_a_version(services: tuple[Http, Http]) -> None:
    """Both, or a version of nothing, are refused."""
    both = {"document": example(), "artifact_id": NOWHERE}
    alone = {"version": 3}
    answer = services[1].post("/v1/diff", {"before": both, "after": alone})
    assert answer.status == 400
    assert [d["field"] for d in answer.error["details"]] == ["/before/document", "/after/document"]
