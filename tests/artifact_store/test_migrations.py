"""Migrations apply once, however many processes start at once, and wholly or not at all."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.sqlite import migrating
from quaestor_artifact_store.sqlite.connections import open_writer

MIGRATE = """
import sys
from pathlib import Path
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.migrating import migrate

connection = open_writer(Path(sys.argv[1]))
print(migrate(connection))
connection.close()
"""


def test_in_parallel(tmp_path: Path) -> None:
    """Of processes that migrate the same new database at once exactly one does, and none fails."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, tmp_path / "store.db"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ended = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 4, ended
    assert sorted(out.strip() for out, _ in ended) == ["False", "False", "False", "True"]


def test_twice(tmp_path: Path) -> None:
    """A second run finds nothing to do, also where only the record tells that it was done."""
    connection = open_writer(tmp_path / "store.db")
    assert migrating.migrate(connection)
    assert not migrating.migrate(connection)
    connection.execute("PRAGMA user_version = 0")
    assert not migrating.migrate(connection)
    connection.close()


def test_a_step_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails midway is taken back whole, and applies once it is right."""
    connection = open_writer(tmp_path / "store.db")
    with monkeypatch.context() as patch:
        broken = STEPS[-1]._replace(up=(*STEPS[-1].up, "CREATE NONSENSE"))
        patch.setattr(migrating, "STEPS", (*STEPS[:-1], broken))
        with pytest.raises(sqlite3.OperationalError):
            migrating.migrate(connection)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    assert migrating.migrate(connection)
    connection.close()
