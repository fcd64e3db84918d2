"""Search over HTTP: a real process, its places, snippets, filters and pages."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess

DESIGN = """{"entities": [{"name": "UserProfile", "fields": ["email text"]}, {"name": "MealPlan"}],
 "apis": {"internal": [{"name": "Plans & <b>meals</b>", "sla": "p95 < 200ms"}]}}"""
DOCUMENT = "# Title\n\nintro\n\n## Meals\n\nA meal of the *Crème brûlée* kind.\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run one store with two artifacts for the tests of this module."""
    folder = tmp_path_factory.mktemp("search")
    settings = {"DATA_DIR": str(folder / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")
    server.start()
    made = Http(server.url)
    write(made, "design/backend.json", DESIGN, "application/json")
    write(made, "design/docs/meals.md", DOCUMENT, "text/markdown; charset=utf-8")
    yield made
    server.end()


def write(store: Http, path: str, text: str, media_type: str, feature: str = "meal-v1") -> None:
    """Write a version."""
    body = {"feature_id": feature, "path": path, "text": text, "media_type": media_type}
    assert store.post("/v1/artifacts", body).status == 201


def search(store: Http, **asked: Any) -> Reply:
    """Search."""
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in asked.items())
    return store.get(f"/v1/search?{query}")


def paths(reply: Reply) -> list[str]:
    """Give the paths that were found."""
    return [hit["path"] for hit in reply.data]


def test_places_in_json(store: Http) -> None:
    """A hit in JSON names the pointers where the words stand, with marked and escaped snippets."""
    (hit,) = search(store, q="meals", media_type="application/json").data
    (place,) = hit["places"]
    assert place["pointer"] == "/apis/internal/0/name"
    assert place["snippet"] == "name: Plans & <b>meals</b>"
    assert [place["snippet"][a:b] for a, b in place["highlights"]] == ["meals"]
    assert place["html"] == "name: Plans &amp; &lt;b&gt;<mark>meals</mark>&lt;/b&gt;"
    assert hit["number"] == 1
    assert hit["score"] < 0


def test_places_in_markdown(store: Http) -> None:
    """A hit in Markdown names the heading above and the line, whatever the accents."""
    (hit,) = search(store, q="creme BRULEE").data
    (place,) = hit["places"]
    assert (place["heading"], place["line"]) == ("Meals", 7)
    assert place["html"].count("<mark>") == 2


@pytest.mark.parametrize(
    ("query", "pointer", "found"),
    [
        ("mealplan", "/entities", True),
        ("mealplan", "/entities/1", True),
        ("mealplan", "/entities/1/name", True),
        ("mealplan", "/entities/0", False),
        ("mealplan", "/apis", False),
        ("email mealplan", "/entities", True),
        ("email plans", "/entities", False),
        ("email -plans", "/entities", True),
        ("", "/entities/0/fields", True),
        ("", "/entities/7", False),
        ("200ms", "/apis/internal/0/sla", True),
        ("200ms", "/api", False),
    ],
)
def test_pointers(store: Http, query: str, pointer: str, found: bool) -> None:  # noqa: FBT001
    """With a pointer the words have to stand there or below it, all of them."""
    reply = search(store, q=query, pointer=pointer)
    assert paths(reply) == ["design/backend.json"] * found
    if found:
        places = reply.data[0]["places"]
        assert all(place["pointer"].startswith(pointer) for place in places)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"folder": "design/docs"}, ["design/docs/meals.md"]),
        ({"folder": "design/"}, ["design/docs/meals.md", "design/backend.json"]),
        ({"path": "design/backend.json"}, ["design/backend.json"]),
        ({"media_type": "text/markdown"}, ["design/docs/meals.md"]),
        ({"feature_id": "other"}, []),
        ({"author": "anonymous", "q": "intro"}, ["design/docs/meals.md"]),
        ({"since": "2026-01-01T00:00:00Z", "q": "intro"}, ["design/docs/meals.md"]),
        ({"until": "2026-01-01T02:00:00+02:00"}, []),
        ({"state": "approved"}, []),
        ({"state": "generated", "q": "intro"}, ["design/docs/meals.md"]),
    ],
)
def test_filters(store: Http, asked: dict[str, str], found: list[str]) -> None:
    """Filters work alone, the newest first, and with words."""
    assert paths(search(store, **{"feature_id": "meal-v1", **asked})) == found


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"q": "-only"}, "q"),
        ({"q": "x" * 1001}, "q"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-01-01T00:00:00"}, "until"),
        ({"pointer": "entities"}, "pointer"),
        ({"pointer": "/a~2"}, "pointer"),
        ({"state": "new"}, "state"),
        ({"cursor": "WzFd"}, "cursor"),
        ({"limit": 0}, "limit"),
    ],
)
def test_what_cannot_be_asked(store: Http, asked: dict[str, Any], field: str) -> None:
    """A search that cannot be made is 400 with the parameter's name."""
    reply = search(store, **asked)
    assert reply.status == 400
    assert [detail["field"] for detail in reply.error["details"]] == [field]


@pytest.mark.parametrize("query", ["paged", ""])
def test_pages(store: Http, query: str) -> None:
    """Every page names the next, and what was written after the first is on none of them."""
    feature = f"paged-{query or 'all'}"
    for number in range(5):
        write(store, f"{number}.txt", "paged " * (number + 1), "text/plain", feature)
    page = search(store, q=query, feature_id=feature, limit=2)
    write(store, "late.txt", "paged", "text/plain", feature)
    seen = paths(page)
    while "link" in page.headers:
        page = store.get(page.headers["link"].partition("<")[2].partition(">")[0])
        seen += paths(page)
    assert sorted(seen) == [f"{number}.txt" for number in range(5)]


def test_a_cursor_of_another_search(store: Http) -> None:
    """A cursor is good for the search that gave it, and for no other."""
    for number in range(3):
        write(store, f"cursor/{number}.md", f"# Okapi {number}", "text/markdown", "cursors")
    first = search(store, q="okapi", limit=1)
    cursor = first.json["meta"]["pagination"]["next"]
    assert search(store, q="okapi", limit=1, cursor=cursor).status == 200
    for other in ({"q": "zebra"}, {"q": "okapi", "feature_id": "cursors"}):
        refused = search(store, limit=1, cursor=cursor, **other)
        assert refused.status == 400
        assert [detail["field"] for detail in refused.error["details"]] == ["cursor"]


def test_places_of_a_phrase(store: Http) -> None:
    """Of a phrase the places are shown where its words stand in a row."""
    text = "# Tapir\n\nThe MealTapir has days.\n\nA meal tapir plans.\n"
    write(store, "phrase.md", text, "text/markdown")
    (hit,) = search(store, q='"meal tapir plans"').data
    assert [place["snippet"] for place in hit["places"]] == ["A meal tapir plans."]
