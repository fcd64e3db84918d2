"""`quaestor store migrate` lists steps, takes them, takes them back, and says when it may not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support.databases import KINDS, open_at, place_for
from tests.support.postgres import PASSWORD, server

from quaestor_artifact_store.migrations import STEPS
from quaestor_cli import exit_codes
from quaestor_cli.main import main
from quaestor_shared.clock import utc_now

NAMES = [step.name for step in STEPS]
Run = Callable[..., Result]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the place of a new database of each kind."""
    return place_for(request.param, tmp_path)


@pytest.fixture
def run(place: str, tmp_path: Path) -> Run:
    """Give the command on that database; the address comes from the environment."""
    environ = {
        "QUAESTOR_ARTIFACT_STORE_DATA_DIR": str(tmp_path),
        "QUAESTOR_ARTIFACT_STORE_DATABASE_URL": place if "://" in place else "",
    }

    def run(*arguments: str, typed: str = "") -> Result:
        group = () if arguments[0] in {"audit", "scrub", "stats"} else ("migrate",)
        command = ["store", *group, *arguments]
        return CliRunner().invoke(main, command, env=environ, input=typed)

    return run


def test_up_and_status(run: Run) -> None:
    """`up` takes what is missing, once, and `status` tells when."""
    done = run("up")
    assert done.output.splitlines() == [f"taken: {name}" for name in NAMES]
    assert run("up").output == "nothing to do: every step was taken\n"
    listed = run("status").output
    for name in NAMES:
        assert name in listed
    assert "not yet" not in listed


def test_down(run: Run) -> None:
    """`down` takes one step back, or all after a given one, and `status` shows what is missing."""
    run("up")
    one = run("down", "--yes")
    assert one.exit_code == 0
    assert one.output.splitlines()[1:] == [f"taken back: {NAMES[-1]}"]
    (last,) = [line for line in run("status").output.splitlines() if NAMES[-1] in line]
    assert "not yet" in last
    rest = run("down", "--yes", "--to", NAMES[0][:4])
    assert rest.output.splitlines()[1:] == [f"taken back: {name}" for name in NAMES[-2:0:-1]]
    assert run("down", "--yes", "--to", NAMES[0]).output.startswith("nothing to do")
    assert run("down", "--yes", "--to", "0").output.endswith(f"taken back: {NAMES[0]}\n")
    assert run("up").output.count("taken: ") == len(NAMES)


@pytest.mark.parametrize("command", [("stats",), ("scrub",), ("audit", "verify")])
def test_what_reads_wants_every_step(run: Run, command: tuple[str, ...]) -> None:
    """What looks at a store that lacks steps names them, and says how they are taken."""
    run("up")
    run("down", "--yes", "--to", NAMES[0])
    done = run(*command)
    assert done.exit_code == exit_codes.UNREACHABLE
    assert f"lacks steps of the schema: {NAMES[1]}" in done.output
    assert "quaestor store migrate up" in " ".join(done.output.split())


def test_down_asks(run: Run) -> None:
    """Without `--yes` nothing goes before the question was answered with yes."""
    run("up")
    refused = run("down", typed="n\n")
    assert refused.exit_code == exit_codes.FINDINGS
    assert "Go on? [y/N]: n" in refused.output
    assert "not yet" not in run("status").output
    assert run("down", typed="y\n").output.endswith(f"taken back: {NAMES[-1]}\n")


def test_an_unknown_step(run: Run) -> None:
    """A step that was not taken is a mistake of usage, and nothing is done."""
    run("up")
    refused = run("down", "--yes", "--to", "0999_never")
    assert refused.exit_code == exit_codes.USAGE
    assert "0999_never is none of the steps that were taken" in refused.output
    assert "not yet" not in run("status").output


def test_while_a_service_runs(run: Run, place: str) -> None:
    """Steps are refused with a sentence while a service has the database; the list is not."""
    service = open_at(place, utc_now)
    try:
        for arguments in (["down", "--yes"], ["up"]):
            refused = run(*arguments)
            assert refused.exit_code == exit_codes.UNREACHABLE
            assert "Another process uses" in refused.output
            assert "end it first." in " ".join(refused.output.split())
        assert run("status").exit_code == 0
    finally:
        service.close()
    assert run("down", "--yes").exit_code == 0


def test_no_database(tmp_path: Path) -> None:
    """A folder without a database is told, and stays empty."""
    result = CliRunner().invoke(
        main, ["store", "migrate", "status", "--data-dir", str(tmp_path / "none")]
    )
    assert result.exit_code == exit_codes.USAGE
    assert "There is no database" in result.output
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "broken",
    [
        "postgresql://tester:{password}@127.0.0.1:99999/x",
        "postgresql://tester:{password}@127.0.0.1:port/x",
        "postgresql://tester:{password}%@127.0.0.1/x",
        "postgresql://tester:{password}@127.0.0.1/x?nonsense=1",
        "postgresql://tester:wrong-{password}@127.0.0.1:{port}/postgres",
        "postgresql://tester:{password}@127.0.0.1:{port}/no_such_database",
        "postgresql://tester:{password}@127.0.0.1:1/x",
        "host=127.0.0.1 password='{password} port=1",
        "mysql://tester:{password}@127.0.0.1/x",
    ],
)
def test_addresses_that_do_not_work(broken: str) -> None:
    """What is wrong with an address is told in a sentence that never repeats the password."""
    password = PASSWORD.replace("%20", "").replace("/", "").replace("?", "")
    port = server().url("x").rpartition(":")[2].partition("/")[0]
    url = broken.format(password=password, port=port)
    result = CliRunner().invoke(main, ["store", "migrate", "status", "--database-url", url])
    assert result.exit_code == exit_codes.UNREACHABLE
    assert result.output.startswith("UNAVAILABLE ")
    assert password not in "".join(result.output.split())
    assert "Traceback" not in result.output
