"""The command as such: its help, its version, its exit statuses."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support.servers import free_port

from quaestor_cli import exit_codes
from quaestor_cli.main import main
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import QuaestorError

COMMANDS = ("serve", "interview", "validate", "rules", "fix", "diff", "demo", "store")


def test_version() -> None:
    """`--version` names the program and its version."""
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, result.output) == (0, f"quaestor, version {version('quaestor')}\n")


def test_help() -> None:
    """`--help` names every command and what each exit status means."""
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for word in (*COMMANDS, "Exit status", "0  good", "1  findings", "2  usage", "3  the service"):
        assert word in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command: str) -> None:
    """Each command explains itself, and each of its options."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    options = [line for line in result.output.splitlines() if line.lstrip().startswith("--")]
    assert options


def test_help_loads_no_service() -> None:
    """Help is quick: it imports neither the services nor their framework."""
    program = (
        "import sys\nfrom quaestor_cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "found = {'litestar', 'aiohttp', 'quaestor_design_api'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {found}' if found else 0)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["serve", "--port", "65536"], ["serve", "--port", "x"], ["validate"], ["--what"]],
)
def test_usage(arguments: list[str]) -> None:
    """What the command does not know ends it with 2."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == exit_codes.USAGE
    assert "Error" in result.output


def test_unreachable(tmp_path: Path) -> None:
    """A gateway that does not answer ends the command with 3."""
    file = tmp_path / "backend.json"
    file.write_text("{}")
    url = f"http://127.0.0.1:{free_port()}"
    environ = {"QUAESTOR_URL": url, "QUAESTOR_API_KEY": "qst_x"}
    result = CliRunner().invoke(main, ["validate", str(file)], env=environ)
    assert result.exit_code == exit_codes.UNREACHABLE
    assert "UNAVAILABLE" in result.output


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_failure_has_a_status(code: ErrorCode) -> None:
    """Whatever the gateway answers ends the command with a status that is documented."""
    status = exit_codes.of(QuaestorError("told", code=code))
    assert status in (exit_codes.FINDINGS, exit_codes.USAGE, exit_codes.UNREACHABLE)
