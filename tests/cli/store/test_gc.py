"""`quaestor store gc` frees space beside a service, through it, or in its place."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.support.databases import KINDS, place_for
from tests.support.http import Http
from tests.support.servers import ServerProcess, free_port

from quaestor_cli import exit_codes
from quaestor_cli.main import main

pytestmark = pytest.mark.slow
ORPHAN = "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"


class Place:
    """A store with one orphaned content, a day old, and one that a version names."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.settings = {"DATA_DIR": str(folder / "data")}
        if kind == "postgresql":
            self.settings["DATABASE_URL"] = place_for(kind, folder)
        self.server = ServerProcess(
            "quaestor_artifact_store", "ARTIFACT_STORE", self.settings, folder / "log"
        )
        self.server.start()
        body = {"feature_id": "ff", "path": "a", "media_type": "text/plain", "text": "kept"}
        self.kept = Http(self.server.url).post("/v1/artifacts", body).data["digest"]
        self.blobs = folder / "data" / "blobs"
        (self.blobs / "2d").mkdir(exist_ok=True)
        self.orphan = self.blobs / "2d" / ORPHAN.removeprefix("sha256:")
        self.orphan.write_bytes(b"x")
        os.utime(self.orphan, (1, 1))

    def gc(self, *arguments: str) -> Result:
        """Run the command on this store."""
        environ = {f"QUAESTOR_ARTIFACT_STORE_{name}": v for name, v in self.settings.items()}
        return CliRunner().invoke(main, ["store", "gc", *arguments], env=environ)

    def counts(self, *arguments: str) -> dict[str, Any]:
        """Run it, and give the counts."""
        result = self.gc("--json", *arguments)
        assert result.exit_code == exit_codes.GOOD, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give such a store on each kind of database, its service running."""
    made = Place(request.param, tmp_path)
    yield made
    made.server.end()


def test_without_a_service(place: Place) -> None:
    """What nothing names is marked by one run and removed by a later one; the rest stays."""
    place.server.end()
    assert place.counts("--dry-run")["marked"] == 1
    first = place.counts()
    assert (first["looked_at"], first["marked"], first["removed"], first["waiting"]) == (2, 1, 0, 1)
    assert place.orphan.exists()
    shown = place.gc("--grace", "0s").output
    assert "0 marked: nothing names them" in shown
    assert "1 removed (1 byte)" in shown
    assert not place.orphan.exists()
    place.server.start()
    assert Http(place.server.url).get(f"/v1/blobs/{place.kept}").body == b"kept"


def test_through_the_service(place: Place) -> None:
    """A running service does it when it is asked at its address."""
    done = place.counts("--grace", "0s", "--url", place.server.url)
    assert (done["marked"], done["removed"]) == (1, 1)
    assert not place.orphan.exists()
    assert Http(place.server.url).get(f"/v1/blobs/{ORPHAN}").status == 404
    assert Http(place.server.url).get(f"/v1/blobs/{place.kept}").body == b"kept"
    (entry,) = Http(place.server.url).get("/v1/audit?type=blob.removed").data
    assert (entry["subject"], entry["actor"]) == (ORPHAN, "operator")


def test_beside_the_service(place: Place) -> None:
    """On PostgreSQL the command works beside the service; on SQLite it is refused and says so."""
    result = place.gc("--grace", "0s")
    if "DATABASE_URL" in place.settings:
        assert result.exit_code == exit_codes.GOOD
        assert not place.orphan.exists()
    else:
        assert result.exit_code == exit_codes.UNREACHABLE
        assert "Another process uses" in result.output
        assert place.orphan.exists()


def test_nobody_answers() -> None:
    """An address at which nothing answers is told."""
    result = CliRunner().invoke(main, ["store", "gc", "--url", f"http://127.0.0.1:{free_port()}"])
    assert result.exit_code == exit_codes.UNREACHABLE


@pytest.mark.parametrize("grace", ["3", "-1h", "1w", "", "1.5h"])
def test_bad_grace(grace: str) -> None:
    """A grace period that is none is a mistake of usage."""
    result = CliRunner().invoke(main, ["store", "gc", "--grace", grace])
    assert result.exit_code == exit_codes.USAGE


def test_an_older_schema(tmp_path: Path) -> None:
    """A database that lacks steps is left as it is, and the command says what to do."""
    here = ["--data-dir", str(tmp_path)]
    CliRunner().invoke(main, ["store", "migrate", "up", *here])
    CliRunner().invoke(main, ["store", "migrate", "down", "--yes", *here])
    result = CliRunner().invoke(main, ["store", "gc", *here])
    assert result.exit_code == exit_codes.UNREACHABLE
    assert "quaestor store migrate up" in " ".join(result.output.split())
    status = CliRunner().invoke(main, ["store", "migrate", "status", *here])
    assert "not yet" in status.output
