"""What services keep in the store for themselves is not changed by others."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.databases import KINDS, place_for
from tests.support.http import Http, Reply
from tests.support.serving import serving

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.settings import Settings

FEATURE = "quaestor-schemas"
BODY = {
    "feature_id": FEATURE,
    "path": "schemas/x/1.json",
    "media_type": "application/schema+json",
    "base64": base64.b64encode(b"{}").decode(),
}
SERVICE = {"X_Quaestor_Principal": "validator:ada"}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Http]:
    """Run a store."""
    place = place_for(request.param, tmp_path)
    url = place if "://" in place else ""
    with serving(create_app(Settings(data_dir=str(tmp_path), database_url=url))) as address:
        yield Http(address)


def refused(reply: Reply) -> bool:
    """Say whether a write was refused because the feature is reserved."""
    return (reply.status, reply.error["code"]) == (403, "FORBIDDEN")


def test_a_reserved_feature(store: Http) -> None:
    """A service writes to its feature; whoever else does is refused on every way, and may read."""
    assert refused(store.post("/v1/artifacts", BODY))
    made = store.post("/v1/artifacts", BODY, **SERVICE)
    assert made.status == 201
    assert made.data["author"] == "validator:ada"
    artifact = f"/v1/artifacts/{made.data['artifact_id']}"
    feature = f"/v1/features/{FEATURE}"
    file = f"{feature}/files/{BODY['path']}"
    assert store.get(file).body == b"{}"
    archive = store.get(f"{feature}/archive")
    assert archive.status == 200
    tar = {"Content-Type": "application/x-tar"}
    json_type = {"Content-Type": "application/json", "If-Match": "*"}
    for method, target, body, headers in (
        ("PUT", file, b"[]", json_type),
        ("DELETE", artifact, None, {}),
        ("POST", f"{artifact}/versions/1/approvals", {"digest": made.data["digest"]}, {}),
        ("POST", f"{feature}/checkpoints", {"name": "now"}, {}),
        ("DELETE", feature, None, {}),
        ("POST", "/v1/batches", {"versions": [{**BODY, "if_exists": "new_version"}]}, {}),
        ("POST", "/v1/archives?feature_id=quaestor-other", archive.body, tar),
    ):
        reply = store.send(method, target, body=body, headers=headers)
        assert refused(reply), (target, reply.body)
    assert store.get(artifact).data["latest"]["number"] == 1
    assert (
        store.send("DELETE", feature, headers={"X-Quaestor-Principal": "validator:ada"}).status
        == 200
    )
    for way in ("restorations", "purges"):
        assert refused(store.post(f"{feature}/{way}", {}))
    assert store.post(f"{feature}/restorations", {}, **SERVICE).status in {200, 201}


def test_an_archive_of_a_reserved_feature_under_another_name(store: Http) -> None:
    """What is reserved is the name, not what was written under it."""
    store.post("/v1/artifacts", BODY, **SERVICE)
    archive = store.get(f"/v1/features/{FEATURE}/archive").body
    taken = store.send(
        "POST",
        "/v1/archives?feature_id=copy",
        body=archive,
        headers={"Content-Type": "application/x-tar"},
    )
    assert taken.status == 201
