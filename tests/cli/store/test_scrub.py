"""`quaestor store scrub` finds every content that is damaged, missing or named by nothing."""

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support.blob_stores import BUCKET, KEY, SECRET
from tests.support.contents import blob_files, digest_of, start, upload
from tests.support.http import Http

from quaestor_artifact_store.service import scrubbing
from quaestor_cli import exit_codes
from quaestor_cli.main import main

pytestmark = pytest.mark.slow  # most of them start a service
CONTENTS = [b"", b"one", b"two " * 3000, os.urandom(1_500_000), b"three"]


def scrub(folder: Path, **environ: str) -> Result:
    """Run the command on the store in a folder."""
    given = {"QUAESTOR_ARTIFACT_STORE_DATA_DIR": str(folder / "data"), **environ}
    return CliRunner().invoke(main, ["store", "scrub"], env=given)


def file_of(folder: Path, content: bytes) -> Path:
    """Find the file of a content."""
    digits = digest_of(content).removeprefix("sha256:")
    (found,) = (file for file in blob_files(folder) if file.name.startswith(digits))
    return found


def test_a_store_that_is_whole(tmp_path: Path) -> None:
    """On a whole store, with the service at work, all is counted and the status is 0."""
    server = start(tmp_path)
    for content in CONTENTS:
        upload(Http(server.url), content)
    done = scrub(tmp_path)
    server.end()
    assert done.exit_code == exit_codes.GOOD, done.output
    assert done.stdout.startswith("5 whole (")


def test_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each damaged, missing, unreadable and orphaned content is named once, and the status is 1."""
    monkeypatch.setattr(scrubbing, "_PAGE", 2)  # so that a few contents are several pages
    server = start(tmp_path)
    for content in CONTENTS:
        upload(Http(server.url), content)
    server.end()
    _, one, two, large, three = CONTENTS
    for content in (two, large):
        file = file_of(tmp_path, content)
        stored = bytearray(file.read_bytes())
        stored[-20] ^= 1
        file.write_bytes(stored)
    file_of(tmp_path, one).unlink()
    unreadable = file_of(tmp_path, three)
    unreadable.unlink()
    unreadable.mkdir()
    digits = digest_of(b"orphan").removeprefix("sha256:")
    for content, age in ((b"orphan", 7200), (b"young", 0)):
        digits = digest_of(content).removeprefix("sha256:")
        orphan = tmp_path / "data" / "blobs" / digits[:2] / digits
        orphan.write_bytes(content)
        os.utime(orphan, (time.time() - age,) * 2)
    done = scrub(tmp_path)
    assert done.exit_code == exit_codes.FINDINGS, done.output
    *found, total = done.stdout.splitlines()
    assert sorted(found) == sorted(
        [
            f"damaged: {digest_of(two)}",
            f"damaged: {digest_of(large)}",
            f"missing: {digest_of(one)}",
            f"unreadable: {digest_of(three)}",
            f"orphaned: {digest_of(b'orphan')}",
        ]
    )
    assert total.startswith("2 damaged, 1 missing, 1 orphaned, 1 unreadable, 2 whole (")


def test_mending(tmp_path: Path) -> None:
    """Uploading a damaged content again mends it, and orphans alone are no reason for a 1."""
    server = start(tmp_path)
    upload(Http(server.url), b"one")
    file_of(tmp_path, b"one").write_bytes(b"eno")
    assert scrub(tmp_path).exit_code == exit_codes.FINDINGS
    upload(Http(server.url), b"one")
    assert scrub(tmp_path).exit_code == exit_codes.GOOD
    server.end()


def test_nothing_there(tmp_path: Path) -> None:
    """Where there is no store the command says so, and makes none."""
    done = scrub(tmp_path)
    assert done.exit_code in (exit_codes.USAGE, exit_codes.UNREACHABLE)
    assert list(tmp_path.iterdir()) == []


def test_settings_that_do_not_go_together(tmp_path: Path) -> None:
    """A bucket that is not named ends the command with 2."""
    done = scrub(tmp_path, QUAESTOR_ARTIFACT_STORE_BLOB_BACKEND="s3")
    assert (done.exit_code, "name the bucket" in done.output) == (exit_codes.USAGE, True)


def test_in_a_bucket(rclone: str, tmp_path: Path) -> None:
    """Contents in a bucket are scrubbed as those in files are."""
    s3 = {
        "BLOB_BACKEND": "s3",
        "S3_BUCKET": BUCKET,
        "S3_PREFIX": f"{tmp_path.name}/",
        "S3_ENDPOINT_URL": rclone,
        "S3_ACCESS_KEY_ID": KEY,
        "S3_SECRET_ACCESS_KEY": SECRET,
    }
    server = start(tmp_path, **s3)
    for content in CONTENTS:
        upload(Http(server.url), content)
    server.end()
    environ = {f"QUAESTOR_ARTIFACT_STORE_{name}": value for name, value in s3.items()}
    assert scrub(tmp_path, **environ).stdout.startswith("5 whole (")
