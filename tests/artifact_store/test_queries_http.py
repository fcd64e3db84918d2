"""What stands in a query and is not taken is refused before anything is done, over real HTTP."""

from collections.abc import Iterator

import pytest
from tests.support.http import Http
from tests.support.servers import ServerProcess

NEW = {"feature_id": "hx", "path": "a.txt", "media_type": "text/plain", "text": "a"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run one store for the tests of this module."""
    folder = tmp_path_factory.mktemp("queries")
    settings = {"DATA_DIR": str(folder / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")
    server.start()
    yield Http(server.url)
    server.end()


def test_what_a_write_does_not_take(store: Http) -> None:
    """A parameter that a write does not take is 400 with what was meant, and nothing is done."""
    made = store.post("/v1/artifacts", NEW).data["artifact_id"]
    refused = store.send("DELETE", f"/v1/artifacts/{made}?dry_run=true")
    assert (refused.status, refused.error["details"][0]["field"]) == (400, "dry_run")
    assert store.get(f"/v1/artifacts/{made}").status == 200
    mistyped = store.post("/v1/artifacts?dryrun=true", {**NEW, "path": "b.txt"})
    assert mistyped.error["details"] == [
        {"field": "dryrun", "message": "is not taken here; did you mean `dry_run`?"}
    ]
    put = store.send("PUT", "/v1/features/hx/files/b.txt?dry_run=true", body=b"b")
    assert (put.status, put.error["details"][0]["field"]) == (400, "dry_run")
    assert [one["path"] for one in store.get("/v1/artifacts?feature_id=hx").data] == ["a.txt"]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("feature_id=one&feature_id=two", ["feature_id"]),
        ("feature_id=one&%66eature_id=two", ["feature_id"]),
        ("unknown=1&limit=1&more", ["unknown", "more"]),
        ("%ff=1", ["\ufffd"]),
        ("in_state=approved", ["in_state"]),
    ],
)
def test_queries_of_a_list(store: Http, query: str, fields: list[str]) -> None:
    """Each parameter that a list does not take, or has twice, is named."""
    refused = store.get(f"/v1/artifacts?{query}")
    assert refused.status == 400
    assert [detail["field"] for detail in refused.error["details"]] == fields


@pytest.mark.parametrize("query", ["", "%66eature_id=hx", "state=approved&&limit=1", "path=%20"])
def test_queries_that_are_taken(store: Http, query: str) -> None:
    """A parameter is known however its name is encoded, and gaps are nothing."""
    assert store.get(f"/v1/artifacts?{query}").status == 200


def test_what_may_be_there_often(store: Http) -> None:
    """A parameter that is a list may be there any number of times."""
    taken = store.get("/v1/events?type=version.created&type=version.imported&after=0")
    assert taken.status == 200
