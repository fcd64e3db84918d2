"""What is written is what was asked for, and what is read may be kept as long as it is true."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess

import quaestor_artifact_store
from quaestor_shared.contracts.events import EVENT_TYPES

NEW = {"feature_id": "hx", "media_type": "text/plain", "text": "a"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run one store for the tests of this module."""
    folder = tmp_path_factory.mktemp("writes")
    settings = {"DATA_DIR": str(folder / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")
    server.start()
    yield Http(server.url)
    server.end()


def write(store: Http, path: str, **said: Any) -> Reply:
    """Write a version with find_or_new_version."""
    return store.post("/v1/artifacts", {**NEW, "path": path, **said})


@pytest.mark.parametrize("change", [{"label": "2.0.0"}, {"media_type": "text/markdown"}])
def test_the_same_content_as_something_else(store: Http, change: dict[str, str]) -> None:
    """The same content under another label or of another type is a new version, once."""
    path = f"{next(iter(change))}.txt"
    assert write(store, path, label="1.0.0").status == 201
    assert write(store, path).status == 200
    assert write(store, path, label="1.0.0").status == 200
    made, again = (write(store, path, **change) for _ in range(2))
    assert (made.status, again.status) == (201, 200)
    assert (made.data["number"], again.data["number"]) == (2, 2)
    assert change.items() <= made.data.items()
    place = f"/v1/artifacts/{made.data['artifact_id']}/versions"
    if "label" in change:
        assert store.get(f"{place}/2.0.0").data["number"] == 2


def test_another_label_under_a_condition(store: Http) -> None:
    """A label that is asked for under a condition that does not hold is 412 and not written."""
    first = write(store, "condition.txt").data
    stale = f'"sha256:{"0" * 64}"'
    body = {**NEW, "path": "condition.txt", "label": "1.0.0"}
    assert store.post("/v1/artifacts", body, If_Match=stale).status == 412
    versions = store.get(f"/v1/artifacts/{first['artifact_id']}/versions").data
    assert [one["label"] for one in versions] == [None]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_how_long_a_content_may_be_kept(store: Http, method: str) -> None:
    """What number and label name may be kept for good; what comes to mean another, never."""
    made = write(store, "kept.txt", label="1.0.0").data
    artifact, digest = made["artifact_id"], made["digest"]
    store.send("PUT", f"/v1/artifacts/{artifact}/approvals/{digest}", body={})
    for expression, kept in (
        ("1", "private, max-age=31536000, immutable"),
        ("1.0.0", "private, max-age=31536000, immutable"),
        ("latest", "private, no-cache"),
        ("as-of:2999-01-01T00:00:00Z", "private, no-cache"),
    ):
        read = store.send(method, f"/v1/artifacts/{artifact}/versions/{expression}/content")
        assert (read.status, read.headers["cache-control"]) == (200, kept)
    known = store.get(
        f"/v1/artifacts/{artifact}/versions/latest/content", If_None_Match=f'"{digest}"'
    )
    assert (known.status, known.headers["cache-control"]) == (304, "private, no-cache")


@pytest.mark.parametrize("path", ["a//b", "/a", "a/", "a//", "a%2F%2Fb"])
def test_paths_that_are_none(store: Http, path: str) -> None:
    """A file's path with an empty segment is refused, as in a body, and nothing is written."""
    refused = store.send("PUT", f"/v1/features/odd/files/{path}", body=b"x")
    assert refused.status == 400
    assert [detail["field"] for detail in refused.error["details"]] == ["path"]
    assert store.get("/v1/artifacts?feature_id=odd").data == []
    assert store.get(f"/v1/features/odd/files/{path}").status == 404


def test_types_that_no_event_has(store: Http) -> None:
    """A webhook for a type of events that there is none of is 400, with what was meant."""
    hook = {"url": "http://example.com/hook", "types": ["version.*", "bogus.*", "version.create"]}
    refused = store.post("/v1/webhooks", hook)
    assert refused.status == 400
    details = refused.error["details"]
    assert [detail["field"] for detail in details] == ["/types/1", "/types/2"]
    assert details[1]["message"].endswith("did you mean `version.created`?")
    listed = store.get("/v1/events?type=bogus.*")
    assert (listed.status, listed.error["details"][0]["field"]) == (400, "type")


def test_all_types_are_known() -> None:
    """Every type of events that the source records is one that can be asked for."""
    source = Path(quaestor_artifact_store.__file__).parent
    texts = [file.read_text(encoding="utf-8") for file in source.rglob("*.py")]
    recorded = {
        name for text in texts for name in re.findall(r'record\(\s*\w+,\s*"([a-z_.]+)"', text)
    }
    assert recorded == set(EVENT_TYPES)
