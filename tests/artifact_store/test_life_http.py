"""The life of artifacts and features over real HTTP: a real process, real files."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess

pytestmark = pytest.mark.slow
PRINCIPAL = "X_Quaestor_Principal"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run one store for the tests of this module."""
    folder = tmp_path_factory.mktemp("store")
    settings = {"DATA_DIR": str(folder / "data")}
    server = ServerProcess(
        "quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "store.log"
    )
    server.start()
    yield Http(server.url)
    server.end()


def version(feature: str, path: str = "a.md", text: str = "x", **changes: Any) -> dict[str, Any]:
    """Give the body of a version to create."""
    body = {"feature_id": feature, "path": path, "media_type": "text/markdown", "text": text}
    return {**body, **changes}


def made(store: Http, *arguments: Any, **changes: Any) -> tuple[str, dict[str, Any]]:
    """Create a version, and give the place of its artifact and the version."""
    reply = store.post("/v1/artifacts", version(*arguments, **changes))
    assert reply.status == 201, reply.body
    return reply.headers["location"].partition("/versions")[0], reply.data


def delete(store: Http, place: str, **headers: str) -> Reply:
    """Send a DELETE; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return store.send("DELETE", place, headers=named)


def test_delete_restore_purge(store: Http) -> None:
    """An artifact is deleted, shown where asked for, restored, purged, and then gone."""
    place, first = made(store, "life-a", text="one")
    assert delete(store, place, If_Match='"sha256:0"').status == 412
    assert delete(store, place, If_Match="7").status == 400
    etag = store.get(place).headers["etag"]
    assert etag == f'"{first["digest"]}"'
    deleted = delete(store, place, If_Match=etag)
    assert (deleted.status, deleted.data["state"]) == (200, "deleted")
    for address in ("", "/versions", "/versions/latest", "/versions/1/content", "/approvals"):
        reply = store.get(f"{place}{address}")
        assert (reply.status, reply.error["code"]) == (404, "NOT_FOUND")
        assert f"POST {place}/restorations" in reply.error["message"]
        assert reply.error["meta"]["deleted_at"] == deleted.data["deleted_at"]
    assert store.get(f"{place}?include=deleted").data["latest"]["number"] == 1
    assert store.get(f"{place}/versions/1?include=deleted").data["number"] == 1
    assert len(store.get(f"{place}/versions?include=deleted").data) == 1
    assert store.get(f"{place}?include=everything").status == 400
    assert store.get("/v1/artifacts?feature_id=life-a").data == []
    (shown,) = store.get("/v1/artifacts?feature_id=life-a&state=deleted").data
    assert shown == deleted.data
    restored = store.post(f"{place}/restorations", None)
    assert (restored.status, restored.data["state"]) == (200, "generated")
    assert store.get(f"{place}/versions/1/content").body == b"one"
    for wrong in ("restorations", "purges"):
        assert store.post(f"{place}/{wrong}", None).status == 409
    delete(store, place)
    again, _ = made(store, "life-a", text="two")
    taken = store.post(f"{place}/restorations", None)
    assert (taken.status, taken.error["meta"]["existing_id"]) == (409, again.rpartition("/")[2])
    purged = store.post(f"{place}/purges", None)
    assert (purged.status, purged.data["versions"], purged.data["last"]) == (200, 1, 1)
    for reply in (
        *(store.get(place), store.get(f"{place}?include=deleted"), delete(store, place)),
        *(store.get(f"{place}/versions/1"), store.get(f"{place}/versions/1/content")),
        *(store.post(f"{place}/purges", None), store.post(f"{place}/restorations", None)),
    ):
        assert (reply.status, reply.error["code"]) == (410, "GONE")
        assert reply.error["meta"] == {"purged_at": purged.data["purged_at"]}
    assert store.get(again).data["latest"]["number"] == 2


def test_features(store: Http) -> None:
    """A feature is listed with counts, deleted with all it holds, restored, purged, and gone."""
    place, _ = made(store, "life-b")
    made(store, "life-b", "b.md")
    journal = store.post("/v1/journals", {"key": "session:life-b", "feature_id": "life-b"})
    feature = "/v1/features/life-b"
    counted = store.get(feature).data
    assert (counted["state"], counted["artifacts"], counted["journals"]) == ("live", 2, 1)
    assert counted in store.get("/v1/features?limit=200").data
    assert delete(store, feature).data["state"] == "deleted"
    for address in (feature, place, journal.headers["location"], f"{feature}/files/a.md"):
        reply = store.get(address)
        assert reply.status == 404
        assert f"POST {feature}/restorations" in reply.error["message"], address
    refused = store.post("/v1/artifacts", version("life-b", "c.md"))
    assert (refused.status, refused.error["details"][0]["field"]) == (409, "/feature_id")
    assert f"POST {feature}/restorations" in refused.error["message"]
    event = {"expected_version": 0, "events": [{"type": "a", "data": {}}]}
    assert store.post(f"{journal.headers['location']}/events", event).status == 409
    assert "life-b" not in [f["feature_id"] for f in store.get("/v1/features?limit=200").data]
    (shown,) = store.get("/v1/features?state=deleted").data
    assert shown == store.get(f"{feature}?include=deleted").data
    assert store.post(f"{feature}/restorations", None).data == counted | {
        "updated_at": store.get(feature).data["updated_at"]
    }
    assert store.get(place).status == 200
    delete(store, feature)
    purged = store.post(f"{feature}/purges", None)
    counts = {name: purged.data[name] for name in ("artifacts", "versions", "journals")}
    assert (purged.status, counts) == (200, {"artifacts": 2, "versions": 2, "journals": 1})
    assert [store.get(address).status for address in (feature, place)] == [410, 410]
    assert store.get(journal.headers["location"]).status == 404
    assert store.post("/v1/artifacts", version("life-b")).status == 409
    assert store.get("/v1/features/NONE").status == store.get("/v1/features/none").status == 404


def test_approvals(store: Http) -> None:
    """What a version contains is approved by its digest, listed, found again, and withdrawn."""
    place, first = made(store, "life-c", text="one")
    made(store, "life-c", text="two")
    body = {"digest": first["digest"], "note": "as agreed"}
    late = store.post(f"{place}/versions/latest/approvals", body, **{PRINCIPAL: "ann"})
    assert (late.status, late.error["meta"]["current_version"]) == (412, 2)
    given = store.post(f"{place}/versions/1/approvals", body, **{PRINCIPAL: "ann"})
    assert (given.status, given.data["approver"], given.data["note"]) == (201, "ann", "as agreed")
    assert store.get(given.headers["location"]).data == given.data
    again = store.post(f"{place}/versions/1/approvals", body, **{PRINCIPAL: "ann"})
    assert (again.status, again.data["id"]) == (200, given.data["id"])
    store.post(f"{place}/versions/1/approvals", body, **{PRINCIPAL: "bob"})
    approved = store.get(f"{place}/versions/approved").data
    assert (approved["number"], approved["state"], approved["approvals"]) == (1, "approved", 2)
    latest = store.get(f"{place}/versions/latest").data
    assert (latest["state"], latest["approvals"]) == ("generated", 0)
    assert store.get(f"{place}/versions/approved/content").body == b"one"
    first_page = store.get(f"{place}/approvals?limit=1")
    link = first_page.headers["link"].partition("<")[2].partition(">")[0]
    people = [one["approver"] for one in (*first_page.data, *store.get(link).data)]
    assert people == ["bob", "ann"]
    assert len(store.get(f"{place}/versions/1/approvals").data) == 2
    assert store.get(f"{place}/versions/2/approvals").data == []
    gone = delete(store, given.headers["location"], **{PRINCIPAL: "cyd"})
    assert (gone.status, gone.data["withdrawn_by"]) == (200, "cyd")
    assert delete(store, given.headers["location"]).status == 404
    assert len(store.get(f"{place}/approvals").data) == 1
    assert len(store.get(f"{place}/approvals?include=withdrawn").data) == 2
    assert store.post(f"{place}/versions/1/approvals", {"digest": "x"}).status == 400


def test_expressions(store: Http) -> None:
    """A time names a version, percent-encoded or not; one that is none is 400 with its place."""
    place, first = made(store, "life-d", text="one")
    second = store.post("/v1/artifacts", version("life-d", text="two")).data
    for at, number in ((first["created_at"], 1), (second["created_at"], 2)):
        for written in (f"as-of:{at}", quote(f"as-of:{at}", safe="")):
            assert store.get(f"{place}/versions/{written}").data["number"] == number
            content = store.get(f"{place}/versions/{written}/content")
            assert (
                content.headers["etag"] == store.get(f"{place}/versions/{number}").headers["etag"]
            )
    assert store.get(f"{place}/versions/as-of:2001-01-01T00:00:00%2B01:00").status == 404
    for wrong in ("yesterday", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", ""):
        for address in ("", "/content", "/approvals"):
            reply = store.get(f"{place}/versions/as-of:{wrong}{address}")
            assert (reply.status, reply.error["details"][0]["field"]) == (400, "expression")
    assert store.get(f"{place}/versions/approved").status == 404
    for label in ("approved", "latest", "as-of:2026-01-01T00:00:00Z"):
        refused = store.post("/v1/artifacts", version("life-d", label=label))
        assert (refused.status, refused.error["details"][0]["field"]) == (400, "/label")


def test_counts(store: Http) -> None:
    """Versions and features are counted where that is asked for, as far as the filters go."""
    base = {"if_exists": "new_version"}
    for number in range(4):
        made(store, "life-count", "a.md", f"{number}", **base)
    (artifact,) = store.get("/v1/artifacts?feature_id=life-count").data
    versions = f"/v1/artifacts/{artifact['id']}/versions?limit=2"

    def total(address: str) -> int | None:
        found: int | None = store.get(address).json["meta"]["pagination"].get("total")
        return found

    assert total(versions) is None
    assert total(f"{versions}&count=true") == 4
    assert total(f"{versions}&count=true&state=approved") == 0
    assert total("/v1/features?limit=1") is None
    features = store.get("/v1/features?limit=200").data
    assert total("/v1/features?limit=1&count=true") == len(features) > 0
    assert total("/v1/features?state=deleted&count=true") == len(
        store.get("/v1/features?state=deleted&limit=200").data
    )


def test_lists(store: Http) -> None:
    """A list is filtered, sorted, counted when asked, and its cursor is good for it alone."""
    for number in range(5):
        made(store, "life-e", f"docs/{number}.md", f"{number}")
    made(store, "life-e", "other.json", "{}", media_type="application/json")
    base = "/v1/artifacts?feature_id=life-e"
    assert "total" not in store.get(base).json["meta"]["pagination"]
    assert store.get(f"{base}&count=true&limit=2").json["meta"]["pagination"]["total"] == 6
    by_path = [one["path"] for one in store.get(f"{base}&path_prefix=docs/&sort=-path").data]
    assert by_path == [f"docs/{number}.md" for number in (4, 3, 2, 1, 0)]
    (json,) = store.get(f"{base}&media_type=application/json").data
    since = quote(json["updated_at"])
    assert store.get(f"{base}&updated_since={since}&sort=updated_at").data == [json]
    assert len(store.get(f"{base}&updated_until={since}&author=anonymous").data) == 5
    newest = store.get(f"{base}&sort=-updated_at&limit=2")
    assert [one["path"] for one in newest.data] == ["other.json", "docs/4.md"]
    cursor = newest.json["meta"]["pagination"]["next"]
    rest = store.get(f"{base}&sort=-updated_at&limit=9&cursor={cursor}")
    assert [one["path"] for one in rest.data] == [f"docs/{number}.md" for number in (3, 2, 1, 0)]
    for other in ("&sort=updated_at", "&sort=-updated_at&path_prefix=docs", ""):
        refused = store.get(f"{base}{other}&cursor={cursor}")
        assert (refused.status, refused.error["details"][0]["field"]) == (400, "cursor")
    for wrong, field in (
        ("sort=size", "sort"),
        ("state=live", "state"),
        ("updated_since=now", "updated_since"),
        ("author=%00", "author"),
        ("path_prefix=%00", "path_prefix"),
        ("count=perhaps", "count"),
    ):
        refused = store.get(f"{base}&{wrong}")
        assert (refused.status, refused.error["details"][0]["field"]) == (400, field)


def test_lists_of_versions(store: Http) -> None:
    """Versions are listed up or down, by label, author, state and time."""
    place, _ = made(store, "life-f", text="0", label="1.0.0")
    for number in range(1, 5):
        label = {"label": f"2.{number}.0"} if number % 2 else {}
        store.post("/v1/artifacts", version("life-f", text=f"{number}", **label))
    versions = f"{place}/versions"
    assert [v["number"] for v in store.get(versions).data] == [5, 4, 3, 2, 1]
    first = store.get(f"{versions}?sort=number&limit=3")
    link = first.headers["link"].partition("<")[2].partition(">")[0]
    assert [v["number"] for v in (*first.data, *store.get(link).data)] == [1, 2, 3, 4, 5]
    assert [v["number"] for v in store.get(f"{versions}?label_prefix=2.").data] == [4, 2]
    assert store.get(f"{versions}?state=approved").data == []
    since = quote(store.get(f"{versions}/4").data["created_at"])
    assert [v["number"] for v in store.get(f"{versions}?since={since}").data] == [5, 4]
    cursor = first.json["meta"]["pagination"]["next"]
    assert store.get(f"{versions}?cursor={cursor}").status == 400


def test_batches(store: Http) -> None:
    """A batch is 201 as a whole, its first error with nothing written, or 207 with each result."""
    good, bad = version("life-g"), version("life-g", "../b.md")
    whole = store.post("/v1/batches", {"versions": [good, version("life-g", "b.md")]})
    assert (whole.status, [item["status"] for item in whole.data["items"]]) == (201, [201, 201])
    assert store.post("/v1/batches", {"versions": [good]}).status == 200
    refused = store.post("/v1/batches", {"versions": [version("life-g", "c.md"), bad]})
    assert (refused.status, refused.error["details"][0]["field"]) == (400, "/versions/1/path")
    exists = version("life-g", if_exists="fail")
    refused = store.post("/v1/batches", {"versions": [version("life-g", "c.md"), exists]})
    assert (refused.status, refused.error["details"][0]["field"]) == (409, "/versions/1/path")
    assert len(store.get("/v1/artifacts?feature_id=life-g").data) == 2
    body = {"versions": [version("life-g", "c.md"), bad, exists, good], "atomic": False}
    each = store.post("/v1/batches", body)
    assert (each.status, [item["status"] for item in each.data["items"]]) == (
        *(207, [201, 400, 409, 200]),
    )
    error = each.data["items"][2]["error"]
    assert (error["code"], error["correlation_id"]) == (
        *("CONFLICT", each.headers["x-correlation-id"]),
    )
    wrongs: list[list[dict[str, Any]]] = [[], [good] * 101, [{}]]
    for wrong in wrongs:
        assert store.post("/v1/batches", {"versions": wrong}).status == 400


def test_dry_runs(store: Http) -> None:
    """A dry run answers as the write would, says that it is one, and writes nothing."""
    body = version("life-h", text="dry")
    for path, sent in (
        ("/v1/artifacts", body),
        ("/v1/batches", {"versions": [body]}),
        ("/v1/commits", {"versions": [body]}),
    ):
        dry = store.post(f"{path}?dry_run=true", sent)
        assert (dry.status, dry.json["meta"]["dry_run"]) == (201, True)
        assert "location" not in dry.headers
    digest = store.post("/v1/artifacts?dry_run=true", body).data["digest"]
    assert store.get("/v1/features/life-h").status == 404
    assert store.get(f"/v1/blobs/{digest}").status == 404
    assert store.get("/v1/audit?feature_id=life-h").data == []
    place, real = made(store, "life-h", text="dry")
    found = store.post("/v1/artifacts?dry_run=true", body)
    assert (found.status, found.data) == (200, real | {"created": False})
    following = store.post("/v1/artifacts?dry_run=true", version("life-h", text="next"))
    assert (following.status, following.data["number"]) == (201, 2)
    refused = store.post("/v1/artifacts?dry_run=true", version("life-h", if_exists="fail"))
    assert refused.status == 409
    assert store.get(place).data["latest"] == real
    key = {"Idempotency_Key": "dry-1"}
    store.post("/v1/artifacts?dry_run=true", version("life-h", text="next"), **key)
    assert store.post("/v1/artifacts", version("life-h", text="next"), **key).status == 201


def at_once(store: Http, bodies: list[dict[str, Any]]) -> list[Reply]:
    """Send creates from as many clients at once."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda body: store.post("/v1/artifacts", body), bodies))


def test_many_clients_at_one_path(store: Http) -> None:
    """Of 64 clients that create at one path under `fail` one succeeds, and all others know who."""
    replies = at_once(store, [version("life-i", text=f"{n}", if_exists="fail") for n in range(64)])
    (created,) = (reply for reply in replies if reply.status == 201)
    refused = [reply for reply in replies if reply.status == 409]
    assert len(refused) == 63
    assert {reply.error["meta"]["existing_id"] for reply in refused} == {
        created.data["artifact_id"]
    }


def test_many_new_versions_at_one_path(store: Http) -> None:
    """64 clients that add a version at one path get the numbers 1 to 64, each its own."""
    bodies = [version("life-j", text=f"{n}", if_exists="new_version") for n in range(64)]
    replies = at_once(store, bodies)
    assert {reply.status for reply in replies} == {201}
    assert sorted(reply.data["number"] for reply in replies) == list(range(1, 65))
    place = replies[0].headers["location"].partition("/versions")[0]
    for body, reply in list(zip(bodies, replies, strict=True))[::9]:
        content = store.get(f"{place}/versions/{reply.data['number']}/content")
        assert content.body.decode() == body["text"]


def test_many_clients_find_one_version(store: Http) -> None:
    """64 clients that want one content at one path get one version, which one of them made."""
    bodies = [version("life-k", if_exists="find_or_new_version")] * 64
    replies = at_once(store, bodies)
    assert sorted(reply.status for reply in replies) == [200] * 63 + [201]
    assert len({reply.data["id"] for reply in replies}) == 1
