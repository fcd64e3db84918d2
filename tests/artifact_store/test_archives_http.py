"""A feature goes out as one archive and comes in again, whole or not at all, over real HTTP."""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess

TAR = {"Content-Type": "application/x-tar"}
ZIP = {"Content-Type": "application/zip"}
VERSIONS = "manifest.json/artifacts/0/versions"
LARGE = bytes(range(256)) * 12_000  # 3 MB: read in pieces


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run one store with a feature for the tests of this module."""
    folder = tmp_path_factory.mktemp("archives")
    settings = {"DATA_DIR": str(folder / "data"), "MAX_ARCHIVE_BYTES": "8000000"}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")
    server.start()
    made = Http(server.url)
    journal = made.post(
        "/v1/journals",
        {"key": "session:one", "feature_id": "meals", "events": [{"type": "a", "data": {"n": 1}}]},
    ).data["id"]
    base = {"feature_id": "meals", "path": "design/backend.json", "media_type": "application/json"}
    made.post("/v1/artifacts", {**base, "text": '{"a": 1}', "label": "1.0.0"})
    made.post("/v1/artifacts", {**base, "text": '{"a": 2}', "session_id": journal})
    put = {"Content-Type": "application/octet-stream"}
    made.send("PUT", "/v1/features/meals/files/large.bin", body=LARGE, headers=put)
    yield made
    server.end()


def take(store: Http, archive: bytes, headers: dict[str, str], feature: str) -> Reply:
    """Import an archive as a feature."""
    return store.send("POST", f"/v1/archives?feature_id={feature}", body=archive, headers=headers)


def test_an_archive_with_a_key(store: Http) -> None:
    """An archive that is sent again with its key is taken once, and answered as it was then."""
    archive = store.get("/v1/features/meals/archive").body
    keyed = {**TAR, "Idempotency-Key": "archive-1"}
    first, again = (take(store, archive, keyed, "keyed") for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert again.data == first.data
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    other = store.get("/v1/features/meals/archive?format=zip").body
    reused = take(store, other, {**ZIP, "Idempotency-Key": "archive-1"}, "keyed")
    assert (reused.status, reused.error["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert take(store, archive, TAR, "keyed").status == 409


def manifest(archive: bytes) -> Any:
    """Read the manifest of a tar."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        return json.load(member)


@pytest.mark.parametrize(("form", "headers"), [("tar", TAR), ("zip", ZIP)])
def test_a_copy(store: Http, form: str, headers: dict[str, str]) -> None:
    """An exported feature, imported under another id, has the same versions and contents."""
    out = store.get(f"/v1/features/meals/archive?format={form}")
    assert out.headers["content-type"] == headers["Content-Type"]
    assert int(out.headers["content-length"]) == len(out.body)
    taken = take(store, out.body, headers, f"copy-{form}")
    assert taken.status == 201
    counts = [taken.data[name] for name in ("artifacts", "versions", "contents", "journals")]
    assert counts == [2, 3, 3, 0]
    copy = store.get(f"/v1/artifacts?feature_id=copy-{form}").data
    assert [artifact["path"] for artifact in copy] == ["design/backend.json", "large.bin"]
    assert {artifact["id"] for artifact in copy} == set(taken.data["ids"].values())
    versions = store.get(f"/v1/artifacts/{copy[0]['id']}/versions").data
    assert [(v["number"], v["label"]) for v in versions] == [(2, None), (1, "1.0.0")]
    assert store.get(f"/v1/features/copy-{form}/files/large.bin").body == LARGE
    found = store.get(f"/v1/search?q=2&feature_id=copy-{form}").data
    assert [hit["path"] for hit in found] == ["design/backend.json"]


@pytest.mark.slow
def test_to_another_store(store: Http, tmp_path: Path) -> None:
    """A feature that moves to another store keeps its id and takes its journals along."""
    out = store.get("/v1/features/meals/archive").body
    settings = {"DATA_DIR": str(tmp_path / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, tmp_path / "log")
    server.start()
    try:
        other = Http(server.url)
        taken = other.send("POST", "/v1/archives", body=out, headers=TAR)
        assert (taken.status, taken.data["journals"]) == (201, 1)
        (artifact, _) = other.get("/v1/artifacts?feature_id=meals").data
        session = artifact["latest"]["session_id"]
        assert session in taken.data["ids"].values()
        read = other.get(f"/v1/journals/{session}").data
        assert [event["data"] for event in read["events"]] == [{"n": 1}]
        assert other.get("/v1/audit/verify").data["intact"]
        again = other.send("POST", "/v1/archives", body=out, headers=TAR)
        assert again.status == 409
        once_more = other.get("/v1/features/meals/archive").body
        assert [a["versions"][-1]["digest"] for a in manifest(once_more)["artifacts"]] == [
            a["versions"][-1]["digest"] for a in manifest(out)["artifacts"]
        ]
    finally:
        server.end()


def test_not_over_what_is_there(store: Http) -> None:
    """An import into a feature that has artifacts is 409 and changes nothing."""
    archive = without_journals(store)
    before = store.get("/v1/features/meals/archive").body
    assert take(store, archive, TAR, "meals").status == 409
    assert manifest(store.get("/v1/features/meals/archive").body) | {"exported_at": ""} == (
        manifest(before) | {"exported_at": ""}
    )


def without_journals(store: Http, change: Callable[[Any], None] = lambda _: None) -> bytes:
    """Export the feature as a tar without its journals, its manifest changed."""
    archive = store.get("/v1/features/meals/archive").body
    said = manifest(archive) | {"journals": []}
    change(said)
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as old,
        tarfile.open(fileobj=out, mode="w") as new,
    ):
        for member in old:
            content = old.extractfile(member)
            data = content.read() if content is not None else b""
            if member.name == "manifest.json":
                data = json.dumps(said).encode()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return out.getvalue()


def rename(said: Any) -> None:
    """Name a content that the archive does not have."""
    said["artifacts"][0]["versions"][0]["digest"] = "sha256:" + "0" * 64


def grow(said: Any) -> None:
    """Say another size."""
    said["artifacts"][0]["versions"][0]["size"] += 1


def turn(said: Any) -> None:
    """Let numbers fall."""
    said["artifacts"][0]["versions"].reverse()


def escape(said: Any) -> None:
    """Let a path lead out."""
    said["artifacts"][0]["path"] = "../x"


def double(said: Any) -> None:
    """Name one path twice."""
    said["artifacts"][1]["path"] = said["artifacts"][0]["path"]


def of_version(field: str, value: object) -> Callable[[Any], None]:
    """Say something else of the last version of the first artifact."""

    def change(said: Any) -> None:
        said["artifacts"][0]["versions"][-1][field] = value

    return change


def approve_twice(said: Any) -> None:
    """Give one approval twice."""
    artifact = said["artifacts"][0]
    digest, at = artifact["versions"][0]["digest"], artifact["created_at"]
    artifact["approvals"] = [
        {"digest": digest, "approver": "ann", "note": "", "created_at": at}
    ] * 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (rename, f"blobs/sha256/00/{'0' * 64}"),
        (grow, None),
        (turn, "manifest.json/artifacts/0/versions/1/number"),
        (escape, "manifest.json/artifacts/0/path"),
        (double, "manifest.json/artifacts/1/path"),
        (lambda said: said.pop("feature_id"), "manifest.json"),
        (lambda said: said.update(format="other/1"), "manifest.json/format"),
        (lambda said: said.update(more=1), "manifest.json/more"),
        (of_version("created_at", "yesterday"), f"{VERSIONS}/1/created_at"),
        (of_version("created_at", "2026-01-31T17:00:00.000000+01:00"), f"{VERSIONS}/1/created_at"),
        (of_version("created_at", "9999-01-01T00:00:00.000000Z"), f"{VERSIONS}/1/created_at"),
        (of_version("created_at", "2001-01-01T00:00:00.000000Z"), f"{VERSIONS}/1/created_at"),
        (of_version("label", "latest"), f"{VERSIONS}/1/label"),
        (of_version("label", "7"), f"{VERSIONS}/1/label"),
        (of_version("number", 2**53), f"{VERSIONS}/1/number"),
        (of_version("number", 999_999_999_999_999), f"{VERSIONS}/1/number"),
        (of_version("author", "x\0"), f"{VERSIONS}/1/author"),
        (of_version("author", "x\x1b[31m"), f"{VERSIONS}/1/author"),
        (of_version("session_id", "x\0"), f"{VERSIONS}/1/session_id"),
        (approve_twice, "manifest.json/artifacts/0/approvals/1/approver"),
    ],
)  # fmt: skip
def test_manifests_that_lie(store: Http, change: Callable[[Any], None], field: str | None) -> None:
    """A manifest that does not fit its contents, or contradicts itself, is 400 with the place."""
    refused = take(store, without_journals(store, change), TAR, "lies")
    assert refused.status == 400
    fields = [detail["field"] for detail in refused.error["details"]]
    assert field in fields if field else fields[0].startswith("blobs/sha256/")
    assert store.get("/v1/artifacts?feature_id=lies").data == []


@pytest.mark.parametrize("name", ["extra.txt", "../../evil.txt", "manifest.json"])
def test_members_that_nothing_names(store: Http, name: str) -> None:
    """A member that the manifest does not name, or that is there twice, is 400 with its name."""
    out = io.BytesIO(without_journals(store))
    content = b"evil"
    if name == "manifest.json":
        content = json.dumps(manifest(out.getvalue())).encode()
    with tarfile.open(fileobj=out, mode="a") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    refused = take(store, out.getvalue(), TAR, "more")
    assert refused.status == 400
    assert [detail["field"] for detail in refused.error["details"]] == [name]


def test_room_for_more_versions(store: Http) -> None:
    """The highest number that is taken leaves room: its feature is written to, out and in again."""
    archive = without_journals(store, of_version("number", 100_000_000_000_000))
    assert take(store, archive, TAR, "high").status == 201
    new = {"feature_id": "high", "path": "design/backend.json", "media_type": "application/json"}
    written = store.post("/v1/artifacts", {**new, "text": '{"a": 3}'}).data
    assert written["number"] == 100_000_000_000_001
    assert store.get(f"/v1/artifacts/{written['artifact_id']}/versions/{written['number']}").data
    out = store.get("/v1/features/high/archive").body
    assert take(store, out, TAR, "high-again").status == 201


def test_events_as_deep_as_they_may_be(store: Http) -> None:
    """A journal whose events are as deep as a request may be comes in again as it went out."""
    deep: Any = 1
    for _ in range(60):
        deep = {"a": deep}
    event = {"type": "a", "data": {"at": '\\ "', "deep": deep}}
    made = {"key": "deep:one", "feature_id": "deep", "events": [event]}
    assert store.post("/v1/journals", made).status == 201
    out = store.get("/v1/features/deep/archive").body
    assert take(store, out, TAR, "deep-again").status == 201


def test_a_damaged_content(store: Http) -> None:
    """A flipped byte in a content is found, and nothing is imported."""
    archive = bytearray(without_journals(store))
    archive[archive.index(LARGE[:1000]) + 5] ^= 1
    refused = take(store, bytes(archive), TAR, "damaged")
    name = hashlib.sha256(LARGE).hexdigest()
    assert [detail["field"] for detail in refused.error["details"]] == [
        f"blobs/sha256/{name[:2]}/{name}"
    ]


def bomb() -> bytes:
    """Give a small zip whose manifest is half a gigabyte of spaces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 300_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("archive", "headers", "status"),
    [
        (b"", TAR, 400),
        (b"no archive", TAR, 400),
        (b"PK\x05\x06" + b"\0" * 18, ZIP, 400),
        (b"x" * 8_000_001, TAR, 413),
        (b"{}", {"Content-Type": "application/json"}, 415),
    ],
)
def test_what_is_no_archive(
    store: Http, archive: bytes, headers: dict[str, str], status: int
) -> None:
    """What is no archive, or is too large, is refused."""
    assert take(store, archive, headers, "nothing").status == status


@pytest.mark.slow
def test_a_bomb(store: Http) -> None:
    """An archive that unpacks to much more than it should is cut off and refused."""
    assert take(store, bomb(), ZIP, "bomb").status == 400


def test_no_such_feature(store: Http) -> None:
    """A feature that is not there has no archive."""
    assert store.get("/v1/features/none/archive").status == 404
