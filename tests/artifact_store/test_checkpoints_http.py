"""Checkpoints over real HTTP."""

from pathlib import Path

from tests.support.http import Http
from tests.support.servers import ServerProcess


def test_checkpoints(tmp_path: Path) -> None:
    """A checkpoint is made, listed, read, gone back to, and forgotten."""
    settings = {"DATA_DIR": str(tmp_path / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, tmp_path / "log")
    server.start()
    try:
        store = Http(server.url)
        body = {"feature_id": "ff", "path": "a.txt", "media_type": "text/plain"}
        store.post("/v1/artifacts", {**body, "text": "one"})
        place = "/v1/features/ff/checkpoints"
        made = store.post(place, {"name": "start", "note": "before the review"})
        assert (made.status, made.headers["location"]) == (201, f"{place}/start")
        again = store.post(place, {"name": "start"})
        assert (again.status, again.error["details"][0]["field"]) == (409, "/name")
        store.post("/v1/artifacts", {**body, "text": "two"})
        read = store.get(f"{place}/start").data
        assert (read["note"], [item["number"] for item in read["items"]]) == (
            *("before the review",),
            [1],
        )
        done = store.post(f"{place}/start/restorations", {}, Idempotency_Key="k").data
        assert [item["action"] for item in done["items"]] == ["new_version"]
        replayed = store.post(f"{place}/start/restorations", {}, Idempotency_Key="k")
        assert (replayed.headers["idempotency-replayed"], replayed.data) == ("true", done)
        assert store.get("/v1/features/ff/files/a.txt").body == b"one"
        assert [one["name"] for one in store.get(place).data] == [done["undo"], "start"]
        assert store.send("DELETE", f"{place}/start").status == 200
        assert store.get(f"{place}/start").status == 404
        assert store.get("/v1/features/none/checkpoints").status == 404
        bad = store.post(place, {"name": "a b"})
        assert (bad.status, bad.error["details"][0]["field"]) == (400, "/name")
    finally:
        server.end()
