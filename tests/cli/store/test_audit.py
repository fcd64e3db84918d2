"""`quaestor store audit verify` finds out a chain that was altered, on every kind of database."""

from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner, Result
from tests.support.databases import KINDS, open_at, place_for

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.repository.changes import record
from quaestor_cli import exit_codes
from quaestor_cli.main import main
from quaestor_shared.clock import utc_now


def verify(place: str, *options: str) -> Result:
    """Run the command on the database at a place."""
    on_server = "://" in place
    given = {
        "QUAESTOR_ARTIFACT_STORE_DATABASE_URL": place if on_server else "",
        "QUAESTOR_ARTIFACT_STORE_DATA_DIR": "" if on_server else str(Path(place).parent),
    }
    return CliRunner().invoke(main, ["store", "audit", "verify", *options], env=given)


def fill(tx: Transaction) -> None:
    """Write some more changes than are read at once."""
    for _ in range(1100):
        record(tx, "x.happened", feature=None, subject="s", data={})


def alter(tx: Transaction) -> None:
    """Alter one of them."""
    tx.execute("UPDATE changes SET actor = 'nobody' WHERE position = 1050")


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_verify(kind: str, tmp_path: Path) -> None:
    """A chain is whole until somebody alters it, and is held to a head that was told before."""
    place = place_for(kind, tmp_path)
    database = await anyio.to_thread.run_sync(open_at, place, utc_now)

    async def run(*options: str) -> Result:
        return await anyio.to_thread.run_sync(verify, place, *options)

    try:
        await database.write(fill)
        whole = await run()
        counted, head = whole.stdout.splitlines()
        assert (whole.exit_code, counted) == (
            exit_codes.GOOD,
            "1100 changes are as they were written",
        )
        kept = head.removeprefix("head ")
        assert (await run("--expected-head", kept)).exit_code == exit_codes.GOOD
        other = await run("--expected-head", f"1099:{kept.partition(':')[2]}")
        assert (other.exit_code, "broken at 1099: other_head" in other.stdout) == (1, True)
        await database.write(alter)
        broken = await run()
        assert broken.exit_code == exit_codes.FINDINGS
        assert "1049 changes are as they were written" in broken.stdout
        assert "broken at 1050: altered" in broken.stdout
    finally:
        await anyio.to_thread.run_sync(database.close)


@pytest.mark.parametrize("head", ["x", "1:2", ":"])
def test_what_is_no_head(tmp_path: Path, head: str) -> None:
    """A head that is none is a wrong option."""
    assert verify(str(tmp_path / "store.db"), "--expected-head", head).exit_code == exit_codes.USAGE
