"""`quaestor store backup` and `restore`: what comes back is what was there, hash by hash."""

import hashlib
import itertools
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.support.databases import KINDS, connected, place_for
from tests.support.http import Http
from tests.support.servers import ServerProcess

from quaestor_cli import exit_codes
from quaestor_cli.main import main

pytestmark = pytest.mark.slow


class Store:
    """A store of a kind in a folder, with its service."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.settings = {"DATA_DIR": str(folder / "data")}
        self.place = place_for(kind, folder / "data")
        if kind == "postgresql":
            self.settings["DATABASE_URL"] = self.place
        self.server = ServerProcess(
            "quaestor_artifact_store", "ARTIFACT_STORE", self.settings, folder / "log"
        )

    def run(self, *arguments: str) -> Result:
        """Run a command on this store."""
        environ = {f"QUAESTOR_ARTIFACT_STORE_{name}": v for name, v in self.settings.items()}
        return CliRunner().invoke(main, ["store", *arguments], env=environ)

    @property
    def http(self) -> Http:
        """Give a client."""
        return Http(self.server.url)

    def write(self, number: int) -> dict[str, Any]:
        """Write a version, and a journal's event every tenth time."""
        body = {
            "feature_id": f"feature-{number % 3}",
            "path": f"design/{number % 7}.md",
            "media_type": "text/markdown",
            "text": f"# Number {number}\n\nwords of number{number}\n" + "x" * (number % 50) * 100,
            "if_exists": "new_version",
        }
        if number % 10 == 0:
            journal = {"key": f"session:{number}", "feature_id": "feature-0", "events": []}
            assert self.http.post("/v1/journals", journal).status == 201
        data: dict[str, Any] = self.http.post("/v1/artifacts", body).data
        return data

    def end(self) -> None:
        """End the service."""
        self.server.end()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a running store of each kind with something in it."""
    made = Store(request.param, tmp_path / "store")
    made.server.start()
    for number in range(30):
        made.write(number)
    yield made
    made.end()


def hashes(folder: Path) -> dict[str, str]:
    """Hash every file of a folder."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("into", KINDS)
def test_while_writing(store: Store, into: str, tmp_path: Path) -> None:
    """A backup made under load comes back whole, into either kind of database, and serves."""
    stop, made = threading.Event(), []

    def work() -> None:
        for number in itertools.count(100):
            if stop.is_set():
                return
            made.append(store.write(number))

    writer = threading.Thread(target=work)
    writer.start()
    try:
        saved = store.run("backup", str(tmp_path / "backup"))
    finally:
        stop.set()
        writer.join()
    assert saved.exit_code == exit_codes.GOOD, saved.output
    assert not (tmp_path / "backup.unfinished").exists()
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    before = hashes(tmp_path / "backup")

    back = Store(into, tmp_path / "back")
    restored = back.run("restore", str(tmp_path / "backup"))
    assert restored.exit_code == exit_codes.GOOD, restored.output
    assert hashes(tmp_path / "backup") == before
    back.server.start()
    try:
        audit = back.http.get("/v1/audit/verify").data
        assert audit["intact"] is True
        assert audit["head"] == {"position": manifest["position"], "hash": manifest["hash"]}
        found = versions(back.http)
        assert len(found) == manifest["rows"]["versions"] >= 30
        for version in found:
            original = store.http.get(
                f"/v1/artifacts/{version['artifact_id']}/versions/{version['number']}"
            )
            assert original.data == version
            place = f"/v1/artifacts/{version['artifact_id']}/versions/{version['number']}/content"
            content = back.http.get(place).body
            assert f"sha256:{hashlib.sha256(content).hexdigest()}" == version["digest"]
        hits = back.http.get("/v1/search?q=number7&history=true").data
        assert [hit["number"] for hit in hits] == [1]
        assert back.write(1000)["number"] > 1
    finally:
        back.end()


def versions(http: Http) -> list[Any]:
    """List every version of every artifact."""
    found = []
    for artifact in pages(http, "/v1/artifacts?limit=50"):
        found += pages(http, f"/v1/artifacts/{artifact['id']}/versions?limit=50")
    return found


def pages(http: Http, path: str | None) -> list[Any]:
    """Read every page of a list."""
    found: list[Any] = []
    while path is not None:
        page = http.get(path)
        found += page.data
        link = page.headers.get("link")
        path = link.partition("<")[2].partition(">")[0] if link else None
    return found


def test_tables_come_back(store: Store, tmp_path: Path) -> None:
    """Row by row, every table of the restored database is the one that was saved."""
    store.end()
    assert store.run("backup", str(tmp_path / "backup")).exit_code == exit_codes.GOOD
    for kind in ("sqlite", "postgresql"):
        back = Store(kind, tmp_path / f"back-{kind}")
        assert back.run("restore", str(tmp_path / "backup")).exit_code == exit_codes.GOOD
        with connected(store.place) as (one, _), connected(back.place) as (other, _):
            manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
            for table in manifest["rows"]:
                rows = [
                    sorted(
                        str(sorted(plain(row).items()))
                        for row in each.execute(f"SELECT * FROM {table}")  # noqa: S608
                    )
                    for each in (one, other)
                ]
                assert rows[0] == rows[1], table


def said(result: Result) -> str:
    """Give what a command printed, without its line breaks."""
    return " ".join(result.output.split())


def plain(row: Any) -> dict[str, Any]:
    """Give a row without what only one kind of database has."""
    return {name: value for name, value in dict(row).items() if name != "search"}


def test_targets_that_are_taken(store: Store, tmp_path: Path) -> None:
    """A backup needs a new folder, a restore an empty store; nothing is overwritten."""
    assert store.run("backup", str(tmp_path / "backup")).exit_code == exit_codes.GOOD
    again = store.run("backup", str(tmp_path / "backup"))
    assert again.exit_code == exit_codes.USAGE
    assert "is there already" in said(again)
    store.end()
    before = hashes(store.folder / "data")
    refused = store.run("restore", str(tmp_path / "backup"))
    assert refused.exit_code == exit_codes.USAGE
    assert "empty" in said(refused)
    assert hashes(store.folder / "data") == before
    shutil.rmtree(store.folder / "data" / "blobs")
    refused = store.run("restore", str(tmp_path / "backup"))
    assert refused.exit_code == exit_codes.USAGE
    assert "already" in said(refused)


def test_backups_that_were_changed(store: Store, tmp_path: Path) -> None:
    """A backup in which a byte was flipped, or a file is missing, is refused."""
    folder = tmp_path / "backup"
    assert store.run("backup", str(folder)).exit_code == exit_codes.GOOD
    (blob, *_) = sorted(file for file in (folder / "blobs").rglob("*") if file.is_file())

    def attempt(number: int) -> Result:
        return Store("sqlite", tmp_path / f"back-{number}").run("restore", str(folder))

    for number, file in enumerate((folder / "store.db", blob)):
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        refused = attempt(number)
        assert refused.exit_code == exit_codes.USAGE, refused.output
        assert not (tmp_path / f"back-{number}" / "data" / "store.db").exists()
        file.write_bytes(whole)
    (folder / "manifest.json").rename(folder / "manifest.gone")
    assert "is no backup" in said(attempt(8))
    (folder / "manifest.gone").rename(folder / "manifest.json")
    assert attempt(9).exit_code == exit_codes.GOOD


def test_lost_contents(store: Store, tmp_path: Path) -> None:
    """What the store itself has lost is named by backup and restore; the rest is saved."""
    (blob, *_) = sorted(
        file
        for file in (store.folder / "data" / "blobs").rglob("*")
        if file.is_file() and ".unfinished" not in file.parts
    )
    digest = f"sha256:{blob.name.partition('.')[0]}"
    blob.unlink()
    saved = store.run("backup", str(tmp_path / "backup"))
    assert saved.exit_code == exit_codes.FINDINGS
    assert f"lost: {digest}" in saved.output
    back = Store("sqlite", tmp_path / "back")
    restored = back.run("restore", str(tmp_path / "backup"))
    assert restored.exit_code == exit_codes.FINDINGS
    assert f"lost before the backup: {digest}" in restored.output
    assert (tmp_path / "back" / "data" / "store.db").exists()


def test_no_store(tmp_path: Path) -> None:
    """A backup of nothing is refused, and leaves nothing behind."""
    result = Store("sqlite", tmp_path / "none").run("backup", str(tmp_path / "backup"))
    assert result.exit_code == exit_codes.USAGE
    assert [file.name for file in tmp_path.iterdir()] == ["none"]
