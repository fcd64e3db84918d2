"""What the gateway decides without looking: keys, routes, paths, headers."""

import json
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_gateway.domain.keys import KeyRing, hash_of, make_key, read_hashes
from quaestor_gateway.domain.merging import merge
from quaestor_gateway.domain.routing import (
    request_headers,
    response_headers,
    safe_path,
    upstream_of,
)
from quaestor_gateway.key_file import KeyFile, new_key


def test_a_key_is_found_again() -> None:
    """A key opens its ring; another secret, another id or a part of it does not."""
    key, other = new_key("ada"), new_key("bob")
    ring = KeyRing([key.kept])
    assert ring.find(key.text) == key.kept
    forged = f"qst_{key.kept.id}_{other.text.rpartition('_')[2][:43]:x<43}"
    for text in (other.text, forged, key.text[:-1], key.text + "x", "", "qst__", key.kept.hash):
        assert ring.find(text) is None


@given(text=st.text(max_size=80))
def test_no_other_text_opens_a_ring(text: str) -> None:
    """Whatever is sent instead of a key is refused without a fault."""
    assert KeyRing([make_key("0" * 12, "s" * 43, "ada").kept]).find(text) is None


def test_no_key_is_called_like_a_service(tmp_path: Path) -> None:
    """A key's name has no colon: with one it could pass for a service that writes for somebody."""
    with pytest.raises(ValueError, match="no colon"):
        make_key("0" * 12, "s" * 43, "validator:ada")
    kept = [{"id": "0" * 12, "hash": "0" * 64, "name": "validator:ada"}]
    (tmp_path / "keys.json").write_text(json.dumps({"keys": kept}))
    with pytest.raises(ValueError, match="has a colon"):
        KeyFile(tmp_path).read()


def test_only_the_hash_is_kept(tmp_path: Path) -> None:
    """The key file has ids and hashes, none of the secrets, and only its owner may read it."""
    file = KeyFile(tmp_path / "gateway")
    texts = [file.add("first"), file.add("second")]
    path = tmp_path / "gateway" / "keys.json"
    content = path.read_text()
    assert [key.name for key in file.read()] == ["first", "second"]
    for text in texts:
        assert text.split("_", 2)[2] not in content  # the secret itself may have underscores
        assert hash_of(text) in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [f.name for f in path.parent.iterdir()] == ["keys.json"]


def test_a_damaged_key_file(tmp_path: Path) -> None:
    """A gateway does not start on a key file that it cannot read."""
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(ValueError, match="cannot be read"):
        KeyFile(tmp_path).read()


def test_hashes_from_a_setting() -> None:
    """Hashes can be given as text; one that is none is refused."""
    key = new_key("x").kept
    assert [k.hash for k in read_hashes(f" {key.id}:{key.hash} ,")] == [key.hash]
    for wrong in ("x", f"{key.id}:", f"{key.id}:{key.hash[:-1]}", f"{key.hash}:{key.id}"):
        with pytest.raises(ValueError, match="each key hash"):
            read_hashes(wrong)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/sessions", "design-api"),
        ("/v1/sessions/x/turns", "design-api"),
        ("/v1/validate", "validator"),
        ("/v1/rules", "validator"),
        ("/v1/schemas/backend/versions/1", "validator"),
        ("/v1/artifacts/x/versions/1/content", "artifact-store"),
        ("/v1/blobs/sha256:0", "artifact-store"),
        ("/v1/journals", None),
        ("/v1/commits", None),
        ("/v1/sessionsx", None),
        ("/v2/sessions", None),
        ("/", None),
    ],
)
def test_routes(path: str, service: str | None) -> None:
    """A public path belongs to one service; internal ones belong to none."""
    assert upstream_of(path) == service


@pytest.mark.parametrize(
    "path",
    [b"/v1/../x", b"/v1/%2e%2e/x", b"/v1/%2E%2e%2fx", b"/v1/./x", b"/v1/%00", b"/v1/a%0d%0ab",
     b"/v1/a%5cb", b"/v1/%ff", b"/v1/%c0%af", b"/v1/%7f", b"/v1/a/%2e"],
)  # fmt: skip
def test_unsafe_paths(path: bytes) -> None:
    """A path that two parties could read differently goes no further."""
    assert not safe_path(path)


@pytest.mark.parametrize(
    "path", [b"/v1/sessions", b"/v1/a%2Fb", b"/v1/%C3%BC", b"/v1/...", b"/a.b"]
)
def test_safe_paths(path: bytes) -> None:
    """Percent-encoding as such does no harm."""
    assert safe_path(path)


def test_request_headers() -> None:
    """What speaks of one connection, of the key, or in our name is not passed on."""
    sent = [
        (b"connection", b"close, X-Secret-Hop"),
        (b"x-secret-hop", b"1"),
        (b"transfer-encoding", b"chunked"),
        (b"te", b"trailers"),
        (b"host", b"example.org"),
        (b"authorization", b"Bearer qst"),
        (b"x-api-key", b"qst"),
        (b"cookie", b"a=b"),
        (b"x-quaestor-principal", b"root"),
        (b"x-correlation-id", b"theirs"),
        (b"accept", b"text/markdown"),
        (b"if-match", b'"1"'),
    ]
    assert request_headers(sent) == [(b"accept", b"text/markdown"), (b"if-match", b'"1"')]


def test_response_headers() -> None:
    """A service's connection headers, server and date stay behind; the rest is passed on."""
    sent = [(b"Connection", b"close"), (b"Server", b"x"), (b"Date", b"x"), (b"ETag", b'"1"')]
    assert response_headers(sent) == [(b"etag", b'"1"')]


def document(*paths: str, **schemas: object) -> dict[str, object]:
    """Give a small OpenAPI document."""
    return {"paths": {path: {} for path in paths}, "components": {"schemas": schemas}}


def test_merging() -> None:
    """Only what a service owns and what is public comes in; equal schemas are one."""
    merged = merge(
        {
            "design-api": document("/v1/sessions", "/health/live", Meta={"type": "object"}),
            "artifact-store": document(
                "/v1/journals", "/v1/blobs/{digest}", Meta={"type": "object"}
            ),
        }
    )
    assert list(merged["paths"]) == ["/v1/blobs/{digest}", "/v1/sessions"]
    assert list(merged["components"]["schemas"]) == ["Meta"]


def test_merging_a_contradiction() -> None:
    """Two different schemas of one name are a mistake of ours, and not hidden."""
    with pytest.raises(ValueError, match=re.escape("another Meta")):
        merge({"a": document(Meta={"type": "object"}), "b": document(Meta={"type": "string"})})
