"""The `quaestor` command."""

from importlib.metadata import version

import click

from quaestor_cli.lazy import LazyGroup

__all__ = ["main"]

_COMMANDS = {
    "serve": "Serve the system until Ctrl-C.",
    "interview": "Interview someone about a feature's backend.",
    "validate": "Audit a backend.json.",
    "rules": "List what an audit checks.",
    "fix": "Mend what can be mended safely.",
    "diff": "Compare two designs, and find what breaks.",
    "demo": "Run a whole interview on an example.",
    "store": "Look after the store: schema, backup, restore, space.",
}


@click.command(cls=LazyGroup, package="quaestor_cli", lazy=_COMMANDS)
@click.version_option(version("quaestor"), prog_name="quaestor")
def main() -> None:
    """Interview someone about the backend of a feature, audit the answers, keep the result.

    \b
    Exit status:
      0  good
      1  findings: a refused answer, an incomplete or invalid design, damage in the store
      2  usage: a wrong option, file, key or id
      3  the service, or the store, cannot be reached
    """
