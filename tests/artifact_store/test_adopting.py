"""A store that an older version made is opened by this one: nothing of it is lost or unfindable."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.databases import KINDS, connected, place_for
from tests.support.http import Http
from tests.support.serving import serving

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.settings import Settings

BASE = {"feature_id": "meals", "media_type": "text/markdown", "if_exists": "new_version"}


def settings(place: str, folder: Path) -> Settings:
    """Give the settings of a store whose database is at a place."""
    return Settings(data_dir=str(folder), database_url=place if "://" in place else "")


def write(store: Http, path: str, text: str) -> None:
    """Write a version."""
    assert store.post("/v1/artifacts", {**BASE, "path": path, "text": text}).status == 201


def found(store: Http, query: str) -> list[tuple[str, int]]:
    """Search, and give the path and the number of each version."""
    hits = store.get(f"/v1/search?{query}").data
    return sorted((hit["path"], hit["number"]) for hit in hits)


def soon(look: Callable[[], Any], wanted: Any) -> None:
    """Wait until a look gives what is wanted."""
    deadline = time.monotonic() + 20
    while (seen := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    assert seen == wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [1, 2])
def test_versions_of_an_older_schema(kind: str, keep: int, tmp_path: Path) -> None:
    """What an older schema had is found by words and stands in an audit whose chain holds."""
    place = place_for(kind, tmp_path)
    with serving(create_app(settings(place, tmp_path))) as url:
        store = Http(url)
        for path, text in (("a.md", "wildebeest"), ("b.md", "gnu"), ("a.md", "wildebeest again")):
            write(store, path, text)
    with connected(place) as (_, schema):
        schema.down(keep)
    with serving(create_app(settings(place, tmp_path))) as url:
        store = Http(url)
        write(store, "b.md", "gnu and antelope")
        soon(lambda: found(store, "q=wildebeest"), [("a.md", 2)])
        soon(lambda: found(store, "q=gnu"), [("b.md", 2)])
        assert found(store, "q=wildebeest&history=true") == [("a.md", 1), ("a.md", 2)]
        assert found(store, "q=gnu&history=true") == [("b.md", 1), ("b.md", 2)]
        assert found(store, "feature_id=meals") == [("a.md", 2), ("b.md", 2)]
        audit = store.get("/v1/audit?type=version.adopted").data
        assert sorted((one["data"]["path"], one["data"]["number"]) for one in audit) == [
            *(("a.md", 1), ("a.md", 2), ("b.md", 1)),
        ]
        assert {one["actor"] for one in audit} == {"artifact-store:upgrade"}
        assert store.get("/v1/audit/verify").data["intact"] is True
    with connected(place) as (connection, _):
        assert connection.execute("SELECT * FROM unindexed").fetchall() == []


def test_contents_that_lie_deeper(tmp_path: Path) -> None:
    """Contents in the two levels of folders that the first version made are served as before."""
    blobs = tmp_path / "blobs"
    with serving(create_app(Settings(data_dir=str(tmp_path)))) as url:
        write(Http(url), "a.md", "what was decided")
    (blobs / ".unfinished").rmdir()
    (kept,) = (file for file in blobs.glob("??/*") if len(file.name) == 64)
    deeper = kept.parent / kept.name[2:4]
    deeper.mkdir()
    shutil.move(kept, deeper / kept.name)
    with serving(create_app(Settings(data_dir=str(tmp_path)))) as url:
        assert Http(url).get("/v1/features/meals/files/a.md").body == b"what was decided"
    assert kept.exists()
    assert not deeper.exists()
