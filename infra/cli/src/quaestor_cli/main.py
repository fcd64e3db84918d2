"""The `quaestor` command."""

from importlib import import_module
from importlib.metadata import version

import click

__all__ = ["main"]

_COMMANDS = {
    "serve": "Serve the system until Ctrl-C.",
    "interview": "Interview someone about a feature's backend.",
    "validate": "Audit a backend.json.",
    "demo": "Run a whole interview on an example.",
}


class _Lazy(click.Group):
    """Imports a command when it is called: `--help` must not load four services."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"quaestor_cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Lazy)
@click.version_option(version("quaestor"), prog_name="quaestor")
def main() -> None:
    """Interview someone about the backend of a feature, audit the answers, keep the result.

    \b
    Exit status:
      0  good
      1  findings: a refused answer, an incomplete or invalid design
      2  usage: a wrong option, file, key or id
      3  the service cannot be reached
    """
