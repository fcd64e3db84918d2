"""`quaestor store copy` brings contents elsewhere, whole, once, and says what it could not."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support.blob_stores import BUCKET, KEY, SECRET
from tests.support.servers import free_port

from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.locations import blobs_at
from quaestor_artifact_store.settings import Settings
from quaestor_cli import exit_codes
from quaestor_cli.main import main

CONTENTS = {
    digest_of(content): content
    for content in (b"", b"small", b"a design\n" * 3000, os.urandom(6_000_000))
}
Place = Callable[[str, str], str]
SETTINGS = Settings(s3_access_key_id=KEY, s3_secret_access_key=SECRET)
ENVIRON = {
    "QUAESTOR_ARTIFACT_STORE_S3_ACCESS_KEY_ID": KEY,
    "QUAESTOR_ARTIFACT_STORE_S3_SECRET_ACCESS_KEY": SECRET,
    "QUAESTOR_ARTIFACT_STORE_S3_MULTIPART_BYTES": "5242880",
}


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give the location of a store of a kind, with a name of its own."""

    def locate(kind: str, name: str) -> str:
        if kind == "fs":
            return f"fs:{tmp_path / name}"
        return f"s3://{BUCKET}/{tmp_path.name}/{name}/?endpoint={request.getfixturevalue(kind)}"

    return locate


def copy(source: str, target: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(
        main, ["store", "copy", "--from", source, "--to", target], env=ENVIRON
    )


def fill(location: str, contents: dict[str, bytes]) -> None:
    """Put contents into the store at a location."""

    async def put() -> None:
        store = blobs_at(location, SETTINGS, existing=False)
        for digest, content in contents.items():
            await store.put(digest, content)
        await store.close()

    asyncio.run(put())


def contents_at(location: str) -> dict[str, bytes]:
    """Give all contents of the store at a location."""

    async def get() -> dict[str, bytes]:
        store = blobs_at(location, SETTINGS, existing=True)
        found = {kept.digest: await store.get(kept.digest) for kept in await store.page("", 10)}
        await store.close()
        return found

    return asyncio.run(get())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "target"), [("fs", "rclone"), ("rclone", "moto"), ("moto", "fs"), ("fs", "fs")]
)
def test_from_here_to_there(place: Place, source: str, target: str) -> None:
    """Every content arrives as it was, and a second run finds them all there."""
    fill(place(source, "a"), CONTENTS)
    done = copy(place(source, "a"), place(target, "b"))
    assert done.exit_code == exit_codes.GOOD, done.output
    assert done.stdout.startswith("4 copied (")
    assert contents_at(place(target, "b")) == CONTENTS
    assert copy(place(source, "a"), place(target, "b")).stdout.startswith("4 there (")


def test_going_on(place: Place, tmp_path: Path) -> None:
    """A run goes on where another was broken off, and mends what that has left damaged."""
    fill(place("fs", "a"), CONTENTS)
    half = dict(list(CONTENTS.items())[:2])
    fill(place("fs", "b"), half)
    small = digest_of(b"small")[7:]
    (tmp_path / "b" / small[:2] / small).write_bytes(b"smell")
    assert copy(place("fs", "a"), place("fs", "b")).stdout.startswith("3 copied, 1 there (")
    assert contents_at(place("fs", "b")) == CONTENTS


def test_damage(place: Place, tmp_path: Path) -> None:
    """A content that is damaged where it comes from is named, not copied, and ends in 1."""
    fill(place("fs", "a"), CONTENTS)
    for file in (tmp_path / "a").rglob("*"):
        if file.is_file() and file.stat().st_size:
            file.write_bytes(b"W" + file.read_bytes()[1:])
    done = copy(place("fs", "a"), place("fs", "b"))
    assert done.exit_code == exit_codes.FINDINGS
    damaged = sorted(CONTENTS.keys() - {digest_of(b"")})
    assert sorted(done.stdout.splitlines()[:3]) == [f"damaged: {digest}" for digest in damaged]
    assert done.stdout.splitlines()[3].startswith("1 copied, 3 damaged (")
    assert contents_at(place("fs", "b")) == {digest_of(b""): b""}


@pytest.mark.parametrize(
    "location",
    ["", "fs:", "fs:/no/such/folder", "/var/lib", "ftp://x", "s3://", "s3://b?endpoint=x",
     "s3://bucket?color=red", "s3://k:s@bucket", "s3://bucket?path_style=maybe"],
)  # fmt: skip
def test_locations_that_are_none(location: str, tmp_path: Path) -> None:
    """A location that cannot be read ends the command with 2 and a sentence."""
    done = copy(location, f"fs:{tmp_path}")
    assert done.exit_code == exit_codes.USAGE
    assert done.output.splitlines()[-1].startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


def test_nobody_answers(tmp_path: Path) -> None:
    """A store that does not answer ends the command with 3."""
    away = f"s3://{BUCKET}?endpoint=http://127.0.0.1:{free_port()}"
    for source, target in ((away, f"fs:{tmp_path}"), (f"fs:{tmp_path}", away)):
        done = copy(source, target)
        assert done.exit_code == exit_codes.UNREACHABLE, done.output
        assert "UNAVAILABLE" in done.output
