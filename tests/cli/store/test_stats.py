"""`quaestor store stats` counts what is there, beside a running service."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from click.testing import CliRunner, Result
from tests.support.databases import KINDS, open_at, place_for

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.service.creation import CreationService
from quaestor_artifact_store.service.once import Once
from quaestor_cli import exit_codes
from quaestor_cli.main import main
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.versions import CreateVersion, IfExists


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a store of each kind that is open, with five versions, two of them of one content."""
    found = place_for(request.param, tmp_path)
    database = open_at(found, utc_now)
    anyio.run(fill, database, FileBlobs(tmp_path / "blobs"))
    yield found
    database.close()


async def fill(database: Database, blobs: FileBlobs) -> None:
    """Write the versions."""
    creation = CreationService(database, blobs)
    for text in ("a" * 10, "b" * 100, "c" * 1000, "d" * 10_000, "a" * 10):
        request = CreateVersion(
            feature_id="ff",
            path="a.txt",
            media_type="text/plain",
            text=text,
            if_exists=IfExists.NEW_VERSION,
        )
        await creation.create_version(request, Once())
    await blobs.close()


def run(place: str, folder: Path, *arguments: str) -> Result:
    """Run the command."""
    environ = {
        "QUAESTOR_ARTIFACT_STORE_DATA_DIR": str(folder),
        "QUAESTOR_ARTIFACT_STORE_DATABASE_URL": place if "://" in place else "",
    }
    return CliRunner().invoke(main, ["store", "stats", *arguments], env=environ)


def test_json(place: str, tmp_path: Path) -> None:
    """Counts, sizes and growth are those of what was written."""
    result = run(place, tmp_path, "--json")
    assert result.exit_code == exit_codes.GOOD, result.output
    figures: dict[str, Any] = json.loads(result.stdout)
    counts = figures["counts"]
    assert (counts["versions"], counts["contents"], counts["artifacts"]) == (5, 4, 1)
    assert (counts["features"], counts["changes"], counts["artifacts_deleted"]) == (1, 5, 0)
    assert (figures["written_bytes"], figures["kept_bytes"]) == (11_120, 11_110)
    assert 0 < figures["stored_bytes"] < 11_110
    assert figures["database_bytes"] > 0
    assert sum(day["versions"] for day in figures["growth"]) == 5
    assert sum(day["bytes"] for day in figures["growth"]) == 11_120
    assert figures["fsync"]["median_ms"] <= figures["fsync"]["worst_ms"]
    assert (figures["commit"] is not None) == ("://" in place)


def test_table(place: str, tmp_path: Path) -> None:
    """A person gets a table, and never a password."""
    result = run(place, tmp_path)
    assert result.exit_code == exit_codes.GOOD, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    for line in ("versions 5", "contents 4", "contents written 11.1 kB"):
        assert line in lines
    assert any(line.startswith("fsync ") and line.endswith(" ms") for line in lines)
    assert "tester:" not in result.output


def test_no_store(tmp_path: Path) -> None:
    """Where there is no store, that is told, and none is made."""
    result = run("", tmp_path / "none")
    assert result.exit_code == exit_codes.USAGE
    assert not (tmp_path / "none").exists()
