"""`quaestor store`: what whoever runs a store does beside the service."""

import click

from quaestor_cli.lazy import LazyGroup

__all__ = ["store"]

_COMMANDS = {
    "migrate": "Take steps of the schema, up or down, or list them.",
    "audit": "Check the chain of changes.",
    "backup": "Write rows and contents, as they are now, into a folder.",
    "restore": "Bring a backup back into a store that has nothing yet.",
    "scrub": "Read every content and hash it again.",
    "copy": "Copy contents from one store of contents to another.",
    "gc": "Remove contents that nothing names any more.",
    "stats": "Tell how much there is, how it grew, how long its disk takes.",
}


@click.command(cls=LazyGroup, package="quaestor_cli.store", lazy=_COMMANDS)
def store() -> None:
    """Look after the store: its schema, its backups, its space.

    The store is the one that the service's settings name: give the same environment variables
    (QUAESTOR_ARTIFACT_STORE_...) as to the service, or the options of each command.
    """
