"""The store as its callers see it: a real process, real HTTP, real files."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.support.databases import KINDS, place_for
from tests.support.http import Http
from tests.support.servers import ServerProcess

NOWHERE = "019a0000-0000-7000-8000-000000000000"


def start(folder: Path, kind: str = "sqlite") -> ServerProcess:
    """Start a store on a folder, its rows in a kind of database."""
    settings = {"DATA_DIR": str(folder / "data"), "MAX_BODY_BYTES": "2000000"}
    if kind != "sqlite":
        settings["DATABASE_URL"] = place_for(kind, folder)
    server = ServerProcess(
        "quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "store.log"
    )
    server.start()
    return server


@pytest.fixture(scope="module", params=KINDS)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Http]:
    """Run one store on each kind of database for the tests of this module."""
    server = start(tmp_path_factory.mktemp("store"), request.param)
    yield Http(server.url)
    server.end()


def version(**changes: Any) -> dict[str, Any]:
    """Give the body of a version to create."""
    return {
        "feature_id": "meal-planner-v1",
        "path": "design/backend.json",
        "media_type": "application/json",
        "text": "{}",
        **changes,
    }


def test_create_and_read(store: Http) -> None:
    """A version is created with 201, found with 200, and read by number, label and `latest`."""
    body = version(path="a.json", label="1.0.0")
    made = store.post("/v1/artifacts", body)
    assert made.status == 201
    place = made.headers["location"]
    assert made.headers["etag"] == f'"{made.data["digest"]}"'
    assert store.post("/v1/artifacts", version(path="a.json")).status == 200
    for expression in ("1", "1.0.0", "latest"):
        read = store.get(f"{place.rpartition('/')[0]}/{expression}")
        assert read.data["number"] == 1
        assert read.data["author"] == "anonymous"
    assert store.get(place.rpartition("/versions")[0]).data["path"] == "a.json"


def test_content(store: Http) -> None:
    """A content is served as it was sent, with its type, a strong tag, and 304 for who has it."""
    media_type = "text/markdown; charset=iso-8859-1"
    made = store.post("/v1/artifacts", version(path="b.md", media_type=media_type, text="# Ü\r\n"))
    place, digest = f"{made.headers['location']}/content", made.data["digest"]
    for path in (place, f"/v1/blobs/{digest}"):
        read = store.get(path)
        assert read.body == "# Ü\r\n".encode()
        assert read.headers["content-type"] == media_type
        assert read.headers["etag"] == f'"{digest}"'
        assert read.headers["x-content-type-options"] == "nosniff"
        for tag in (f'"{digest}"', f'W/"{digest}"', f'"x", "{digest}"', "*"):
            known = store.get(path, If_None_Match=tag)
            assert (known.status, known.body) == (304, b"")
        assert store.get(path, If_None_Match='"sha256:0"').status == 200
        head = store.send("HEAD", path)
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", f'"{digest}"')
        assert head.headers["content-length"] == str(len(read.body))
        assert head.headers["content-type"] == media_type
        known = store.send("HEAD", path, headers={"If-None-Match": f'"{digest}"'})
        assert (known.status, known.headers["etag"]) == (304, f'"{digest}"')


def test_binary_content(store: Http) -> None:
    """Bytes are sent as base64, and are offered for download, not for display."""
    made = store.post(
        "/v1/artifacts", version(path='c/ü".bin', media_type="image/png", text=None, base64="AP8=")
    )
    read = store.get(f"{made.headers['location']}/content")
    assert read.body == b"\x00\xff"
    assert read.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%BC%22.bin"
    blob = store.get(f"/v1/blobs/{made.data['digest']}")
    assert blob.headers["content-disposition"] == "attachment"


def test_if_exists(store: Http) -> None:
    """`fail` is 409 for what is there; an outdated `expected_version` is 412 with the current."""
    store.post("/v1/artifacts", version(path="d.json"))
    refused = store.post("/v1/artifacts", version(path="d.json", if_exists="fail"))
    assert (refused.status, refused.error["meta"]["current_version"]) == (409, 1)
    late = store.post("/v1/artifacts", version(path="d.json", text="[]", expected_version=0))
    assert (late.status, late.error["meta"]["current_version"]) == (412, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"path": "../x"}, "/path"),
        ({"path": "a/./b"}, "/path"),
        ({"path": "/etc/passwd"}, "/path"),
        ({"path": "a//b"}, "/path"),
        ({"path": "a\\b"}, "/path"),
        ({"path": "a\nb"}, "/path"),
        ({"path": "x" * 501}, "/path"),
        ({"media_type": "text"}, "/media_type"),
        ({"media_type": "text/html\r\nx: y"}, "/media_type"),
        ({"label": "latest"}, "/label"),
        ({"label": "7"}, "/label"),
        ({"label": "a b"}, "/label"),
        ({"text": None}, ""),
        ({"base64": "AA=="}, ""),
        ({"base64": "?", "text": None}, "/base64"),
        ({"feature_id": "A"}, "/feature_id"),
        ({"expected_version": -1}, "/expected_version"),
    ],
)
def test_bad_versions(store: Http, changes: dict[str, Any], field: str) -> None:
    """A version that cannot be kept as it was sent is 400 with the place."""
    reply = store.post("/v1/artifacts", version(**changes))
    assert reply.status == 400
    assert field in [detail["field"] for detail in reply.error["details"]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/v1/artifacts/{NOWHERE}", 404),
        ("/v1/artifacts/x", 404),
        (f"/v1/artifacts/{NOWHERE}/versions/latest", 404),
        (f"/v1/artifacts/{NOWHERE}/versions/999999999999999999999", 404),
        (f"/v1/artifacts/{NOWHERE}/versions/%00", 404),
        ("/v1/blobs/sha256:0", 404),
        ("/v1/blobs/..%2f..%2fetc", 404),
        ("/v1/journals/x", 404),
        (f"/v1/journals/{NOWHERE}?after=-1", 400),
        (f"/v1/journals/{NOWHERE}?after=99999999999999999999", 400),
        ("/v1/journals", 400),
        ("/v1/artifacts?limit=0", 400),
        ("/v1/artifacts?cursor=WzEsMl0", 400),
        ("/v1/artifacts?cursor=%00", 400),
        ("/v1/artifacts?feature_id=%00", 400),
        ("/v1/artifacts?path=%00", 400),
        ("/v1/artifacts?path=a%00b", 400),
        ("/v1/artifacts?%00=a", 400),
        ("/v1/artifacts/%00", 404),
        ("/v1/blobs/sha256:%00", 404),
        ("/v1/journals?kind=%00", 400),
        ("/v1/search?q=%00", 400),
        ("/v1/audit?actor=%00", 400),
    ],
)
def test_bad_addresses(store: Http, path: str, status: int) -> None:
    """What names nothing is 404, and what cannot be read is 400; nothing is 500."""
    reply = store.get(path)
    assert reply.status == status
    assert reply.error["code"]


@pytest.mark.parametrize(
    "address",
    [
        "/v1/artifacts?path={}",
        "/v1/artifacts?cursor={}",
        "/v1/journals?kind={}",
        "/v1/search?q={}",
        "/v1/search?q=a&author={}",
        "/v1/audit?actor={}",
        "/v1/audit?subject={}",
        f"/v1/artifacts/{NOWHERE}/versions/{{}}",
        "/v1/blobs/{}",
    ],
)
@pytest.mark.parametrize(
    "odd",
    ["%FF", "%ED%A0%80", "%C0%80", "%EF%BF%BF", "%F4%8F%BF%BF", "%27%22%5C%3F%25", "'"],
)
def test_odd_texts(store: Http, address: str, odd: str) -> None:
    """A text that is hardly one is looked for and not found, or refused; it breaks nothing."""
    reply = store.get(address.format(odd))
    assert reply.status in (200, 400, 404), reply.body
    if reply.status == 200:
        assert list(reply.data) == []


@pytest.mark.parametrize(
    "event",
    [
        r'{"type": "a\u0000", "data": {}}',
        r'{"type": "a", "data": {"a": "\u0000"}}',
        r'{"type": "a", "data": {"\u0000": 1}}',
        r'{"type": "a", "data": {"a": ["\ud800"]}}',
        r'{"type": "\udfff", "data": {}}',
    ],
)
def test_texts_that_are_none(store: Http, event: str) -> None:
    """NUL and half a surrogate pair are 400 on every database, wherever they stand in a body."""
    body = f'{{"key": "session:nul", "feature_id": "nul", "events": [{event}]}}'.encode()
    headers = {"Content-Type": "application/json"}
    reply = store.send("POST", "/v1/journals", body=body, headers=headers)
    assert (reply.status, reply.error["code"]) == (400, "MALFORMED_BODY")


def test_any_other_text_comes_back(store: Http) -> None:
    """Every other character is kept as it is, in events as in contents."""
    odd = "".join(
        map(chr, [*range(1, 32), 0x7F, 0x85, 0xA0, 0x2028, 0xFEFF, 0xFFFE, 0xFFFF, 0x10FFFF])
    )
    event = {"type": odd, "data": {odd: [odd, {"n": 2**53}]}}
    made = store.post("/v1/journals", {"key": f"odd:{odd}", "feature_id": "odd", "events": [event]})
    read = store.get(made.headers["location"]).data
    assert read["key"] == f"odd:{odd}"
    assert (read["events"][0]["type"], read["events"][0]["data"]) == (odd, event["data"])
    kept = store.post("/v1/artifacts", version(path="odd.txt", text=odd))
    assert store.get(f"{kept.headers['location']}/content").body == odd.encode()


def test_journals(store: Http) -> None:
    """A journal is created, appended to under its version, read after a position, and deleted."""
    create = {"key": "session:j", "feature_id": "jj", "events": [{"type": "a", "data": {"n": 1}}]}
    made = store.post("/v1/journals", create)
    assert (made.status, made.headers["etag"]) == (201, '"1"')
    place = made.headers["location"]
    again = store.post("/v1/journals", create)
    assert (again.status, again.error["meta"]["existing_id"]) == (409, made.data["id"])
    more = {"expected_version": 1, "events": [{"type": "b", "data": {}}]}
    assert store.post(f"{place}/events", more).data["version"] == 2
    late = store.post(f"{place}/events", more)
    assert (late.status, late.error["meta"]["current_version"]) == (412, 2)
    read = store.get(f"{place}?after=1")
    assert [(e["version"], e["type"]) for e in read.data["events"]] == [(2, "b")]
    assert store.send("DELETE", place, headers={"If-Match": '"1"'}).status == 412
    assert store.send("DELETE", place, headers={"If-Match": '"2"'}).status == 200
    assert store.get(place).status == 404


@pytest.mark.parametrize("expected", [2**53, 2**63 - 1, 2**63, 10**30])
def test_versions_that_no_journal_has(store: Http, expected: int) -> None:
    """An expected version beyond what the database can hold is 412 like any other wrong one."""
    made = store.post("/v1/journals", {"key": f"session:{expected}", "feature_id": "huge"})
    body = {"expected_version": expected, "events": [{"type": "a", "data": {}}]}
    late = store.post(f"{made.headers['location']}/events", body)
    assert (late.status, late.error["meta"]["current_version"]) == (412, 0)


def test_lists_of_a_path(store: Http) -> None:
    """A path alone finds its artifacts in every feature, and no other, page by page."""
    for feature in ("path-a", "path-b", "path-c"):
        store.post("/v1/artifacts", version(feature_id=feature, path="wanted.md"))
        store.post("/v1/artifacts", version(feature_id=feature, path="unwanted.md"))
    first = store.get("/v1/artifacts?path=wanted.md&limit=2")
    rest = store.get(first.headers["link"].partition("<")[2].partition(">")[0])
    found = [(one["feature_id"], one["path"]) for one in [*first.data, *rest.data]]
    assert found == [(feature, "wanted.md") for feature in ("path-a", "path-b", "path-c")]


def test_pages(store: Http) -> None:
    """Every page names the next one, in `meta` and in `Link`, until the last."""
    for number in range(5):
        store.post("/v1/journals", {"key": f"paged:{number}", "feature_id": "paged"})
    seen: list[str] = []
    path: str | None = "/v1/journals?kind=paged&limit=2"
    while path is not None:
        page = store.get(path)
        seen += [journal["key"] for journal in page.data]
        link = page.headers.get("link")
        assert (link is None) == (page.json["meta"]["pagination"]["next"] is None)
        path = link.partition("<")[2].partition(">")[0] if link else None
    assert seen == [f"paged:{number}" for number in (4, 3, 2, 1, 0)]


def test_too_large(store: Http) -> None:
    """A body over the limit is 413."""
    assert store.post("/v1/artifacts", version(text="x" * 2_100_000)).status == 413


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_acknowledged_is_lost(kind: str, tmp_path: Path) -> None:
    """What was acknowledged before SIGKILL is whole after it, while others were writing."""
    server = start(tmp_path, kind)
    store = Http(server.url)
    made = store.post("/v1/journals", {"key": "session:k", "feature_id": "kk"})
    place = made.headers["location"]
    acknowledged: list[dict[str, Any]] = []

    def write(number: int) -> None:
        try:
            reply = store.post(
                "/v1/artifacts", version(path=f"{number}.txt", text=f"text {number}")
            )
        except (OSError, HTTPException):
            return  # killed in between: never acknowledged
        if reply.status == 201:
            acknowledged.append(reply.data)
        if len(acknowledged) == 30:
            server.end(signal.SIGKILL)

    for number in range(10):
        body = {"expected_version": number, "events": [{"type": "n", "data": {"n": number}}]}
        assert store.post(f"{place}/events", body).status == 201
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(60)))
    assert len(acknowledged) >= 30
    server.start()
    assert store.get(place).data["version"] == 10
    for kept in acknowledged:
        content = store.get(f"/v1/artifacts/{kept['artifact_id']}/versions/1/content")
        assert content.body.decode() == f"text {kept['path'].removesuffix('.txt')}"
    server.end()


def test_damaged_content_is_not_served(tmp_path: Path) -> None:
    """A flipped byte on disk makes the content unavailable, in the error shape, and is logged."""
    server = start(tmp_path)
    store = Http(server.url)
    made = store.post("/v1/artifacts", version(text="right"))
    (blob,) = (file for file in (tmp_path / "data" / "blobs").rglob("*") if file.is_file())
    blob.write_bytes(b"wrong")
    reply = store.get(f"{made.headers['location']}/content")
    assert reply.status == 503
    assert "damaged" in reply.error["message"]
    server.end()
    assert "blob damaged" in (tmp_path / "store.log").read_text()


def test_missing_content_is_no_404(tmp_path: Path) -> None:
    """A content that was acknowledged and is gone is our failure, and is logged."""
    server = start(tmp_path)
    try:
        store = Http(server.url)
        made = store.post("/v1/artifacts", version(text="was here"))
        (blob,) = (file for file in (tmp_path / "data" / "blobs").rglob("*") if file.is_file())
        blob.unlink()
        reply = store.get(f"{made.headers['location']}/content")
        assert reply.status == 503
        assert "missing" in reply.error["message"]
    finally:
        server.end()
    assert "blob missing" in (tmp_path / "store.log").read_text()
