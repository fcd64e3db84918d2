"""Files under their paths, sections of their owners, and differences, over real HTTP."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess

DOCUMENT = (
    "# Ours\r\n\r\nbefore\r\n\r\n<!-- HUMAN_DOC_START -->\n## Backend\n\ntext\n"
    "<!-- HUMAN_DOC_END -->\n\nafter \xfc\n"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run one store for the tests of this module."""
    folder = tmp_path_factory.mktemp("files")
    settings = {"DATA_DIR": str(folder / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")
    server.start()
    yield Http(server.url)
    server.end()


def put(store: Http, path: str, text: str, **headers: str) -> Reply:
    """Write a file."""
    sent = {"Content-Type": "text/markdown", **{k.replace("_", "-"): v for k, v in headers.items()}}
    place = f"/v1/features/ff/files/{quote(path)}"
    return store.send("PUT", place, body=text.encode(), headers=sent)


def test_a_file(store: Http) -> None:
    """A file is written once without a condition, read back, and kept in all its versions."""
    made = put(store, "a/b c.md", "one", If_None_Match="*")
    assert (made.status, made.data["number"], made.data["path"]) == (201, 1, "a/b c.md")
    tag = made.headers["etag"]
    assert put(store, "a/b c.md", "two", If_Match=tag).status == 201
    read = store.get("/v1/features/ff/files/a/b%20c.md")
    assert (read.body, read.headers["content-type"]) == (b"two", "text/markdown")
    assert read.headers["cache-control"] == "private, no-cache"
    assert store.get("/v1/features/ff/files/a/b%20c.md", If_None_Match=tag).status == 200
    known = store.get("/v1/features/ff/files/a/b%20c.md", If_None_Match=read.headers["etag"])
    assert (known.status, known.body) == (304, b"")
    assert store.get("/v1/features/ff/files/a/b%20c.md?version=1").body == b"one"
    assert store.get("/v1/features/ff/files/none.md").status == 404


def test_conditions(store: Http) -> None:
    """A change without a condition is 428, a late one 412, the same content again 200."""
    tag = put(store, "c.md", "one").headers["etag"]
    assert put(store, "c.md", "one", If_Match='"sha256:other"').status == 200
    unconditional = put(store, "c.md", "two")
    assert (unconditional.status, unconditional.error["code"]) == (428, "PRECONDITION_REQUIRED")
    assert unconditional.error["meta"]["current_version"] == 1
    assert put(store, "c.md", "two", If_None_Match="*").status == 412
    assert put(store, "c.md", "two", If_Match=f"W/{tag}").status == 412
    assert put(store, "c.md", "two", If_Match=f'"x", {tag}').status == 201
    assert put(store, "c.md", "three", If_Match="*").status == 201
    assert put(store, "new.md", "x", If_Match="*").status == 412
    assert put(store, "new.md", "x", If_Match=tag).status == 412
    for name, value in (("If_Match", "x"), ("If_None_Match", tag)):
        refused = put(store, "c.md", "four", **{name: value})
        assert (refused.status, refused.error["details"][0]["field"]) == (
            *(400,),
            name.replace("_", "-"),
        )


def test_a_late_write_that_can_be_merged(store: Http) -> None:
    """A late write is answered with the merge where it is clean, and with the conflicts if not."""
    base = put(store, "m.md", "a\nb\nc\n").headers["etag"]
    put(store, "m.md", "A\nb\nc\n", If_Match=base)
    late = put(store, "m.md", "a\nb\nC\n", If_Match=base)
    assert late.status == 412
    assert late.error["meta"]["current_version"] == 2
    assert late.error["meta"]["merge"]["text"] == "A\nb\nC\n"
    refused = put(store, "m.md", "X\nb\nc\n", If_Match=base).error["meta"]["merge"]
    assert (refused["clean"], refused["base_version"]) == (False, 1)
    assert refused["conflicts"] == [{"line": 1, "base": "a\n", "theirs": "A\n", "yours": "X\n"}]


def test_a_late_write_of_json(store: Http) -> None:
    """A version that expects an older one is told the merged document too."""
    body: dict[str, Any] = {"feature_id": "ff", "path": "m.json", "media_type": "application/json"}
    store.post("/v1/artifacts", {**body, "text": '{"a": 1, "b": 1}'})
    store.post("/v1/artifacts", {**body, "text": '{"a": 2, "b": 1}'})
    late = store.post("/v1/artifacts", {**body, "text": '{"a": 1, "b": 2}', "expected_version": 1})
    assert late.status == 412
    assert late.error["meta"]["merge"]["text"] == '{\n  "a": 2,\n  "b": 2\n}\n'


@pytest.mark.parametrize(
    ("path", "headers", "field"),
    [
        ("a\\b", {}, "path"),
        ("x" * 501, {}, "path"),
        ("x", {"Content_Type": "text"}, "Content-Type"),
    ],
)
def test_files_that_cannot_be_kept(
    store: Http, path: str, headers: dict[str, str], field: str
) -> None:
    """A path or a type that cannot be kept is 400 with its place."""
    refused = put(store, path, "x", **headers)
    assert refused.status == 400
    assert [detail["field"] for detail in refused.error["details"]] == [field]


def section_url(artifact: str, owner: str) -> str:
    """Give the address of an owner's section."""
    return f"/v1/artifacts/{artifact}/sections/{quote(owner, safe='')}"


def test_sections(store: Http) -> None:
    """A section is read, replaced and appended by its owner; every other byte stays."""
    artifact = put(store, "s.md", DOCUMENT).data["artifact_id"]
    (section,) = store.get(f"/v1/artifacts/{artifact}/versions/latest/sections").data
    assert (section["owner"], section["text"]) == ("Backend", "## Backend\n\ntext")
    assert (section["first_line"], section["last_line"]) == (5, 9)
    replaced = store.send(
        "PUT", section_url(artifact, "Backend"), body={"text": "## Backend\n\nnew\n"}
    )
    assert (replaced.status, replaced.data["number"]) == (201, 2)
    now = store.get("/v1/features/ff/files/s.md").body.decode()
    assert now == DOCUMENT.replace("\ntext\n", "\nnew\n")
    appended = store.send("PUT", section_url(artifact, "Für UI"), body={"text": "### Für UI\n"})
    assert appended.status == 201
    last = store.get("/v1/features/ff/files/s.md").body.decode()
    end = "\n<!-- HUMAN_DOC_START -->\n### Für UI\n<!-- HUMAN_DOC_END -->\n"
    assert last == now + end
    place = f"/v1/artifacts/{artifact}/versions/latest/sections/{quote('Für UI')}"
    assert store.get(place).data["level"] == 3
    assert store.get(f"/v1/artifacts/{artifact}/versions/1/sections/Other").status == 404


def test_sections_of_any_document(store: Http) -> None:
    """A byte order mark, a closed heading or other line ends make no second section."""
    wanted = {
        "\ufeff<!-- HUMAN_DOC_START -->\n## Own ##\nold\n<!-- HUMAN_DOC_END -->\n": "\n",
        "<!-- HUMAN_DOC_START -->\r\n## Own\r\nold\r\n<!-- HUMAN_DOC_END -->\r\n": "\r\n",
        "# A\r\n": "\r\n",
    }
    for number, (document, end) in enumerate(wanted.items()):
        artifact = put(store, f"any-{number}.md", document).data["artifact_id"]
        assert (
            store.send("PUT", section_url(artifact, "Own"), body={"text": "## Own\nnew"}).status
            == 201
        )
        written = store.get(f"/v1/features/ff/files/any-{number}.md").body.decode()
        section = ["<!-- HUMAN_DOC_START -->", "## Own", "new", "<!-- HUMAN_DOC_END -->", ""]
        assert written.endswith(end.join(section))
        assert written.count("## Own") == 1
        assert written.count(end) == written.count("\n")


def test_an_owner_with_a_slash(store: Http) -> None:
    """An owner's name may have a slash in it."""
    artifact = put(store, "slash.md", "# A\n").data["artifact_id"]
    body = {"text": "## CI/CD\n\nPipelines."}
    assert store.send("PUT", section_url(artifact, "CI/CD"), body=body).status == 201
    read = store.get(f"/v1/artifacts/{artifact}/versions/latest/sections/{quote('CI/CD', safe='')}")
    assert read.data["text"] == body["text"]


def test_a_section_in_utf_16(store: Http) -> None:
    """A section, which is UTF-8, is not put into a document that is UTF-16."""
    headers = {"Content-Type": "text/markdown"}
    kept = store.send(
        "PUT", "/v1/features/ff/files/16.md", body="# A".encode("utf-16"), headers=headers
    )
    refused = store.send(
        "PUT", section_url(kept.data["artifact_id"], "Own"), body={"text": "## Own"}
    )
    assert (refused.status, refused.error["code"]) == (409, "CONFLICT")


@pytest.mark.parametrize(
    "text",
    ["no heading", "## Other\n", "#Mine", "## Mine\n<!-- HUMAN_DOC_END -->\n", "## Mine\n```\n"],
)
def test_texts_that_are_no_section(store: Http, text: str) -> None:
    """A text that would break the document, or belongs to another owner, is 400."""
    artifact = put(store, "t.md", DOCUMENT).data["artifact_id"]
    refused = store.send("PUT", section_url(artifact, "Mine"), body={"text": text})
    assert refused.status == 400
    assert [detail["field"] for detail in refused.error["details"]] == ["/text"]


def test_owners_who_write_at_once(store: Http) -> None:
    """Owners who write their sections at once all succeed, and no section is lost."""
    artifact = put(store, "race.md", "# Race\n").data["artifact_id"]
    owners = [f"Owner {number}" for number in range(6)]

    def write(owner: str) -> int:
        body = {"text": f"## {owner}\n\nby {owner}"}
        return store.send("PUT", section_url(artifact, owner), body=body).status

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(write, owners)) == [201] * 6
    found = store.get(f"/v1/artifacts/{artifact}/versions/latest/sections").data
    assert sorted(section["owner"] for section in found) == owners
    assert store.get(f"/v1/artifacts/{artifact}").data["latest"]["number"] == 7


def test_a_section_of_a_version_that_moved_on(store: Http) -> None:
    """A section's write for an older version is 412."""
    made = put(store, "old.md", DOCUMENT)
    put(store, "old.md", f"{DOCUMENT}more\n", If_Match=made.headers["etag"])
    place = section_url(made.data["artifact_id"], "Backend")
    late = store.send(
        "PUT", place, body={"text": "## Backend"}, headers={"If-Match": made.headers["etag"]}
    )
    assert late.status == 412


def test_differences(store: Http) -> None:
    """Two versions are compared by pointer, by section or by line, as they are both of a kind."""
    body: dict[str, Any] = {"feature_id": "ff", "path": "d.json", "media_type": "application/json"}
    store.post("/v1/artifacts", {**body, "text": '{"a": [1, 2]}'})
    made = store.post("/v1/artifacts", {**body, "text": '{"a": [1, 3], "b": null}'})
    place = f"/v1/artifacts/{made.data['artifact_id']}/diff"
    found = store.get(f"{place}?from=1").data
    assert (found["kind"], found["identical"]) == ("json", False)
    assert found["changes"] == [
        {"op": "replace", "path": "/a/1", "value": 3, "before": 2},
        {"op": "add", "path": "/b", "value": None},
    ]
    same = store.get(f"{place}?from=2&to=latest").data
    assert (same["identical"], same["changes"]) == (True, [])
    assert store.get(f"{place}?from=7").status == 404
    missing = store.get(place)
    assert (missing.status, missing.error["details"][0]["field"]) == (400, "from")


def test_differences_of_texts(store: Http) -> None:
    """Markdown is compared by section, other texts as unified lines, bytes not at all."""
    for media_type, key in (("text/markdown", "sections"), ("text/csv", "diff"), ("a/b", None)):
        path = f"d-{key}"
        first = put(store, path, "# One\n\ntext\n", Content_Type=media_type)
        tag = first.headers["etag"]
        put(store, path, "# One\n\nother\n", Content_Type=media_type, If_Match=tag)
        found = store.get(f"/v1/artifacts/{first.data['artifact_id']}/diff?from=1").data
        filled = [name for name in ("changes", "sections", "diff") if found[name]]
        assert filled == ([key] if key else [])
        assert found["identical"] is False
